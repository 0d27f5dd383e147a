"""A document's way through ocr: opened, cut, read, given up, announced again."""

from collections import deque

import pytest

from services.ocr.tables import crashes, documents, pages
from services.ocr.windows import PAGES_IN_FLIGHT
from tests.support.ocr_bench import OcrBench
from wetink.blobs import BlobRef, names
from wetink.contracts.events import (
    CaseDeleted,
    DocumentCutRequested,
    DocumentOpened,
    PageRead,
    PageRequested,
    TextRead,
    TextRequested,
)
from wetink.contracts.reading import PageReading
from wetink.errors import PoisonError


@pytest.fixture
def bench():
    return OcrBench()


def page_numbers(events):
    return [event.page_number for event in events]


def test_a_small_document_is_opened_and_all_its_pages_read(bench):
    bench.run(bench.upload("known known unknown"))
    (opened,) = bench.heard(DocumentOpened)
    assert (opened.outcome, opened.pages_total, opened.received_on) == ("read", 3, "2026-03-05")
    assert page_numbers(bench.heard(PageRead)) == [1, 2, 3]
    assert [event.is_text_awaited for event in bench.heard(PageRead)] == [False, False, True]
    assert sorted(page_numbers(bench.heard(TextRead))) == [1, 2, 3]


def test_several_files_are_one_document(bench):
    bench.run(bench.upload("known", "known unknown"))
    assert bench.heard(DocumentOpened)[0].pages_total == 3


def test_a_reading_names_the_pictures_of_its_slots(bench):
    bench.run(bench.upload("known"))
    reading = PageReading.model_validate_json(bench.blob(names.reading("doc_1", 1)))
    assert bench.blob(reading.slots[0].picture).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("content", "outcome", "reason"),
    [("locked", "locked", "password_needed"), ("bomb", "unreadable", "out_of_memory")],
)
def test_a_document_that_cannot_be_opened_ends_there(bench, content, outcome, reason):
    (opened,) = bench.handle(bench.upload(content))
    assert (opened.outcome, opened.reason, opened.pages_total) == (outcome, reason, 0)


def test_a_page_that_cannot_be_cut_ends_at_once_and_the_others_are_read(bench):
    bench.run(bench.upload("known damaged known"))
    assert bench.heard(DocumentOpened)[0].outcome == "partial"
    ends = {event.page_number: (event.outcome, event.reason) for event in bench.heard(PageRead)}
    assert ends == {1: ("read", None), 2: ("unreadable", "page_damaged"), 3: ("read", None)}


def test_a_long_document_is_cut_in_chunks(bench):
    bench.run(bench.upload("known " * 100))
    assert [job for job in bench.sandbox.jobs if job[0] == "cut"] == [("cut", 1), ("cut", 33), ("cut", 97)]
    assert sorted(page_numbers(bench.heard(PageRead))) == list(range(1, 101))


def test_the_rest_of_a_long_document_is_not_cut_before_its_first_pages_are_read(bench):
    queue = bench.handle(bench.upload("known " * 100))
    assert not [event for event in queue if isinstance(event, DocumentCutRequested)]
    while not bench.heard(DocumentCutRequested):
        queue += bench.handle(next(event for event in queue if isinstance(event, PageRequested)))
        queue.remove(next(event for event in queue if isinstance(event, PageRequested)))
    assert len(bench.heard(PageRead)) == 32 - 2 * PAGES_IN_FLIGHT + 1


def test_a_chunk_that_cannot_be_cut_is_given_up_and_the_rest_is_read(bench):
    queue = deque(bench.handle(bench.upload("known " * 100)))
    given_up = set()
    while queue:
        event = queue.popleft()
        if event.id in given_up:
            continue
        if isinstance(event, DocumentCutRequested) and event.first_page == 33:
            given_up.add(event.id)
            queue.extend(bench.give_up(event))
        elif isinstance(event, (PageRequested, DocumentCutRequested)):
            queue.extend(bench.handle(event))
    lost = [event for event in bench.heard(PageRead) if event.outcome == "unreadable"]
    assert page_numbers(lost) == list(range(33, 97))
    assert {event.reason for event in lost} == {"internal_error"}
    assert len(bench.heard(PageRead)) == 100


def test_a_document_given_up_ends_as_unreadable(bench):
    (opened,) = bench.give_up(bench.upload("known"), "blob_missing")
    assert (opened.outcome, opened.reason) == ("unreadable", "blob_missing")


def test_a_page_given_up_ends_as_unreadable(bench):
    requests = bench.handle(bench.upload("known known"))
    request = next(event for event in requests if isinstance(event, PageRequested))
    end = bench.give_up(request)[0]
    assert (end.outcome, end.reason, end.reading_blob) == ("unreadable", "internal_error", None)


def test_a_text_given_up_is_told_so_that_no_review_waits(bench):
    bench.run(*[e for e in bench.handle(bench.upload("unknown")) if isinstance(e, PageRequested)])
    end = bench.give_up(bench.heard(TextRequested)[0])[0]
    assert (type(end), end.outcome, end.text_blob) == (TextRead, "unreadable", None)


def test_a_page_out_of_time_is_unreadable_with_its_reason(bench):
    bench.run(bench.upload("slow"))
    assert [(e.outcome, e.reason) for e in bench.heard(PageRead)] == [("unreadable", "out_of_time")]


def test_a_page_that_crashes_the_sandbox_three_times_is_given_up(bench):
    bench.run(bench.upload("crashing"))
    assert [(e.outcome, e.reason) for e in bench.heard(PageRead)] == [("unreadable", "sandbox_crashed")]
    assert [job for job in bench.sandbox.jobs if job[0] == "read"] == [("read", 1)] * 3


@pytest.mark.parametrize("job", ["cut", "read", "text"])
def test_three_crashes_are_poison_and_counted_anew_when_the_dead_letter_is_replayed(bench, job):
    event = bench.upload("unknown")
    if job != "cut":
        event = next(one for one in bench.handle(event) if isinstance(one, PageRequested))
    if job == "text":
        event = next(one for one in bench.handle(event) if isinstance(one, TextRequested))
    bench.sandbox.crashes_left = 3
    with pytest.raises(PoisonError) as error:
        bench.prepare(event)
    assert (error.value.reason, error.value.attempts) == ("sandbox_crashed", 3)
    assert bench.rows(crashes) == []
    bench.sandbox.crashes_left = 2
    assert bench.prepare(event).outcome == "read"


def test_two_crashes_are_forgiven_and_counted_durably(bench):
    requests = bench.handle(bench.upload("known"))
    bench.sandbox.crashes_left = 2
    bench.run(*[event for event in requests if isinstance(event, PageRequested)])
    assert bench.heard(PageRead)[0].outcome == "read"
    assert [row[2] for row in bench.rows(crashes)] == [2]


def test_a_document_announced_again_tells_its_results_under_the_new_number(bench):
    bench.run(bench.upload("known unknown damaged"))
    jobs = [job for job in bench.sandbox.jobs if job[0] != "text"]
    bench.said.clear()
    bench.run(bench.upload("known unknown damaged", number=4))
    assert [job for job in bench.sandbox.jobs if job[0] != "text"] == jobs
    assert {event.document_number for event in bench.said} == {4}
    assert page_numbers(bench.heard(PageRead)) == [1, 2, 3]
    assert page_numbers(bench.heard(TextRead)) == [2]


def test_a_text_that_is_stored_is_not_read_again(bench):
    bench.run(bench.upload("unknown"))
    bench.run(bench.upload("unknown", number=2))
    assert [job for job in bench.sandbox.jobs if job[0] == "text"] == [("text", 1)]


def test_a_page_in_flight_is_told_under_the_number_its_document_has_by_then(bench):
    requests = bench.handle(bench.upload("known"))
    bench.handle(bench.upload("known", number=2))
    bench.run(*[event for event in requests if isinstance(event, PageRequested)])
    assert [event.document_number for event in bench.heard(PageRead)] == [2]


def test_failed_pages_are_read_again_with_their_document(bench):
    requests = bench.handle(bench.upload("known known"))
    bench.give_up(requests[1])
    bench.run(requests[2])
    bench.said.clear()
    bench.run(bench.upload("known known", number=2))
    assert {event.page_number: event.outcome for event in bench.heard(PageRead)} == {1: "read", 2: "read"}


def test_an_unreadable_document_announced_again_is_opened_again(bench):
    bench.handle(bench.upload("locked"))
    bench.run(bench.upload("known", number=2))
    assert [event.outcome for event in bench.heard(DocumentOpened)] == ["locked", "read"]
    assert [event.document_number for event in bench.heard(PageRead)] == [2]


def test_an_older_announcement_changes_nothing(bench):
    bench.run(bench.upload("known", number=2))
    assert bench.handle(bench.upload("known", number=1)) == []


@pytest.mark.parametrize("content", ["known unknown", "locked", "known damaged", "known " * 30])
def test_handling_every_event_twice_changes_no_row(bench, content):
    first = bench.upload(content)
    bench.run(first)
    events = [first, *bench.said]
    before = bench.rows(documents), bench.rows(pages)
    for event in events:
        if type(event) in (type(first), DocumentCutRequested, PageRequested, TextRequested):
            bench.handle(event)
    assert (bench.rows(documents), bench.rows(pages)) == before


def test_a_deleted_case_is_forgotten_and_late_events_say_nothing(bench):
    first = bench.upload("known unknown")
    requests = bench.handle(first)
    bench.handle(CaseDeleted(organisation_id="org_1", case_id="case_1", occurred_at=first.occurred_at))
    assert bench.rows(documents) == bench.rows(pages) == bench.rows(crashes) == []
    assert [bench.handle(event) for event in requests if isinstance(event, PageRequested)] == [[], []]


def tell_password(bench, password, document="doc_1"):
    bench.blobs.put(BlobRef("org_1", "case_1", names.password(document)), password.encode())


def has_password(bench):
    return bench.blobs.exists(BlobRef("org_1", "case_1", names.password("doc_1")))


def test_a_locked_document_is_read_with_its_password_which_is_gone_then(bench):
    bench.run(bench.upload("locked known"))
    tell_password(bench, "sesame")
    bench.run(bench.upload("locked known", number=2))
    assert [event.outcome for event in bench.heard(DocumentOpened)] == ["locked", "read"]
    assert not has_password(bench)


def test_a_wrong_password_is_gone_too(bench):
    tell_password(bench, "wrong")
    bench.run(bench.upload("locked known"))
    assert bench.heard(DocumentOpened)[0].outcome == "locked"
    assert not has_password(bench)


def test_a_long_document_keeps_its_password_until_its_last_page_is_cut(bench):
    tell_password(bench, "sesame")
    upload = bench.upload("locked " + "known " * 150)
    bench.prepare(upload)
    assert has_password(bench)
    bench.run(upload)
    assert len(bench.heard(PageRead)) == 151
    assert not has_password(bench)
