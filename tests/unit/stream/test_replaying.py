"""Dead letters are tried again when somebody says so: once, and with what comes of it."""

from datetime import timedelta

from sqlalchemy import update

from tests.support.stream import delivery, opened, opening, received
from tests.support.stream_bench import failing
from wetink.errors import PoisonError
from wetink.stream.delivery import Delivery
from wetink.stream.failures import replay
from wetink.stream.tables import dead_letter, inbox, outbox, retry


def ask(bench, event_id: str) -> bool:
    with bench.database.transaction() as transaction:
        return replay(transaction, event_id, bench.clock.now())


def dead(close_later, times: int = 1):
    """A bench with a dead letter whose event fails `times` times in all."""
    bench = close_later(opening(prepare=failing(PoisonError("too_bad"), times=times)))
    bench.processor.process(delivery(received()))
    return bench


def test_a_replayed_dead_letter_is_tried_again_and_may_end_otherwise(close_later):
    bench = dead(close_later)
    assert ask(bench, received().id)
    bench.processor.retry_due()
    assert bench.counts()["effect"] == 1
    assert bench.counts()["retry"] == 0
    assert bench.rows(dead_letter)[0].replayed_at is not None
    assert [row.event_id for row in bench.rows(outbox)] == [
        opened(received(), "unreadable").id,
        opened(received()).id,
    ]


def test_a_reading_is_another_event_than_the_end_without_one():
    assert opened(received(), "unreadable").id != opened(received()).id
    assert opened(received(), "partial").id == opened(received()).id


def test_replayed_twice_is_replayed_once(close_later):
    bench = dead(close_later)
    assert ask(bench, received().id)
    assert not ask(bench, received().id)
    bench.processor.retry_due()
    before = bench.counts()
    assert not ask(bench, received().id)
    bench.processor.retry_due()
    assert bench.counts() == before


def test_one_that_dies_again_can_be_replayed_again(close_later):
    bench = dead(close_later, times=2)
    assert ask(bench, received().id)
    bench.processor.retry_due()
    assert bench.rows(dead_letter)[0].replayed_at is None
    assert ask(bench, received().id)
    bench.processor.retry_due()
    assert bench.counts()["effect"] == 1


def test_there_is_nothing_to_replay_of_an_unknown_event(close_later):
    bench = dead(close_later)
    assert not ask(bench, "unknown")


def test_an_event_that_a_newer_version_understands_leaves_no_row_behind(close_later):
    bench = close_later()
    event = received()
    raw = Delivery(event.topic, 0, 0, event.model_copy(update={"version": 2}).model_dump_json().encode())
    bench.processor.process(raw)
    with bench.database.transaction() as transaction:  # what a newer version would read in it
        transaction.execute(update(dead_letter).values(value=event.model_dump_json()))
    assert ask(bench, raw.raw_id)
    bench.processor.retry_due()
    bench.clock.moment += timedelta(days=1)
    assert bench.rows(retry) == []
    assert [row.event_id for row in bench.rows(inbox)] == [event.id]
