"""What every publisher promises: kafka-python's, Faust's and the fake of the unit tests."""

import asyncio
import gc
import threading
import uuid

import pytest

from tests.support.eventually import eventually
from tests.support.kafka import running_kafka
from tests.support.stream import NOON, FakePublisher, opening
from tests.support.stream_process import values
from wetink.clock import FakeClock
from wetink.database.fake import memory_database
from wetink.settings import SharedSettings
from wetink.stream.faust_worker import FaustWorker
from wetink.stream.kafka_python_publisher import KafkaPythonPublisher
from wetink.stream.publisher import Message
from wetink.stream.tables import stream_metadata

TOPIC = "text.read"
pytestmark = pytest.mark.kafka


def event_loops() -> list[asyncio.AbstractEventLoop]:
    return [thing for thing in gc.get_objects() if isinstance(thing, asyncio.AbstractEventLoop)]


def close_new_loops(known: list[asyncio.AbstractEventLoop]) -> None:
    """Faust leaves its threads' event loops open; in a service the process ends with them."""
    new = [loop for loop in event_loops() if loop not in known]
    eventually(lambda: not any(loop.is_running() for loop in new), timeout_s=10, what="the end of Faust's threads")
    for loop in new:
        loop.close()


def faust_publisher(bootstrap, folder):
    """The publisher of a running worker; yields it when the app runs."""
    settings = SharedSettings(data=folder, process=f"p-{uuid.uuid4().hex[:8]}", kafka_bootstrap=bootstrap)
    database = memory_database(stream_metadata)
    known = event_loops()
    worker = FaustWorker(
        group=settings.process,
        handlers=[opening()],
        ports=None,
        database=database,
        settings=settings,
        clock=FakeClock(NOON),
    )
    worker.start()
    eventually(lambda: worker.is_ready, timeout_s=30, what="the worker")
    yield worker._publisher
    worker.stop(1)
    database.close()
    close_new_loops(known)


@pytest.fixture(params=["kafka-python", "faust", "fake"])
def published(request, kafka, tmp_path):
    """A publisher, and a function that tells what arrived."""

    def arrived():
        return values(kafka.bootstrap, TOPIC)

    if request.param == "kafka-python":
        publisher = KafkaPythonPublisher(kafka.bootstrap)
        yield publisher, arrived
        publisher.close()
    elif request.param == "faust":
        for publisher in faust_publisher(kafka.bootstrap, tmp_path):
            yield publisher, arrived
    else:
        fake = FakePublisher()
        yield fake, lambda: [message.value for message in fake.sent]


def messages(count: int) -> list[Message]:
    run = uuid.uuid4().hex
    return [Message(TOPIC, run, f"{run}-{number:03}") for number in range(count)]


def test_messages_of_one_key_arrive_in_their_order_and_each_is_acknowledged(published):
    publisher, arrived = published
    batch = messages(250)
    assert publisher.publish(batch) == [True] * 250
    wanted = [message.value for message in batch]
    assert [value for value in arrived() if value in set(wanted)] == wanted


def test_nothing_to_send_is_nothing_to_acknowledge(published):
    assert published[0].publish([]) == []


def test_two_threads_may_publish_at_once(published):
    publisher, arrived = published
    batches = [messages(50) for _ in range(2)]
    threads = [threading.Thread(target=publisher.publish, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert {message.value for batch in batches for message in batch} <= set(arrived())


def test_a_closed_publisher_acknowledges_nothing_and_does_not_raise(published):
    publisher, _ = published
    if isinstance(publisher, KafkaPythonPublisher):
        pytest.skip("kafka-python's publisher connects again when it is used again")
    publisher.close()
    assert publisher.publish(messages(2)) == [False, False]


def test_a_message_that_is_too_large_is_refused_alone(kafka, tmp_path):
    large = Message(TOPIC, "key", "x" * 2_000_000)
    plain = KafkaPythonPublisher(kafka.bootstrap)
    assert plain.publish([*messages(1), large, *messages(1)]) == [True, False, True]
    assert plain.publish(messages(3)) == [True] * 3
    plain.close()
    for faust in faust_publisher(kafka.bootstrap, tmp_path):
        assert faust.publish([*messages(1), large, *messages(1)]) == [True, False, True]
        assert faust.publish(messages(3)) == [True] * 3


def test_while_the_broker_is_away_nothing_is_acknowledged_and_afterwards_all_is(tmp_path):
    with running_kafka() as broker:
        publisher = KafkaPythonPublisher(broker.bootstrap)
        assert publisher.publish(messages(2)) == [True, True]
        publisher.close()
        broker.kill()
        assert publisher.publish(messages(2)) == [False, False]
        broker.start()
        eventually(lambda: publisher.publish(messages(2)) == [True, True], timeout_s=30)
        publisher.close()
