"""An event that waits while the one thread has other work is no sign of a stuck process."""

import threading
from datetime import timedelta

import pytest

from tests.support.eventually import eventually
from tests.support.stream import NOON, FakePublisher, delivery, effect_metadata, opening, received
from wetink.clock import FakeClock
from wetink.database.fake import memory_database
from wetink.settings import SharedSettings
from wetink.stream.engine import Engine
from wetink.stream.tables import stream_metadata


class Slow:
    """Work that fails the first time, and the second time takes until it is told to end."""

    def __init__(self) -> None:
        self.is_going = threading.Event()
        self.may_end = threading.Event()
        self._attempts = 0

    def __call__(self, _event: object, _ports: object) -> None:
        self._attempts += 1
        if self._attempts == 1:
            raise ValueError
        self.is_going.set()
        assert self.may_end.wait(30)


@pytest.fixture
def clock():
    return FakeClock(NOON)


@pytest.fixture
def slow():
    return Slow()


@pytest.fixture
def engine(clock, slow, tmp_path):
    database = memory_database(stream_metadata, effect_metadata)
    yield Engine(
        handlers=[opening(prepare=slow)],
        timers=[],
        ports=None,
        database=database,
        publisher=FakePublisher(),
        clock=clock,
        settings=SharedSettings(data=tmp_path),
    )
    database.close()


def test_a_retry_in_work_is_not_idle_time(engine, clock, slow):
    assert engine.process(delivery(received()))
    clock.moment += timedelta(minutes=1)
    retry = threading.Thread(target=engine.run_due)
    retry.start()
    assert slow.is_going.wait(30)
    idle_s = engine.idle_for_s()
    threading.Event().wait(0.05)
    assert engine.idle_for_s() == idle_s
    slow.may_end.set()
    retry.join(30)
    eventually(lambda: engine.idle_for_s() > idle_s, timeout_s=5, what="idle time goes on")
