"""What becomes of one event: done once, tried again, a dead letter, or waiting while a part is away."""

import errno
import threading
from datetime import timedelta

import pytest

from tests.support.stream import NOON, delivery, effect, opened, opening, received
from tests.support.stream_bench import failing
from wetink.contracts.events import CaseForgotten
from wetink.errors import CaseDeletedError, PoisonError, RetryError
from wetink.stream.delivery import Delivery
from wetink.stream.handler import Handler
from wetink.stream.tables import dead_letter, inbox, outbox, retry


def test_an_event_leaves_inbox_effect_and_outbox_rows_and_wakes_the_relay(close_later):
    bench = close_later()
    assert bench.processor.process(delivery(received()))
    assert bench.counts() == {"inbox": 1, "effect": 1, "outbox": 1, "retry": 0, "dead_letter": 0}
    assert bench.wakes == 1
    row = bench.rows(outbox)[0]
    assert (row.cause_id, row.event_id, row.process) == (received().id, opened(received()).id, "ocr-1")


def test_a_duplicate_changes_no_row_and_sends_its_results_again_before_it_is_acknowledged(close_later):
    bench = close_later()
    bench.processor.process(delivery(received()))
    before = bench.counts()
    assert bench.processor.process(delivery(received(), offset=7))
    assert bench.counts() == before
    assert [message.topic for message in bench.publisher.sent] == ["document.opened"]


def test_duplicates_in_a_row_send_the_results_again_but_once(close_later):
    bench = close_later()
    for offset in range(5):
        assert bench.processor.process(delivery(received(), offset=offset))
    assert [message.topic for message in bench.publisher.sent] == ["document.opened"]


def test_a_duplicate_waits_for_the_broker_and_is_not_acknowledged_when_interrupted(close_later):
    bench = close_later()
    bench.processor.process(delivery(received()))
    bench.publisher.is_up = False
    stopper = threading.Timer(0.3, bench.processor.interrupt)
    stopper.start()
    assert not bench.processor.process(delivery(received()))
    assert bench.publisher.sent == []


@pytest.mark.parametrize(
    "trouble", [RetryError("blobs away"), OSError(errno.ENOSPC, "full"), OSError(errno.EROFS, "read-only")]
)
def test_while_a_part_is_away_the_same_event_is_tried_until_it_succeeds(close_later, trouble):
    bench = close_later(opening(prepare=failing(trouble, times=2)))
    assert bench.processor.process(delivery(received()))
    assert bench.counts() == {"inbox": 1, "effect": 1, "outbox": 1, "retry": 0, "dead_letter": 0}


def test_an_interrupted_wait_leaves_no_row_and_no_acknowledgement(close_later):
    bench = close_later(opening(prepare=failing(RetryError("blobs away"))))
    threading.Timer(0.2, bench.processor.interrupt).start()
    assert not bench.processor.process(delivery(received()))
    assert set(bench.counts().values()) == {0}


def test_nothing_new_is_started_after_an_interrupt(close_later):
    bench = close_later()
    bench.processor.interrupt()
    assert not bench.processor.process(delivery(received()))
    assert set(bench.counts().values()) == {0}


def test_an_event_of_a_deleted_case_is_dropped(close_later):
    bench = close_later(opening(prepare=failing(CaseDeletedError())))
    assert bench.processor.process(delivery(received()))
    assert bench.counts() == {"inbox": 1, "effect": 0, "outbox": 0, "retry": 0, "dead_letter": 0}


def test_a_poison_event_is_a_dead_letter_at_once_with_its_place_and_the_services_consequence(close_later):
    bench = close_later(opening(prepare=failing(PoisonError("sandbox_crashed_three_times"))))
    assert bench.processor.process(delivery(received(), offset=42, partition=3))
    row = bench.rows(dead_letter)[0]
    assert (row.topic, row.partition, row.offset, row.attempts) == ("document.received", 3, 42, 1)
    assert (row.reason, row.case_id) == ("sandbox_crashed_three_times", "case_1")
    assert [row.topic for row in bench.rows(outbox)] == ["document.opened"]
    assert bench.wakes == 1


def test_a_dead_letter_met_again_changes_no_row(close_later):
    bench = close_later(opening(prepare=failing(PoisonError("too_bad"))))
    bench.processor.process(delivery(received()))
    before = bench.counts()
    bench.processor.process(delivery(received()))
    assert bench.counts() == before


def test_a_bug_becomes_a_retry_row_and_the_next_events_go_on(close_later):
    bench = close_later(opening(prepare=failing(ValueError("client data"), times=1)))
    assert bench.processor.process(delivery(received("doc_1"), offset=5))
    assert bench.processor.process(delivery(received("doc_2"), offset=6))
    row = bench.rows(retry)[0]
    assert (row.event_id, row.attempts, row.offset) == (received("doc_1").id, 1, 5)
    assert row.reason == "bug ValueError"
    assert [row.document_id for row in bench.rows(effect)] == ["doc_2"]


def test_a_retry_row_is_tried_when_it_is_due_and_not_before(close_later):
    bench = close_later(opening(prepare=failing(ValueError(), times=1)))
    bench.processor.process(delivery(received()))
    bench.processor.retry_due()
    assert bench.counts()["effect"] == 0
    bench.clock.moment += timedelta(seconds=3)
    bench.processor.retry_due()
    assert bench.counts() == {"inbox": 1, "effect": 1, "outbox": 1, "retry": 0, "dead_letter": 0}


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=-400)])
def test_a_clock_that_jumps_holds_no_retry_back(close_later, jump):
    bench = close_later(opening(prepare=failing(KeyError(), times=1)))
    assert bench.processor.process(delivery(received()))
    bench.clock.moment += jump
    bench.processor.retry_due()
    assert bench.counts() == {"inbox": 1, "effect": 1, "outbox": 1, "retry": 0, "dead_letter": 0}


def test_an_event_that_is_delivered_again_while_its_retry_row_waits_changes_no_row(close_later):
    bench = close_later(opening(prepare=failing(ValueError(), times=1)))
    bench.processor.process(delivery(received()))
    before = bench.rows(retry)
    assert bench.processor.process(delivery(received()))
    assert bench.rows(retry) == before
    assert bench.counts()["effect"] == 0


def test_the_fifth_failure_makes_a_dead_letter_that_counts_its_attempts(close_later):
    bench = close_later(opening(prepare=failing(ValueError())))
    bench.processor.process(delivery(received()))
    for _ in range(4):
        bench.clock.moment += timedelta(minutes=5)
        bench.processor.retry_due()
    assert bench.counts()["retry"] == 0
    row = bench.rows(dead_letter)[0]
    assert (row.attempts, row.reason) == (5, "bug ValueError")
    assert bench.rows(outbox)[0].topic == "document.opened"


def test_pauses_between_attempts_grow(close_later):
    bench = close_later(opening(prepare=failing(ValueError())))
    bench.processor.process(delivery(received()))
    pauses = []
    for _ in range(3):
        due = bench.rows(retry)[0].due_at.replace(tzinfo=NOON.tzinfo)
        pauses.append(due - bench.clock.moment)
        bench.clock.moment = due
        bench.processor.retry_due()
    assert pauses == sorted(set(pauses))


def test_a_failing_consequence_still_leaves_the_dead_letter(close_later):
    def give_up(_event, _reason, _transaction):
        raise KeyError

    bench = close_later(opening(prepare=failing(PoisonError("too_bad")), give_up=give_up))
    assert bench.processor.process(delivery(received()))
    assert bench.counts() == {"inbox": 1, "effect": 0, "outbox": 0, "retry": 0, "dead_letter": 1}


def test_a_failing_handle_leaves_nothing_of_its_transaction(close_later):
    def handle(event, _result, transaction):
        transaction.execute(effect.insert().values(document_id=event.document_id))
        raise ValueError

    bench = close_later(opening(handle=handle))
    assert bench.processor.process(delivery(received()))
    assert bench.counts() == {"inbox": 0, "effect": 0, "outbox": 0, "retry": 1, "dead_letter": 0}


@pytest.mark.parametrize("raw", [b"", b"no json", b'{"version": 1}', b"\xff\xfe\x00"])
def test_what_is_no_event_becomes_a_dead_letter_with_its_raw_value(close_later, raw):
    bench = close_later()
    assert bench.processor.process(Delivery("document.received", 2, 9, raw))
    row = bench.rows(dead_letter)[0]
    assert (row.topic, row.partition, row.offset, row.attempts) == ("document.received", 2, 9, 1)
    assert row.reason == "invalid_event"
    assert row.value == raw.decode(errors="replace").replace("\x00", "\ufffd")


def test_an_event_of_a_newer_version_than_ours_is_a_dead_letter(close_later):
    bench = close_later()
    event = received().model_copy(update={"version": 2})
    assert bench.processor.process(delivery(event))
    assert bench.rows(dead_letter)[0].reason == "newer_version"


def test_an_event_that_another_process_finished_meanwhile_is_not_done_twice(close_later):
    def other_process_is_faster(event, _ports) -> None:
        with bench.database.transaction() as transaction:
            row = {"event_id": event.id, "topic": event.topic, "case_id": event.case_id, "handled_at": NOON}
            transaction.execute(inbox.insert().values(row))

    bench = close_later(opening(prepare=other_process_is_faster))
    assert bench.processor.process(delivery(received()))
    assert bench.counts() == {"inbox": 1, "effect": 0, "outbox": 0, "retry": 0, "dead_letter": 0}


def deleted_meanwhile(bench):
    """A `prepare` that fails after the case was deleted."""

    def prepare(event, _ports) -> None:
        row = {"event_id": "deletion", "topic": "case.deleted", "case_id": event.case_id, "handled_at": NOON}
        with bench().database.transaction() as transaction:
            transaction.execute(inbox.insert().values(row))
        raise ValueError

    return prepare


def test_an_event_of_a_case_that_was_deleted_meanwhile_is_not_kept_for_another_attempt(close_later):
    bench = close_later(opening(prepare=deleted_meanwhile(lambda: bench)))
    assert bench.processor.process(delivery(received()))
    assert bench.rows(retry) == []


def test_an_event_that_tells_of_the_deletion_itself_is_tried_again(close_later):
    told = CaseForgotten(organisation_id="org_1", case_id="case_1", occurred_at=NOON, service="ocr")
    bench = close_later(Handler(CaseForgotten, deleted_meanwhile(lambda: bench), lambda *_: [], lambda *_: []))
    assert bench.processor.process(delivery(told))
    assert [row.event_id for row in bench.rows(retry)] == [told.id]


def test_how_soon_a_duplicate_is_answered_again_is_a_setting(close_later):
    bench = close_later(send_again_after_s=0)
    for offset in range(3):
        assert bench.processor.process(delivery(received(), offset=offset))
    assert [message.topic for message in bench.publisher.sent] == ["document.opened"] * 2
