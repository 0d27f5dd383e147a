"""What nobody answers is announced again, with growing pauses; what was answered is left alone."""

from datetime import timedelta

import pytest

from tests.support.stream import NOON, FakePublisher, received
from wetink.clock import FakeClock
from wetink.database.fake import memory_database
from wetink.stream.outbox import announce
from wetink.stream.reconciler import Reconciler
from wetink.stream.relay import Relay
from wetink.stream.tables import stream_metadata

LOST, ANSWERED = received("lost"), received("answered")


class Bench:
    """An outbox with two events that were sent, its relay, and a reconciler that waits 60 s for an answer."""

    def __init__(self, database) -> None:
        self.clock = FakeClock(NOON)
        self.unanswered = [LOST.id]
        self._publisher = FakePublisher()
        self._relay = Relay(database, self._publisher, self.clock, "ocr-1")
        self._reconciler = Reconciler(database, self.clock, 60, lambda _view: self.unanswered)
        with database.transaction() as transaction:
            announce(transaction, (LOST, ANSWERED), cause_id="cause", process="ocr-1", now=NOON)
        self._relay.publish_waiting()

    def sent_after(self, seconds: float) -> list[str]:
        """What the relay sends when the reconciler has looked once more, `seconds` later."""
        self._publisher.sent.clear()
        self.clock.moment += timedelta(seconds=seconds)
        self._reconciler.run(None)
        self._relay.publish_waiting()
        return [message.value for message in self._publisher.sent]


@pytest.fixture
def bench():
    database = memory_database(stream_metadata)
    yield Bench(database)
    database.close()


def test_only_what_nobody_answered_is_sent_again(bench):
    assert bench.sent_after(60) == [LOST.model_dump_json()]


def test_it_is_given_its_time_first(bench):
    assert bench.sent_after(59) == []


def test_the_pauses_double_up_to_an_hour(bench):
    moments = [minute for minute in range(1, 500) if bench.sent_after(60)]
    assert moments == [1, 3, 7, 15, 31, 63, 123, 183, 243, 303, 363, 423, 483]


def test_a_clock_that_is_set_back_holds_nothing_up(bench):
    assert bench.sent_after(-86_400) == [LOST.model_dump_json()]


def test_what_is_never_answered_does_not_stop_it_after_weeks(bench):
    hours = 1_100
    assert len([hour for hour in range(hours) if bench.sent_after(3_600)]) == hours


def test_what_was_answered_meanwhile_is_left_alone_and_begins_anew_when_it_is_lost_again(bench):
    assert bench.sent_after(60)
    bench.unanswered = []
    assert bench.sent_after(3_600) == []
    bench.unanswered = [LOST.id]
    assert bench.sent_after(60)
