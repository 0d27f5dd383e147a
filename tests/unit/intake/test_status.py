"""A document's status: from the others' events, in whatever order they come."""

import itertools
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from services.intake.in_flight import InFlight, in_flight, in_flight_gauges
from services.intake.status import handlers
from tests.support.intake import PDF
from wetink.contracts.events import DocumentFlagged, DocumentOpened, DocumentState, Event, PageRead

HANDLERS = {handler.event_type: handler for handler in handlers()}


@pytest.fixture
async def document(intake):
    async with intake.browser(intake.key()) as caller:
        case = (await caller.post("/v1/cases", json={"reference": "x"})).json()
        yield {"caller": caller, "url": f"/v1/cases/{case['id']}/documents"} | (
            await caller.post(f"/v1/cases/{case['id']}/documents", content=PDF)
        ).json()


def happened(intake, *events: Event):
    for event in events:
        handler = HANDLERS[type(event)]
        result = handler.prepare(event, None)
        with intake.database.transaction() as transaction:
            assert list(handler.handle(event, result, transaction)) == []


def about(intake, document, number=1):
    return {
        "organisation_id": intake.ours,
        "case_id": document["case_id"],
        "occurred_at": intake.clock.now(),
        "document_id": document["id"],
        "document_number": number,
    }


def opened(intake, document, number=1):
    return DocumentOpened(
        **about(intake, document, number), outcome="read", pages_total=2, received_on="2026-11-25"
    )


def page(intake, document, page_number, number=1):
    return PageRead(**about(intake, document, number), outcome="read", page_number=page_number)


def flagged(intake, document, revision, status, number=1, **state: bool):
    told = DocumentState(document_id=document["id"], document_number=number, status=status, **state)
    fields = {key: value for key, value in about(intake, document).items() if not key.startswith("document_")}
    return DocumentFlagged(**fields, case_revision=revision, documents=[told])


async def look(document):
    answer = (await document["caller"].get(f"/v1/documents/{document['id']}")).json()
    return answer["status"], answer["pages"]["total"], answer["pages"]["read"]


async def test_a_document_is_read_page_by_page_and_then_reviewed(intake, document):
    assert await look(document) == ("received", None, 0)
    happened(intake, opened(intake, document))
    assert await look(document) == ("reading", 2, 0)
    happened(intake, page(intake, document, 1))
    assert await look(document) == ("reading", 2, 1)
    happened(intake, flagged(intake, document, 1, "reading"), page(intake, document, 2))
    assert await look(document) == ("reading", 2, 2), "only a final judgement ends it"
    happened(intake, flagged(intake, document, 2, "reviewed"))
    assert await look(document) == ("reviewed", 2, 2)


async def test_any_order_of_events_ends_the_same(intake, document):
    events = [
        opened(intake, document),
        page(intake, document, 1),
        page(intake, document, 2),
        flagged(intake, document, 3, "reviewed"),
    ]
    for order in itertools.permutations(events):
        with intake.database.transaction() as transaction:
            transaction.exec_driver_sql(
                "UPDATE documents SET status='received', pages_total=NULL, pages_read=0, case_revision=0"
            )
        happened(intake, *order)
        assert await look(document) == ("reviewed", 2, 2)


async def test_an_older_judgement_changes_nothing(intake, document):
    happened(
        intake,
        flagged(intake, document, 5, "unreadable"),
        flagged(intake, document, 4, "reviewed"),
        flagged(intake, document, 6, "reading"),
    )
    assert (await look(document))[0] == "unreadable"


async def test_events_of_an_older_upload_of_the_same_bytes_change_nothing(intake, document):
    happened(intake, flagged(intake, document, 1, "unreadable"))
    await document["caller"].post(document["url"], content=PDF)
    happened(intake, opened(intake, document), page(intake, document, 1), flagged(intake, document, 2, "reviewed"))
    assert await look(document) == ("received", None, 0)
    happened(intake, opened(intake, document, 2), flagged(intake, document, 3, "reviewed", 2))
    assert await look(document) == ("reviewed", 2, 0)


async def test_what_a_judgement_calls_superseded_becomes_current_when_it_comes_again(intake, document):
    happened(intake, flagged(intake, document, 1, "reviewed", is_superseded=True))
    again = (await document["caller"].post(document["url"], content=PDF)).json()
    assert again["status"] == "received"
    assert [event["document_number"] for event in intake.events("document.received")] == [1, 2]


async def test_a_page_that_is_read_after_all_counts_once(intake, document):
    lost = page(intake, document, 1).model_copy(update={"outcome": "unreadable"})
    again = page(intake, document, 1).model_copy(update={"is_reread": True})
    happened(intake, opened(intake, document), lost, page(intake, document, 2), again)
    assert (await look(document))[2] == 2


async def test_a_document_that_is_opened_after_all_keeps_its_pages_in_whatever_order_that_is_told(
    intake, document
):
    lost = opened(intake, document).model_copy(update={"outcome": "unreadable", "pages_total": 0})
    for events in ([lost, opened(intake, document)], [lost]):
        happened(intake, *events)
        assert (await look(document))[1] == 2


async def test_a_dead_letter_leaves_the_status_as_it_is(intake, document):
    event = opened(intake, document)
    with intake.database.transaction() as transaction:
        assert list(HANDLERS[DocumentOpened].give_up(event, "bug", transaction)) == []
    assert (await look(document))[0] == "received"


def stages(intake):
    with intake.database.reading() as view:
        return [(one.stage, one.age) for one in in_flight(view, intake.clock.now())]


def observed():
    names = ("wetink_flag_seconds_count", "wetink_flag_seconds_sum")
    return [REGISTRY.get_sample_value(name) for name in names]


async def test_a_document_goes_through_the_stages_and_is_gone_when_it_is_final(intake, document):
    assert stages(intake) == [("received", "1m")]
    happened(intake, opened(intake, document))
    assert stages(intake) == [("reading", "1m")]
    happened(intake, page(intake, document, 1), page(intake, document, 2))
    assert stages(intake) == [("judging", "1m")]
    happened(intake, flagged(intake, document, 1, "reviewed"))
    assert stages(intake) == []


async def test_its_age_counts_from_its_upload(intake, document):
    intake.clock.moment += timedelta(minutes=20)
    assert stages(intake) == [("received", "1h")]


@pytest.mark.parametrize(
    ("seconds", "age"), [(0, "1m"), (59, "1m"), (60, "10m"), (600, "1h"), (3600, "more"), (10**7, "more")]
)
def test_classes_of_age(seconds, age):
    assert InFlight("reading", seconds).age == age


async def test_every_stage_and_age_is_told_also_without_a_document(intake, document):
    (family,) = in_flight_gauges(intake.database, intake.clock)
    told = {(one.labels["stage"], one.labels["age"]): one.value for one in family.samples}
    assert len(told) == 12
    assert told["received", "1m"] == 1
    assert sum(told.values()) == 1


async def test_the_time_to_the_flags_is_counted_once_and_from_the_last_time_it_was_sent(intake, document):
    count, total = observed()
    intake.clock.moment += timedelta(seconds=3)
    happened(intake, flagged(intake, document, 1, "reading"))
    assert observed() == [count, total]
    happened(intake, flagged(intake, document, 2, "unreadable"))
    happened(intake, flagged(intake, document, 3, "unreadable"))
    assert observed() == [count + 1, total + 3]
    intake.clock.moment += timedelta(days=1)
    await document["caller"].post(document["url"], content=PDF)
    assert stages(intake) == [("received", "1m")]
    intake.clock.moment += timedelta(seconds=2)
    happened(intake, flagged(intake, document, 4, "reviewed", number=2))
    assert observed() == [count + 2, total + 5]
