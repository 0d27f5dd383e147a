"""The window of pages and texts in flight."""

from collections import Counter

from services.ocr.tables import pages
from services.ocr.windows import PAGES_IN_FLIGHT, TEXTS_IN_FLIGHT
from tests.support.ocr_bench import OcrBench
from wetink.contracts.events import DocumentCutRequested, DocumentOpened, PageRead, PageRequested, TextRequested


def test_never_more_than_a_window_of_a_document_is_in_flight():
    bench = OcrBench()
    most = Counter()

    def look():
        states = [(row.state, row.text_state) for row in rows(bench)]
        most["pages"] = max(most["pages"], sum(state == "requested" for state, _ in states))
        most["texts"] = max(most["texts"], sum(text == "requested" for _, text in states))

    bench.run(bench.upload("known unknown " * 60), on_step=look)
    assert most == {"pages": PAGES_IN_FLIGHT, "texts": TEXTS_IN_FLIGHT}
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
