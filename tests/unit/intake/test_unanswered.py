"""What intake announces again: documents on their way, records nobody judged by, deletions that are not done."""

from sqlalchemy import select

from services.intake.deletion import SERVICES, finish_deletions, forgotten_handler
from services.intake.status import handlers
from services.intake.unanswered import unanswered
from tests.support.intake import PDF
from wetink.contracts.events import CaseForgotten, DocumentFlagged, DocumentOpened, DocumentState, PageRead
from wetink.stream.tables import outbox

HANDLERS = {handler.event_type: handler for handler in (*handlers(), forgotten_handler())}


def topics(intake):
    """The topics of what is unanswered; each is a row of the outbox."""
    with intake.database.reading() as view:
        ids = set(unanswered(view))
        rows = view.execute(select(outbox.c.topic).where(outbox.c.event_id.in_(ids))).scalars().all()
    assert len(rows) == len(ids)
    return sorted(rows)


def happened(intake, *events):
    for event in events:
        with intake.database.transaction() as transaction:
            HANDLERS[type(event)].handle(event, None, transaction)


async def opened_case(caller):
    return (await caller.post("/v1/cases", json={"reference": "x"})).json()["id"]


def reviewed(intake, case, version=1, revision=1, pages=1):
    """All that the others say of the case's one document until it is final."""
    told = intake.events("document.received")[0]
    about = {name: told[name] for name in ("organisation_id", "occurred_at", "document_id", "document_number")}
    whose = {"organisation_id": intake.ours, "case_id": case, "occurred_at": intake.clock.now()}
    state = DocumentState(document_id=told["document_id"], document_number=1, status="reviewed")
    return [
        DocumentOpened(**about, case_id=case, outcome="read", pages_total=2, received_on="2026-11-25"),
        *(PageRead(**about, case_id=case, outcome="read", page_number=number) for number in range(1, pages + 1)),
        DocumentFlagged(**whose, case_revision=revision, case_version=version, documents=[state]),
    ]


async def test_a_document_without_a_final_status_is_announced_again_with_its_cases_record(intake):
    async with intake.browser(intake.key()) as caller:
        case = await opened_case(caller)
        await caller.post(f"/v1/cases/{case}/documents", content=PDF)
    assert topics(intake) == ["case.changed", "document.received"]
    happened(intake, *reviewed(intake, case, pages=2))
    assert topics(intake) == []


async def test_a_final_document_with_pages_that_nobody_told_of_is_announced_again(intake):
    async with intake.browser(intake.key()) as caller:
        case = await opened_case(caller)
        await caller.post(f"/v1/cases/{case}/documents", content=PDF)
    happened(intake, *reviewed(intake, case, pages=1))
    assert topics(intake) == ["case.changed", "document.received"]


async def test_a_record_that_nobody_judged_by_is_announced_again(intake):
    async with intake.browser(intake.key()) as caller:
        case = await opened_case(caller)
        await caller.post(f"/v1/cases/{case}/documents", content=PDF)
        happened(intake, *reviewed(intake, case, pages=2))
        await caller.patch(f"/v1/cases/{case}", json={"due_on": "2026-12-24"})
    assert topics(intake) == ["case.changed"]
    happened(intake, *reviewed(intake, case, version=2, revision=2)[-1:])
    assert topics(intake) == []


async def test_a_case_without_documents_waits_for_its_first_one(intake):
    async with intake.browser(intake.key()) as caller:
        await opened_case(caller)
    assert topics(intake) == []


async def test_a_deletion_is_announced_again_until_every_service_has_forgotten(intake):
    async with intake.browser(intake.key("admin")) as caller:
        case = await opened_case(caller)
        await caller.delete(f"/v1/cases/{case}")
    whose = {"organisation_id": intake.ours, "case_id": case, "occurred_at": intake.clock.now()}
    for service in sorted(SERVICES):
        assert topics(intake) == ["case.deleted"]
        happened(intake, CaseForgotten(**whose, service=service))
    finish_deletions(intake.ports)
    assert topics(intake) == []
