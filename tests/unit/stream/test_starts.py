"""Work that kills its worker: each start is counted before it, and ten of them are enough."""

from datetime import timedelta

import pytest

from tests.support.stream import NOON, delivery, opening, received
from tests.support.stream_bench import failing
from wetink.errors import PoisonError, RetryError
from wetink.stream.failures import STARTS_MAX
from wetink.stream.tables import dead_letter, outbox, retry

START_PAUSE_S = 1.0


class WorkerDied(BaseException):
    """Ends a test's processor in the middle of its work, as kill -9 ends a process."""


def deadly(times: int = 10**9):
    """A handler whose work kills its worker the first `times` times."""
    return opening(prepare=failing(WorkerDied(), times), counts_starts=True)


def die(processor) -> None:
    with pytest.raises(WorkerDied):
        processor.process(delivery(received(), offset=42, partition=3))


def die_again(bench, name: str = "ocr-1") -> None:
    """The next life of the worker takes the event up, at once or when its pause is over."""
    with pytest.raises(WorkerDied):
        live(bench, bench.worker(name))


def live(bench, worker) -> None:
    worker.retry_due()
    bench.clock.moment += timedelta(minutes=5)
    worker.retry_due()


def pause_s(bench) -> float:
    """Live through a start of the worker that finds nothing due; the pause that it set."""
    bench.worker().retry_due()
    (row,) = bench.rows(retry)
    return (row.due_at - bench.clock.moment).total_seconds()


def test_a_start_is_on_record_before_the_work_and_gone_after_it(close_later):
    seen = []
    bench = close_later(opening(prepare=lambda _event, _ports: seen.extend(bench.rows(retry)), counts_starts=True))
    assert bench.processor.process(delivery(received()))
    assert [(row.starts, row.attempts, row.process) for row in seen] == [(1, 0, "ocr-1")]
    assert bench.counts() == {"inbox": 1, "effect": 1, "outbox": 1, "retry": 0, "dead_letter": 0}


def test_work_that_cannot_kill_its_worker_costs_no_row(close_later):
    seen = []
    bench = close_later(opening(prepare=lambda _event, _ports: seen.extend(bench.rows(retry))))
    bench.processor.process(delivery(received()))
    assert seen == []


def test_after_one_death_the_event_is_tried_again_at_once(close_later):
    bench = close_later(deadly(times=1))
    die(bench.processor)
    bench.worker().retry_due()
    assert bench.counts() == {"inbox": 1, "effect": 1, "outbox": 1, "retry": 0, "dead_letter": 0}


def test_the_pauses_grow_with_the_deaths(close_later):
    bench = close_later(deadly())
    die(bench.processor)
    pauses = []
    for _ in range(4):
        die_again(bench)
        pauses.append(pause_s(bench))
        bench.clock.moment += timedelta(seconds=pauses[-1])
    assert pauses == [START_PAUSE_S, 2 * START_PAUSE_S, 4 * START_PAUSE_S, 8 * START_PAUSE_S]


def test_ten_deaths_make_a_dead_letter_with_its_place_and_the_services_consequence(close_later):
    bench = close_later(deadly())
    die(bench.processor)
    for _ in range(STARTS_MAX - 1):
        die_again(bench)
    live(bench, bench.worker())
    (row,) = bench.rows(dead_letter)
    assert (row.topic, row.partition, row.offset, row.attempts) == ("document.received", 3, 42, 10)
    assert row.reason == "worker_died"
    assert '"outcome":"unreadable"' in bench.rows(outbox)[0].value
    assert bench.rows(retry) == []


def test_an_event_delivered_again_to_the_next_life_of_its_worker_waits_for_its_turn(close_later):
    bench = close_later(deadly())
    die(bench.processor)
    die_again(bench)
    worker = bench.worker()
    assert worker.process(delivery(received()))
    (row,) = bench.rows(retry)
    assert (row.starts, row.process) == (2, None)


def test_the_event_of_a_worker_that_does_not_come_back_is_taken_over(close_later):
    bench = close_later(deadly(times=1))
    die(bench.processor)
    other = bench.worker("ocr-2")
    other.retry_due()
    assert bench.counts()["effect"] == 0, "ocr-1 may still be at it"
    assert other.process(delivery(received()))
    other.retry_due()
    assert bench.counts()["effect"] == 1


def test_a_start_that_a_stop_drops_does_not_count(close_later):
    def stopped(_event, _ports) -> None:
        bench.processor.interrupt()
        raise WorkerDied

    bench = close_later(opening(prepare=stopped, counts_starts=True))
    die(bench.processor)
    assert [row.starts for row in bench.rows(retry)] == [0]


def test_work_that_a_stop_overtakes_is_not_begun(close_later):
    bench = close_later(deadly())
    bench.processor.retry_due()
    begun = bench.database.transaction

    def transaction():
        bench.processor.interrupt()
        return begun()

    bench.database.transaction = transaction
    assert not bench.processor.process(delivery(received()))
    bench.database.transaction = begun
    assert [row.starts for row in bench.rows(retry)] == [0]


def test_a_start_that_ends_because_a_part_is_away_does_not_count(close_later):
    starts = []

    def prepare(_event, _ports) -> None:
        starts.extend(row.starts for row in bench.rows(retry))
        if len(starts) < 3:
            raise RetryError("blobs away")

    bench = close_later(opening(prepare=prepare, counts_starts=True))
    assert bench.processor.process(delivery(received()))
    assert starts == [1, 1, 1]


def test_a_crash_that_a_handler_counted_itself_tells_its_attempts(close_later):
    bench = close_later(opening(prepare=failing(PoisonError("sandbox_crashed", attempts=3)), counts_starts=True))
    bench.processor.process(delivery(received()))
    (row,) = bench.rows(dead_letter)
    assert (row.reason, row.attempts) == ("sandbox_crashed", 3)
    assert bench.rows(retry) == []


def test_deaths_do_not_count_as_attempts_that_failed(close_later):
    bench = close_later(deadly(times=2))
    die(bench.processor)
    die_again(bench)
    assert [(row.starts, row.attempts) for row in bench.rows(retry)] == [(2, 0)]


def test_another_lane_of_the_service_leaves_the_event_alone(close_later):
    bench = close_later(deadly())
    die(bench.processor)
    bench.handler = opening(counts_starts=True)
    lane = bench.worker("text-1")
    lane._handlers = {}
    bench.clock.moment = NOON + timedelta(days=1)
    lane.retry_due()
    assert bench.counts()["retry"] == 1
    assert bench.counts()["dead_letter"] == 0
