"""A notifier in memory: fake ports, its application, and judgements given to it as the stream would."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import httpx
from sqlalchemy import Table, select

from services.notifier import judging
from services.notifier.app import notifier_app
from services.notifier.cases import case_handlers
from services.notifier.ports import Ports
from services.notifier.tables import metadata
from services.notifier.webhooks.addresses import Network
from tests.support.calling import caller
from wetink.blobs.fake import FakeBlobs
from wetink.blobs.names import case_record, judgement
from wetink.blobs.port import BlobRef
from wetink.clock import FakeClock
from wetink.contracts.case_record import CaseDetails, CaseRecord
from wetink.contracts.events import CaseChanged, CaseDeleted, DocumentReviewed, DocumentState, Event
from wetink.contracts.judgement import ChecklistLine, Finding, Judgement, Rule
from wetink.database.fake import memory_database
from wetink.database.port import Database
from wetink.http.limits import Limits
from wetink.keystore.fake import FakeKeyStore
from wetink.keystore.port import AccessRole
from wetink.stream.tables import stream_metadata

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
REVIEWED = DocumentState(document_id="doc_1", document_number=1, status="reviewed")


def finding(code: str = "signature_missing", **changed: object) -> Finding:
    """A finding on page 4 of a form; every field can be changed."""
    usual: dict[str, Any] = {
        "code": code,
        "severity": "critical",
        "title": "Applicant's signature is missing",
        "expected": "A handwritten signature",
        "found": "An empty box",
        "form": "I-765",
        "form_copy": "copy_1",
        "edition": "2025-08-21",
        "form_page": 4,
        "document_id": "doc_1",
        "document_page": 4,
        "slot": "part-3.item-7.a.signature",
        "party": "applicant",
        "rule": Rule(id="signature_missing.us", citation="8 CFR 103.2(a)(2)", as_of=date(2026, 1, 2)),
        "evidence": "documents/doc_1/slot-4-sig",
    }
    return Finding.model_validate(usual | changed)


class House:
    """One organisation with a case, and a client for each role. `database` may be a real one."""

    def __init__(
        self,
        database: Database | None = None,
        allowed: Sequence[Network] = (),
        queue_url: str = "https://queue.example",
        limits: Limits | None = None,
        is_stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self.clock = FakeClock(NOW)
        self.keystore = FakeKeyStore(self.clock)
        self.blobs = FakeBlobs(self.keystore)
        self.database = database or memory_database(metadata, stream_metadata)
        self.ports = Ports(self.database, self.blobs, self.keystore, self.clock, queue_url)
        self.app = notifier_app(self.ports, webhook_allow=allowed, limits=limits, is_stopping=is_stopping)
        self.organisation_id = self.keystore.create_organisation("Clinic", "UTC").id
        self.records: dict[str, str] = {}
        self.open_case("case_1")

    def key(self, role: AccessRole = "manager", organisation_id: str | None = None) -> str:
        """A new key's secret."""
        return self.keystore.create_access_key(organisation_id or self.organisation_id, role)[0]

    def client(self, role: AccessRole = "manager", organisation_id: str | None = None) -> httpx.Client:
        """A caller with a key of that role."""
        key = self.key(role, organisation_id)
        return caller(self.app, headers={"Authorization": f"Bearer {key}"})

    def open_case(self, case_id: str, version: int = 1, **details: object) -> CaseChanged:
        """Write a version of the case's record, as intake does; returns the event that tells of it."""
        self.keystore.create_case_key(self.organisation_id, case_id)
        record = CaseRecord(
            organisation_id=self.organisation_id,
            case_id=case_id,
            case_version=version,
            details=CaseDetails.model_validate({"reference": f"Reference of {case_id}"} | details),
            opened_at=NOW,
        )
        ref = BlobRef(self.organisation_id, case_id, case_record(version))
        self.records[case_id] = ref.name
        self.blobs.put(ref, record.model_dump_json().encode())
        return CaseChanged(
            organisation_id=self.organisation_id,
            case_id=case_id,
            occurred_at=NOW,
            case_version=version,
            record_blob=ref.name,
        )

    def judge(self, *findings: Finding, **said: Any) -> list[Event]:
        """Give the notifier a judgement; returns the events that follow."""
        event = self.judgement(*findings, **said)
        judged = judging.prepare(event, self.ports)
        with self.database.transaction() as transaction:
            return list(judging.apply(event, judged, transaction, self.ports))

    def judgement(
        self,
        *findings: Finding,
        revision: int = 1,
        case_id: str = "case_1",
        documents: Sequence[DocumentState] = (REVIEWED,),
        in_flight: int = 0,
        checklist: Sequence[ChecklistLine] = (),
    ) -> DocumentReviewed:
        """Store a judgement without giving it to the notifier."""
        said = Judgement(
            organisation_id=self.organisation_id,
            case_id=case_id,
            case_revision=revision,
            findings=list(findings),
            filing="naturalisation" if checklist else None,
            checklist=list(checklist),
            documents=list(documents),
            documents_in_flight=in_flight,
            record_blob=self.records[case_id],
        )
        ref = BlobRef(self.organisation_id, case_id, judgement(revision))
        self.blobs.put(ref, said.model_dump_json().encode())
        return DocumentReviewed(
            organisation_id=self.organisation_id,
            case_id=case_id,
            occurred_at=NOW,
            case_revision=revision,
            judgement_blob=ref.name,
            documents=list(documents),
        )

    def handle_case(self, event: CaseChanged | CaseDeleted) -> None:
        """Give the notifier an event about a case."""
        handler = next(one for one in case_handlers(self.ports) if one.event_type is type(event))
        result = handler.prepare(event, self.ports)
        with self.database.transaction() as transaction:
            handler.handle(event, result, transaction)

    def rows(self, table: Table) -> list[Any]:
        """All rows of a table."""
        with self.database.reading() as connection:
            return list(connection.execute(select(table)).all())

    def everything(self) -> dict[str, list[Any]]:
        """All rows of all tables, to see whether any changed."""
        return {table.name: self.rows(table) for table in metadata.sorted_tables}

    def flag(self, index: int = 0) -> dict[str, Any]:
        """The flag at that place of the whole queue."""
        flag: dict[str, Any] = self.client().get("/v1/flags?status=all").json()["items"][index]
        return flag
