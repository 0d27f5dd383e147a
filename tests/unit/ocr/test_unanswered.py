"""What ocr asks of itself and loses is found again: pages, texts, cuts."""

from datetime import UTC, datetime

from sqlalchemy import insert

from services.ocr.unanswered import unanswered
from tests.support.ocr_bench import OcrBench
from wetink.contracts.events import PageRequested, TextRequested
from wetink.stream.outbox import announce
from wetink.stream.tables import inbox

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)


def unanswered_of(bench, *, heard):
    """Ids that are unanswered when all was announced at noon and only `heard` was handled."""
    with bench.database.transaction() as transaction:
        announce(transaction, bench.said, cause_id="cause", process="ocr-1", now=NOON)
        for event in heard:
            row = {"event_id": event.id, "topic": event.topic, "case_id": event.case_id, "handled_at": NOON}
            transaction.execute(insert(inbox).values(row))
        return set(unanswered(transaction))


def test_pages_that_were_asked_for_and_not_read():
    bench = OcrBench()
    bench.handle(bench.upload("known known"))
    first, second = bench.heard(PageRequested)
    bench.handle(first)
    assert unanswered_of(bench, heard=[first]) == {second.id}


def test_the_text_of_a_known_page_that_no_review_waits_for():
    bench = OcrBench()
    bench.handle(bench.upload("known"))
    (page,) = bench.heard(PageRequested)
    bench.handle(page)
    (text,) = bench.heard(TextRequested)
    assert unanswered_of(bench, heard=[page]) == {text.id}


def test_nothing_once_all_is_read():
    bench = OcrBench()
    bench.run(bench.upload("known unknown"))
    assert unanswered_of(bench, heard=[]) == set()
