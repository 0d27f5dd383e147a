"""Outbox rows reach the publisher in order, are marked only when acknowledged, and survive every outage."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.support.eventually import eventually
from tests.support.stream import NOON, FakePublisher, opened, received
from wetink.clock import FakeClock
from wetink.database.fake import memory_database
from wetink.errors import RetryError
from wetink.stream import relay as relay_module
from wetink.stream.outbox import announce
from wetink.stream.relay import Relay
from wetink.stream.tables import outbox, stream_metadata


@pytest.fixture
def database():
    memory = memory_database(stream_metadata)
    yield memory
    memory.close()


def put(database, *events, process="ocr-1", at=NOON) -> None:
    with database.transaction() as transaction:
        announce(transaction, events, cause_id="cause", process=process, now=at)


def unpublished(database) -> int:
    with database.reading() as view:
        return len(view.execute(select(outbox).where(outbox.c.published_at.is_(None))).all())


def test_rows_go_out_in_their_order_and_are_marked(database):
    put(database, received("a"), received("b"), received("c"))
    publisher = FakePublisher()
    assert Relay(database, publisher, FakeClock(NOON), "ocr-1").publish_waiting() == 3
    assert [message.value.split('"document_id":"')[1][0] for message in publisher.sent] == ["a", "b", "c"]
    assert unpublished(database) == 0


def test_what_the_broker_does_not_acknowledge_stays(database):
    put(database, received("a"), opened(received("a")))
    publisher = FakePublisher(refused={"document.opened"})
    relay = Relay(database, publisher, FakeClock(NOON), "ocr-1")
    assert relay.publish_waiting() == 1
    assert unpublished(database) == 1
    publisher.refused.clear()
    assert relay.publish_waiting() == 1


def test_rows_of_another_process_are_left_to_it_at_first(database):
    put(database, received("a"), process="ocr-2")
    assert Relay(database, FakePublisher(), FakeClock(NOON + timedelta(hours=1)), "ocr-1").publish_waiting() == 0


def test_rows_of_a_process_that_seems_gone_are_taken_over(database, monkeypatch):
    monkeypatch.setattr(relay_module, "_TAKEOVER_S", 0.0)
    put(database, received("a"), process="ocr-2")
    clock = FakeClock(NOON)
    relay = Relay(database, FakePublisher(), clock, "ocr-1")
    assert relay.publish_waiting() == 0
    clock.moment += timedelta(seconds=1)
    assert relay.publish_waiting() == 1


def test_a_batch_is_bounded(database):
    put(database, *(received(f"d{number}") for number in range(250)))
    relay = Relay(database, FakePublisher(), FakeClock(NOON), "ocr-1")
    assert [relay.publish_waiting(), relay.publish_waiting()] == [200, 50]


def test_the_thread_publishes_soon_after_it_is_woken_and_goes_on_after_an_outage(database):
    publisher = FakePublisher(is_up=False)
    relay = Relay(database, publisher, FakeClock(NOON), "ocr-1")
    relay.start()
    put(database, received("a"))
    relay.wake()
    publisher.is_up = True
    eventually(lambda: unpublished(database) == 0, timeout_s=5)
    put(database, received("b"))
    woken_at = time.monotonic()
    relay.wake()
    eventually(lambda: len(publisher.sent) == 2, timeout_s=5)
    assert time.monotonic() - woken_at < 0.4
    relay.stop(2)
    assert not relay.is_alive()


def test_a_database_that_is_away_does_not_end_the_thread(database):
    class Away:
        is_away = True

        def reading(self):
            if self.is_away:
                raise RetryError("database away")
            return database.reading()

        def transaction(self):
            return database.transaction()

        def close(self) -> None: ...

    away, publisher = Away(), FakePublisher()
    relay = Relay(away, publisher, FakeClock(NOON), "ocr-1")
    relay.start()
    put(database, received("a"))
    relay.wake()
    away.is_away = False
    eventually(lambda: len(publisher.sent) == 1, timeout_s=5)
    assert relay.is_alive()
    relay.stop(2)


def test_an_event_that_was_announced_before_is_left_as_it_is(database):
    put(database, received("a"))
    put(database, received("a"), process="ocr-2")
    with database.reading() as view:
        assert [row.process for row in view.execute(select(outbox))] == ["ocr-1"]
