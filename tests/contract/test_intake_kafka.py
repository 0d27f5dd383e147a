"""Intake on a real broker: what is uploaded is published, what the others say becomes the document's status."""

from datetime import UTC, datetime

import pytest

from tests.support.eventually import eventually
from tests.support.intake import PDF
from tests.support.intake_process import intake_process
from tests.support.stream_process import send, values
from wetink.contracts.events import DocumentFlagged, DocumentOpened, DocumentReceived, DocumentState

pytestmark = pytest.mark.kafka


def test_an_upload_is_published_and_its_status_follows_the_events(kafka, tmp_path):
    with intake_process(tmp_path, KAFKA_BOOTSTRAP=kafka.bootstrap) as intake, intake.caller() as caller:
        eventually(lambda: caller.get("/readyz").status_code == 200, timeout_s=40, what="readiness")
        case_id = caller.post("/v1/cases", json={"reference": "x"}).json()["id"]
        document = caller.post(f"/v1/cases/{case_id}/documents", content=PDF).json()

        def received():
            published = values(kafka.bootstrap, "document.received")
            return next((event for event in published if document["id"] in event), None)

        event = DocumentReceived.model_validate_json(eventually(received, timeout_s=20, what="publication"))
        about = {"organisation_id": event.organisation_id, "case_id": case_id, "occurred_at": datetime.now(UTC)}
        opened = DocumentOpened(
            **about,
            document_id=event.document_id,
            document_number=event.document_number,
            outcome="read",
            pages_total=1,
            received_on=event.received_on,
        )
        state = DocumentState(
            document_id=event.document_id, document_number=event.document_number, status="reviewed"
        )

        def stands(status):
            return caller.get(f"/v1/documents/{document['id']}").json()["status"] == status

        send(kafka.bootstrap, opened)
        eventually(lambda: stands("reading"), timeout_s=20, what="the reading")
        send(kafka.bootstrap, DocumentFlagged(**about, case_revision=1, documents=[state]))
        eventually(lambda: stands("reviewed"), timeout_s=20, what="the review")
