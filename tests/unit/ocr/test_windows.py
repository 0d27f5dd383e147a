"""The window of pages and texts in flight."""

from collections import Counter, deque
from datetime import UTC, datetime

from services.ocr.tables import pages
from services.ocr.windows import KNOWN_TEXTS_IN_FLIGHT, PAGES_IN_FLIGHT, TEXTS_IN_FLIGHT
from tests.support.ocr_bench import OcrBench
from wetink.contracts.events import (
    CaseDeleted,
    DocumentCutRequested,
    DocumentOpened,
    DocumentReceived,
    PageRead,
    PageRequested,
    TextRead,
    TextRequested,
)


def test_never_more_than_a_window_of_a_document_is_in_flight():
    bench = OcrBench()
    most = Counter()

    def look():
        texts = [row.is_text_awaited for row in rows(bench) if row.text_state == "requested"]
        most["pages"] = max(most["pages"], sum(row.state == "requested" for row in rows(bench)))
        most["awaited texts"] = max(most["awaited texts"], sum(texts))
        most["known texts"] = max(most["known texts"], len(texts) - sum(texts))

    bench.run(bench.upload("known unknown " * 60), on_step=look)
    assert most == {
        "pages": PAGES_IN_FLIGHT,
        "awaited texts": TEXTS_IN_FLIGHT,
        "known texts": KNOWN_TEXTS_IN_FLIGHT,
    }
    assert {(row.state, row.text_state) for row in rows(bench)} == {("done", "done")}


def test_the_text_of_known_pages_waits_until_all_pages_are_read():
    bench = OcrBench()
    bench.run(bench.upload("known " * 20))
    kinds = [type(event) for event in bench.said if type(event) in (PageRead, TextRequested)]
    assert kinds.index(TextRequested) > 18
    assert kinds.count(TextRequested) == 20


def test_the_text_of_an_unknown_page_is_asked_for_at_once():
    bench = OcrBench()
    requests = bench.handle(bench.upload("unknown known known"))
    page = next(event for event in requests if isinstance(event, PageRequested))
    assert [type(event) for event in bench.handle(page)] == [PageRead, TextRequested]


def read_all_pages(bench, *uploads):
    """Handle all that comes of the uploads but texts; these are returned."""
    queue, texts = deque(uploads), []
    while queue:
        event = queue.popleft()
        if isinstance(event, TextRequested):
            texts.append(event)
        elif isinstance(event, (DocumentReceived, DocumentCutRequested, PageRequested)):
            queue.extend(bench.handle(event))
    return texts


def test_a_letters_text_waits_behind_few_of_the_known_pages_texts_of_all_documents_together():
    bench = OcrBench()
    forms = [bench.upload("known " * 10, document=f"doc_{number}", number=number) for number in range(1, 4)]
    in_flight = read_all_pages(bench, *forms, bench.upload("unknown", document="doc_9", number=9))
    assert len(in_flight) == KNOWN_TEXTS_IN_FLIGHT + 1
    bench.run(*in_flight)
    assert len(bench.heard(TextRead)) == 31


def test_a_deleted_case_gives_its_place_in_the_window_of_texts_to_others():
    bench = OcrBench()
    read_all_pages(bench, bench.upload("known " * 10))
    read_all_pages(bench, bench.upload("known", document="doc_2", case="case_2"))
    deleted = CaseDeleted(organisation_id="org_1", case_id="case_1", occurred_at=datetime(2026, 3, 5, tzinfo=UTC))
    asked = [event for event in bench.handle(deleted) if isinstance(event, TextRequested)]
    assert [(event.case_id, event.document_id) for event in asked] == [("case_2", "doc_2")]


def test_pages_are_asked_for_in_their_order_and_once():
    bench = OcrBench()
    bench.run(bench.upload("known " * 40))
    numbers = [event.page_number for event in bench.heard(PageRequested)]
    assert numbers == list(range(1, 41))
    once = [event.id for event in bench.said if not isinstance(event, DocumentCutRequested)]
    assert len(set(once)) == len(once)
    assert len({event.id for event in bench.heard(DocumentCutRequested)}) == 1


def test_a_document_without_pages_asks_for_nothing():
    bench = OcrBench()
    assert [type(event) for event in bench.handle(bench.upload("locked"))] == [DocumentOpened]


def rows(bench):
    with bench.database.reading() as view:
        return view.execute(pages.select()).all()
