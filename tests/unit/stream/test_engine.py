"""An event that waits while the one thread has other work is no sign of a stuck process."""

import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest

from tests.support.stream import NOON, FakePublisher, delivery, effect_metadata, opening, received
from wetink.clock import FakeClock
from wetink.database.fake import memory_database
from wetink.settings import SharedSettings
from wetink.stream import engine as engine_module
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


@pytest.fixture
def monotonic(monkeypatch):
    """The engine's clock for durations, in seconds."""
    told = SimpleNamespace(seconds=1_000.0)
    monkeypatch.setattr(engine_module, "time", SimpleNamespace(monotonic=lambda: told.seconds))
    return told


def test_after_a_quiet_hour_it_is_idle(monotonic, engine):
    monotonic.seconds += 3_600
    engine.run_due()
    assert engine.idle_for_s() == 3_600


def test_a_long_retry_after_a_quiet_hour_is_no_idle_time(monotonic, engine, clock, slow):
    assert engine.process(delivery(received()))
    clock.moment += timedelta(minutes=1)
    monotonic.seconds += 3_600
    retry = threading.Thread(target=engine.run_due)
    retry.start()
    assert slow.is_going.wait(30)
    monotonic.seconds += 100
    assert engine.idle_for_s() == 0
    slow.may_end.set()
    retry.join(30)
    monotonic.seconds += 7
    assert engine.idle_for_s() == 7
