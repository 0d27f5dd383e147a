"""What was given up and is tried again: it is read after all, and told as such."""

import pytest

from services.ocr.handlers import PAGE_HANDLERS, TEXT_HANDLERS
from tests.support.ocr_bench import OcrBench
from tests.support.stream import FakePublisher, delivery
from wetink.clock import FakeClock
from wetink.contracts.events import (
    CaseDeleted,
    DocumentCutRequested,
    DocumentOpened,
    PageRead,
    PageRequested,
    TextRead,
    TextRequested,
)
from wetink.settings import SharedSettings
from wetink.stream.busy import Busy
from wetink.stream.failures import replay
from wetink.stream.processor import Processor
from wetink.stream.tables import dead_letter, outbox


@pytest.fixture
def bench():
    return OcrBench()


def told(events):
    return [(type(event), event.outcome) for event in events if hasattr(event, "outcome")]


def one(events, kind):
    return next(event for event in events if isinstance(event, kind))


def test_a_page_is_read_after_all_and_counts_as_the_same_page(bench):
    request = one(bench.handle(bench.upload("known")), PageRequested)
    lost = one(bench.give_up(request), PageRead)
    read = one(bench.handle(request), PageRead)
    assert (read.outcome, read.reading_blob is not None, read.is_reread) == ("read", True, True)
    assert (lost.is_reread, lost.id == read.id) == (False, False)
    assert bench.handle(request) == [], "once"


def test_a_page_that_is_given_up_again_says_nothing_new(bench):
    request = one(bench.handle(bench.upload("known")), PageRequested)
    assert one(bench.give_up(request), PageRead).id == one(bench.give_up(request), PageRead).id


def test_a_page_that_was_read_meanwhile_is_left_alone(bench):
    request = one(bench.handle(bench.upload("known")), PageRequested)
    bench.give_up(request)
    bench.run(bench.upload("known", number=2))
    assert bench.handle(request) == []


def test_a_text_is_read_after_all(bench):
    requests = bench.handle(one(bench.handle(bench.upload("unknown")), PageRequested))
    request = one(requests, TextRequested)
    lost, read = one(bench.give_up(request), TextRead), one(bench.handle(request), TextRead)
    assert read.text_blob
    assert lost.id != read.id


def test_a_document_is_opened_after_all_with_its_pages(bench):
    upload = bench.upload("known unknown")
    (lost,) = bench.give_up(upload)
    bench.run(upload)
    opened = bench.heard(DocumentOpened)[-1]
    assert (opened.outcome, opened.pages_total) == ("read", 2)
    assert opened.id != lost.id
    assert told(bench.heard(PageRead)) == [(PageRead, "read")] * 2
    assert bench.handle(upload) == [], "once"


def test_a_chunk_is_cut_after_all_and_its_pages_count_as_the_same_pages(bench):
    requests = [bench.upload("known " * 40)]
    while not any(isinstance(event, DocumentCutRequested) for event in requests):
        requests += bench.handle(requests.pop(0))
        requests = [event for event in requests if isinstance(event, PageRequested | DocumentCutRequested)]
    cut = one(requests, DocumentCutRequested)
    lost = [event for event in bench.give_up(cut) if isinstance(event, PageRead)]
    bench.run(*(event for event in requests if isinstance(event, PageRequested)))
    assert [event.page_number for event in lost] == list(range(33, 41))
    bench.said.clear()
    bench.run(cut)
    assert {(event.page_number, event.outcome, event.is_reread) for event in bench.heard(PageRead)} == {
        (number, "read", True) for number in range(33, 41)
    }
    assert bench.handle(cut) == [], "once"


def test_a_document_is_read_again_when_its_announcement_asks_for_that(bench):
    bench.run(bench.upload("known unknown damaged"))
    bench.said.clear()
    jobs = len(bench.sandbox.jobs)
    bench.run(bench.upload("known unknown damaged", number=2).model_copy(update={"is_reread": True}))
    assert sorted(bench.sandbox.jobs[jobs:]) == [("read", 1), ("read", 2)], "cut and texts are as they were"
    ends = {(event.page_number, event.document_number, event.outcome) for event in bench.heard(PageRead)}
    assert ends == {(1, 2, "read"), (2, 2, "read"), (3, 2, "unreadable")}
    assert {(event.page_number, event.document_number) for event in bench.heard(TextRead)} == {(1, 2), (2, 2)}


def test_a_document_that_is_announced_again_is_not_read_again(bench):
    bench.run(bench.upload("known unknown"))
    jobs = len(bench.sandbox.jobs)
    bench.run(bench.upload("known unknown", number=2))
    assert len(bench.sandbox.jobs) == jobs


def test_whatever_opens_a_clients_file_has_its_starts_counted():
    counted = {handler.event_type for handler in (*PAGE_HANDLERS, *TEXT_HANDLERS) if handler.counts_starts}
    every = {handler.event_type for handler in (*PAGE_HANDLERS, *TEXT_HANDLERS)}
    assert every - counted == {CaseDeleted}


def test_a_page_that_crashes_the_sandbox_is_a_dead_letter_and_its_replay_tells_the_reading(bench):
    request = one(bench.handle(bench.upload("known known")), PageRequested)
    worker = Processor(
        handlers=PAGE_HANDLERS,
        ports=bench.ports,
        database=bench.database,
        publisher=FakePublisher(),
        clock=FakeClock(request.occurred_at),
        settings=SharedSettings(process="ocr-1"),
        busy=Busy(),
        wake_relay=lambda: None,
    )
    bench.sandbox.crashes_left = 3
    assert worker.process(delivery(request, offset=42, partition=3))
    with bench.database.transaction() as transaction:
        (letter,) = transaction.execute(dead_letter.select()).all()
        assert (letter.topic, letter.partition, letter.offset) == ("page.requested", 3, 42)
        assert (letter.reason, letter.attempts) == ("sandbox_crashed", 3)
        assert replay(transaction, request.id, request.occurred_at)
    worker.retry_due()
    with bench.database.reading() as view:
        told = [row.value for row in view.execute(outbox.select()) if row.topic == PageRead.topic]
    ends = [PageRead.model_validate_json(value) for value in told]
    assert [(end.outcome, end.reason, end.is_reread) for end in ends] == [
        ("unreadable", "sandbox_crashed", False),
        ("read", None, True),
    ]
