"""When everything fails the consumer stops, instead of making dead letters of a whole topic."""

import threading

import pytest

from tests.support.stream import delivery, opening, received
from tests.support.stream_bench import failing
from wetink.errors import PoisonError
from wetink.stream.budget import CASES_MAX, Budget
from wetink.stream.tables import dead_letter, retry

LONG_S = 60.0
SHORT_S = 0.02


def event(number: int, case: int | None = None):
    return received(f"doc_{number}", f"case_{number if case is None else case}")


def fail_with(bench, count: int, case: int | None = None) -> None:
    for number in range(count):
        assert bench.processor.process(delivery(event(number, case)))


@pytest.mark.parametrize("error", [ValueError(), PoisonError("sandbox_crashed")])
def test_failures_of_many_cases_in_a_row_stop_the_consumer(close_later, error):
    bench = close_later(opening(prepare=failing(error)), budget_pause_s=LONG_S)
    fail_with(bench, CASES_MAX)
    assert bench.processor.is_stopped_by_failures
    threading.Timer(0.1, bench.processor.interrupt).start()
    assert not bench.processor.process(delivery(event(99))), "not tried, not acknowledged"
    assert len(bench.rows(retry)) + len(bench.rows(dead_letter)) == CASES_MAX


def test_while_it_is_stopped_nothing_is_tried_again_either(close_later):
    bench = close_later(opening(prepare=failing(ValueError())), budget_pause_s=LONG_S)
    fail_with(bench, CASES_MAX)
    bench.clock.moment = max(row.due_at for row in bench.rows(retry))
    bench.processor.retry_due()
    assert [row.attempts for row in bench.rows(retry)] == [1] * CASES_MAX


def test_one_clients_files_cannot_stop_the_work_for_the_others(close_later):
    bench = close_later(opening(prepare=failing(PoisonError("sandbox_crashed"))), budget_pause_s=LONG_S)
    fail_with(bench, 3 * CASES_MAX, case=1)
    assert not bench.processor.is_stopped_by_failures


def test_events_of_a_version_that_is_not_ours_stop_it_too(close_later):
    bench = close_later(opening(), budget_pause_s=LONG_S)
    for number in range(CASES_MAX):
        newer = event(number).model_copy(update={"version": 99})
        assert bench.processor.process(delivery(newer, offset=number))
    assert bench.processor.is_stopped_by_failures


def test_a_success_between_them_gives_the_budget_back(close_later):
    failed = {event(number).document_id for number in range(2 * CASES_MAX) if number % 3}

    def prepare(one, _ports) -> None:
        if one.document_id in failed:
            raise ValueError

    bench = close_later(opening(prepare=prepare), budget_pause_s=LONG_S)
    fail_with(bench, 2 * CASES_MAX)
    assert not bench.processor.is_stopped_by_failures


def test_after_its_pause_it_tries_one_event_and_goes_on_when_that_succeeds(close_later):
    bench = close_later(opening(prepare=failing(ValueError(), times=CASES_MAX)), budget_pause_s=SHORT_S)
    fail_with(bench, CASES_MAX)
    assert bench.processor.is_stopped_by_failures
    assert bench.processor.process(delivery(event(99)))
    assert not bench.processor.is_stopped_by_failures
    assert bench.counts()["effect"] == 1


def test_its_pause_grows_up_to_two_minutes_while_what_it_tries_fails():
    budget = Budget(first_pause_s=40.0)
    pauses = []
    for case in range(CASES_MAX + 3):
        budget.fail("document.received", f"case_{case}")
        pauses.append(round(budget.pause_s("document.received") / 40))
    assert pauses[CASES_MAX - 2 :] == [0, 1, 2, 3, 3]


def test_a_version_that_dies_of_every_page_does_not_use_up_their_starts(close_later):
    bench = close_later(opening(counts_starts=True), budget_pause_s=LONG_S)
    with bench.database.transaction() as transaction:
        for number in range(CASES_MAX):
            row = {"event_id": f"e{number}", "case_id": f"case_{number}", "topic": "document.received"}
            place = {"partition": 0, "offset": number, "value": "", "attempts": 0, "reason": "in_work"}
            transaction.execute(
                retry.insert().values(**row, **place, starts=2, process="ocr-1", due_at=bench.clock.now())
            )
    bench.processor.retry_due()
    assert bench.processor.is_stopped_by_failures
    assert [row.starts for row in bench.rows(retry)] == [2] * CASES_MAX
