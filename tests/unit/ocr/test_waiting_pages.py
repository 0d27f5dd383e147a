"""Pages that wait: how many in each lane, and for how long the oldest."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from services.ocr.tables import metadata, pages
from services.ocr.waiting_pages import WaitingPages, waiting_gauges, waiting_pages
from tests.support.stream import NOON
from wetink.clock import FakeClock
from wetink.contracts.events import PageRequested
from wetink.database.fake import memory_database
from wetink.stream.outbox import announce
from wetink.stream.tables import inbox, stream_metadata


@pytest.fixture
def database():
    memory = memory_database(metadata, stream_metadata)
    yield memory
    memory.close()


def page(number, state, text_state="waiting"):
    return {
        "document_id": "doc_1",
        "page_number": number,
        "case_id": "case_1",
        "has_blob": True,
        "state": state,
        "text_state": text_state,
    }


def request(number):
    return PageRequested(
        organisation_id="org_1",
        case_id="case_1",
        occurred_at=NOON,
        document_id="doc_1",
        document_number=1,
        page_number=number,
        page_blob="pages/1",
    )


def put(database, rows, *requests):
    """Write pages and their requests; the first page was asked for a minute ago, the next ten seconds later."""
    with database.transaction() as transaction:
        transaction.execute(insert(pages), rows)
        for number, event in enumerate(requests):
            at = NOON + timedelta(seconds=10 * number)
            announce(transaction, [event], cause_id="cause", process="ocr-1", now=at)


def handle(database, event):
    row = {"event_id": event.id, "topic": event.topic, "case_id": event.case_id, "handled_at": NOON}
    with database.transaction() as transaction:
        transaction.execute(insert(inbox), [row])


def look(database):
    with database.reading() as view:
        return waiting_pages(view, NOON + timedelta(seconds=60))


def test_without_pages_nothing_waits(database):
    assert look(database) == [WaitingPages("pages", 0, 0), WaitingPages("text", 0, 0)]


def test_the_oldest_page_is_the_one_asked_for_longest_ago_and_not_read(database):
    first, second = request(1), request(2)
    put(database, [page(1, "requested"), page(2, "requested"), page(3, "waiting")], first, second)
    assert look(database)[0] == WaitingPages("pages", 3, 60)
    handle(database, first)
    assert look(database)[0].oldest_s == 50


def test_pages_that_are_read_wait_no_more(database):
    put(database, [page(1, "done", "done"), page(2, "done", "requested")], request(1))
    assert look(database) == [WaitingPages("pages", 0, 0), WaitingPages("text", 1, 0)]


def test_the_gauges_tell_both_lanes(database):
    put(database, [page(1, "requested")], request(1))
    number, oldest = waiting_gauges(database, FakeClock(NOON))
    assert [one.labels["lane"] for one in number.samples] == ["pages", "text"]
    assert number.samples[0].value == 1
    assert oldest.name == "wetink_oldest_waiting_page_seconds"
