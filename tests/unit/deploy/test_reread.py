"""`wetink reread` finds the documents by their flags, and asks intake's database to have them read again."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert, select

from services.intake import tables as intake
from services.notifier import tables as notifier
from wetink.cli.__main__ import main
from wetink.contracts.events import DocumentReceived
from wetink.database import open_database
from wetink.settings import SharedSettings
from wetink.stream.outbox import announce
from wetink.stream.tables import outbox, stream_metadata

NOW = datetime(2026, 3, 5, tzinfo=UTC)
OURS = {"organisation_id": "org_1", "case_id": "case_1"}


def flag(number: int, document: str, status: str, code: str = "edition_unknown") -> dict[str, object]:
    names = {"flag_id": f"flag_{number}", "identity": f"identity_{number}", "document_id": document}
    ranks = {"severity": "high", "severity_rank": 1, "due_on": date.max, "has_own_due_day": False}
    return {
        **OURS,
        **names,
        **ranks,
        "code": code,
        "status": status,
        "version": 1,
        "opened_at": NOW,
        "sealed": b"",
    }


def document(number: int) -> dict[str, object]:
    told = {"document_id": f"doc_{number}", "number": number, "sha256": str(number), "status": "reviewed"}
    return {**OURS, **told, "files": 1, "sealed_filename": b"", "size_bytes": 1, "received_at": NOW}


@pytest.fixture
def database(tmp_path, monkeypatch):
    """Intake's database with three documents, of which two have a flag, one of them settled."""
    monkeypatch.setenv("WETINK_DATA", str(tmp_path))
    settings = SharedSettings()
    queue, database = open_database(settings, "notifier"), open_database(settings, "intake")
    with queue.transaction() as transaction:
        notifier.metadata.create_all(transaction)
        settled = [flag(2, "doc_2", "dismissed"), flag(3, "doc_3", "open", "date_missing")]
        transaction.execute(insert(notifier.flags), [flag(1, "doc_1", "open"), *settled])
    queue.close()
    with database.transaction() as transaction:
        intake.metadata.create_all(transaction)
        stream_metadata.create_all(transaction)
        case = {"access_key_id": "key_1", "version": 1, "record_blob": "x", "opened_at": NOW, "last_number": 3}
        transaction.execute(insert(intake.cases).values(**OURS, **case))
        for number in (1, 2, 3):
            row = document(number)
            transaction.execute(insert(intake.documents).values(**row))
            announce(transaction, [received(number)], cause_id="upload", process="intake", now=NOW)
    yield database
    database.close()


def received(number: int) -> DocumentReceived:
    about = {"document_id": f"doc_{number}", "document_number": number, "blob": "x", "size_bytes": 1}
    return DocumentReceived(**OURS, **about, occurred_at=NOW, received_on="2026-03-05")


def test_documents_with_an_unsettled_flag_are_read_again(database, capsys):
    assert main(["reread", "--code", "edition_unknown"]) == 0
    assert capsys.readouterr().out.splitlines() == ["1 documents are read again"]
    with database.reading() as view:
        values = view.scalars(select(outbox.c.value).order_by(outbox.c.sequence)).all()
    told = [DocumentReceived.model_validate_json(value) for value in values[3:]]
    assert [(one.document_id, one.is_reread) for one in told] == [
        ("doc_1", True),
        ("doc_2", False),
        ("doc_3", False),
    ]


def test_nothing_is_read_again_for_a_code_that_no_flag_has(database, capsys):
    assert main(["reread", "--code", "page_missing"]) == 0
    assert capsys.readouterr().out.splitlines() == ["0 documents are read again"]
