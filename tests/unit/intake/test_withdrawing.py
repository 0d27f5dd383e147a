"""A document taken out of its case: gone at once, named in the record, its blobs removed when that was judged."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from services.intake import withdrawing
from services.intake.status import handlers
from services.intake.tables import cases, documents, withdrawals
from services.intake.unanswered import unanswered
from services.intake.uploads import registering
from services.intake.withdrawing import remove_withdrawn
from tests.support.intake import JPEG, PDF
from wetink.blobs.port import BlobRef
from wetink.contracts.case_record import CaseRecord
from wetink.contracts.events import CaseChanged, DocumentFlagged, DocumentOpened
from wetink.errors import RetryError


@pytest.fixture
async def manager(intake):
    async with intake.browser(intake.key("manager")) as manager:
        yield manager


async def new_case(manager):
    return (await manager.post("/v1/cases", json={"reference": "x"})).json()["id"]


async def sent(manager, case_id, *contents):
    files = [("file", (f"{number}.pdf", content)) for number, content in enumerate(contents or (PDF,))]
    return (await manager.post(f"/v1/cases/{case_id}/documents", files=files)).json()


def record(intake, case_id):
    newest = intake.events("case.changed")[-1]
    assert newest["case_id"] == case_id
    blob = intake.blobs.get(BlobRef(intake.ours, case_id, newest["record_blob"]))
    return CaseRecord.model_validate_json(blob)


def judged(intake, case_id, version):
    """The case was judged by that version of its record, and the flags are in the queue."""
    told = DocumentFlagged(
        organisation_id=intake.ours,
        case_id=case_id,
        occurred_at=intake.clock.now(),
        case_revision=version,
        case_version=version,
        documents=[],
    )
    happened(intake, told)


def happened(intake, event):
    (handler,) = [one for one in handlers() if one.event_type is type(event)]
    with intake.database.transaction() as transaction:
        handler.handle(event, None, transaction)


def blobs_of(intake, document):
    return [ref.name for ref in intake.blobs.contents if document["id"] in ref.name]


def end(intake, document):
    with intake.database.transaction() as transaction:
        values = {"status": "reviewed", "pages_total": 2}
        transaction.execute(update(documents).where(documents.c.document_id == document["id"]).values(values))


async def test_a_deleted_document_is_gone_and_the_record_says_so(intake, manager):
    case_id = await new_case(manager)
    document = await sent(manager, case_id)
    answer = await manager.delete(f"/v1/documents/{document['id']}")
    assert (answer.status_code, answer.json()) == (202, {"id": document["id"]})
    assert (await manager.get(f"/v1/documents/{document['id']}")).status_code == 404
    assert (await manager.delete(f"/v1/documents/{document['id']}")).status_code == 404
    assert record(intake, case_id).withdrawn == [document["id"]]
    assert record(intake, case_id).case_version == 2


async def test_its_blobs_go_when_the_case_was_judged_without_it(intake, manager):
    case_id = await new_case(manager)
    document, other = await sent(manager, case_id, PDF, JPEG), await sent(manager, case_id, JPEG + b"!")
    for name in ("page-1", "reading-2", "text-1", "picture-2"):
        intake.blobs.put(BlobRef(intake.ours, case_id, f"documents/{document['id']}/{name}"), b"x")
    end(intake, document)
    await manager.delete(f"/v1/documents/{document['id']}")
    remove_withdrawn(intake.ports)
    judged(intake, case_id, 1)
    remove_withdrawn(intake.ports)
    assert len(blobs_of(intake, document)) == 6
    judged(intake, case_id, 2)
    remove_withdrawn(intake.ports)
    assert blobs_of(intake, document) == []
    assert len(blobs_of(intake, other)) == 1
    with intake.database.reading() as connection:
        assert connection.execute(select(withdrawals)).all() == []


async def test_blobs_of_a_document_that_is_being_read_stay_for_a_day(intake, manager):
    case_id = await new_case(manager)
    document = await sent(manager, case_id)
    await manager.delete(f"/v1/documents/{document['id']}")
    judged(intake, case_id, 2)
    remove_withdrawn(intake.ports)
    assert blobs_of(intake, document)
    intake.clock.moment += timedelta(days=1)
    remove_withdrawn(intake.ports)
    assert blobs_of(intake, document) == []


async def test_the_same_bytes_are_a_new_document_afterwards(intake, manager):
    case_id = await new_case(manager)
    first = await sent(manager, case_id)
    await manager.delete(f"/v1/documents/{first['id']}")
    again = await sent(manager, case_id)
    assert again["id"] != first["id"]
    assert again["duplicate_of"] is None


async def test_a_moved_document_is_a_new_one_of_the_other_case_with_the_same_files(intake, manager):
    here, there = await new_case(manager), await new_case(manager)
    document = await sent(manager, here, PDF, JPEG)
    first_came = intake.events("document.received")[-1]["received_on"]
    intake.clock.moment += timedelta(days=3)
    answer = await manager.post(f"/v1/documents/{document['id']}/move", json={"case_id": there})
    moved = answer.json()
    assert answer.status_code == 202
    assert answer.headers["Location"] == f"/v1/documents/{moved['id']}"
    assert moved["case_id"] == there
    same = ("filename", "sha256", "size_bytes", "received_at")
    assert {name: moved[name] for name in same} == {name: document[name] for name in same}
    assert (await manager.get(f"/v1/documents/{document['id']}")).status_code == 404
    event = intake.events("document.received")[-1]
    assert (event["case_id"], event["document_id"], len(event["parts"])) == (there, moved["id"], 1)
    assert event["received_on"] == first_came, "it is judged by the day on which it came"
    for number, content in ((1, PDF), (2, JPEG)):
        assert (
            intake.blobs.get(BlobRef(intake.ours, there, f"documents/{moved['id']}/original-{number}")) == content
        )
    assert record(intake, here).withdrawn == [document["id"]]


async def test_who_sent_a_document_still_sees_it_when_it_was_moved_but_not_the_case(intake, manager):
    there = await new_case(manager)
    async with intake.browser(intake.key()) as client:
        document = await sent(client, await new_case(client))
        moved = (await manager.post(f"/v1/documents/{document['id']}/move", json={"case_id": there})).json()
        assert (await client.get(f"/v1/documents/{moved['id']}")).status_code == 200
        assert (await client.get(f"/v1/cases/{there}")).status_code == 404


async def test_a_document_is_not_moved_into_its_own_case_nor_anywhere_unknown(intake, manager):
    case_id = await new_case(manager)
    document = await sent(manager, case_id)
    path = f"/v1/documents/{document['id']}/move"
    assert (await manager.post(path, json={"case_id": case_id})).status_code == 409
    assert (await manager.post(path, json={"case_id": "case_unknown"})).status_code == 404
    assert (await manager.get(f"/v1/documents/{document['id']}")).status_code == 200


async def test_deleting_the_case_forgets_its_withdrawals(intake, manager):
    case_id = await new_case(manager)
    document = await sent(manager, case_id)
    await manager.delete(f"/v1/documents/{document['id']}")
    async with intake.browser(intake.key("admin")) as admin:
        assert (await admin.delete(f"/v1/cases/{case_id}")).status_code == 202
    remove_withdrawn(intake.ports)
    with intake.database.reading() as connection:
        assert connection.execute(select(withdrawals)).all() == []
        assert connection.execute(select(cases)).all() == []


async def test_nothing_of_a_case_on_legal_hold_is_taken_out(intake, manager):
    case_id, other = await new_case(manager), await new_case(manager)
    document = await sent(manager, case_id)
    intake.keystore.hold_case(case_id, is_held=True)
    refused = await manager.delete(f"/v1/documents/{document['id']}")
    assert (refused.status_code, refused.json()["title"]) == (409, "The case is on legal hold")
    refused = await manager.post(f"/v1/documents/{document['id']}/move", json={"case_id": other})
    assert refused.status_code == 409
    assert (await manager.get(f"/v1/documents/{document['id']}")).status_code == 200
    assert len(intake.events("document.received")) == 1


async def test_record_and_row_change_together_or_not_at_all(intake, manager, monkeypatch):
    case_id = await new_case(manager)
    document = await sent(manager, case_id)

    def fail(*_arguments: object) -> None:
        raise RetryError("no room on the disk")

    monkeypatch.setattr(withdrawing, "note", fail)
    assert (await manager.delete(f"/v1/documents/{document['id']}")).status_code == 503
    assert record(intake, case_id).withdrawn == []
    assert (await manager.get(f"/v1/documents/{document['id']}")).status_code == 200


async def test_pages_that_are_cut_after_the_withdrawal_are_removed_too(intake, manager):
    case_id = await new_case(manager)
    document = await sent(manager, case_id)
    received = intake.events("document.received")[-1]
    await manager.delete(f"/v1/documents/{document['id']}")
    about = {name: received[name] for name in ("organisation_id", "occurred_at", "document_id", "document_number")}
    happened(
        intake,
        DocumentOpened(**about, case_id=case_id, outcome="read", pages_total=2, received_on="2026-11-25"),
    )
    intake.blobs.put(BlobRef(intake.ours, case_id, f"documents/{document['id']}/page-2"), b"x")
    judged(intake, case_id, 2)
    intake.clock.moment += timedelta(days=1)
    remove_withdrawn(intake.ports)
    assert blobs_of(intake, document) == []


async def test_the_withdrawal_of_the_last_document_is_announced_until_the_case_was_judged_without_it(
    intake, manager
):
    case_id = await new_case(manager)
    document = await sent(manager, case_id)
    judged(intake, case_id, 1)
    await manager.delete(f"/v1/documents/{document['id']}")
    with intake.database.reading() as view:
        assert set(unanswered(view)) == {CaseChanged.id_of(case_id, 2)}
    judged(intake, case_id, 2)
    with intake.database.reading() as view:
        assert set(unanswered(view)) == set()


async def test_bytes_whose_first_copy_is_taken_out_at_the_same_moment_are_to_be_sent_again(
    intake, manager, monkeypatch
):
    monkeypatch.setattr(registering, "_is_needed", lambda *_: False)  # the copy was there when it looked
    case_id = await new_case(manager)
    answer = await manager.post(f"/v1/cases/{case_id}/documents", content=PDF)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    monkeypatch.undo()
    assert (await manager.post(f"/v1/cases/{case_id}/documents", content=PDF)).status_code == 202
