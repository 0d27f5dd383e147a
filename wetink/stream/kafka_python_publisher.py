"""A publisher over kafka-python: idempotent, every acknowledgement checked.

Place in the pipeline: leaves intake's outbox for Kafka. Trust level: our own events.
Residual risk: a producer that failed is thrown away and what it had not confirmed is sent again: a duplicate.
"""

import threading
from collections.abc import Sequence
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError

from wetink.logs import Log
from wetink.stream.admin import is_reachable
from wetink.stream.publisher import Message

_DELIVERY_S = 30.0
_BOOTSTRAP_S = 2.0
_IN_FLIGHT_MAX = 200
_log = Log(__name__)


class KafkaPythonPublisher:
    """Sends through one producer that is made when it is needed and made anew after a failure.

    At most 200 messages are unacknowledged at a time: the library's own queue has no bound.
    """

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._producer: KafkaProducer | None = None
        self._turn = threading.Lock()

    def publish(self, messages: Sequence[Message]) -> list[bool]:
        """See `Publisher.publish`."""
        acknowledged: list[bool] = []
        with self._turn:
            for start in range(0, len(messages), _IN_FLIGHT_MAX):
                acknowledged += self._publish_some(messages[start : start + _IN_FLIGHT_MAX])
        return acknowledged

    def close(self) -> None:
        """See `Publisher.close`."""
        producer, self._producer = self._producer, None
        if producer is not None:
            producer.close(timeout=0.5)

    def _publish_some(self, messages: Sequence[Message]) -> list[bool]:
        if self._producer is None and not is_reachable(self._bootstrap):
            return [False] * len(messages)  # a producer that cannot connect leaves its sockets to the collector
        try:
            producer = self._ready_producer()
        except KafkaError as error:
            self._give_up(error)
            return [False] * len(messages)
        sends = [_send(producer, message) for message in messages]
        errors = [_outcome(send) for send in sends]
        failure = next((error for error in errors if error is not None), None)
        if failure is not None:
            self._give_up(failure)
        return [error is None for error in errors]

    def _ready_producer(self) -> KafkaProducer:
        if self._producer is None:
            self._producer = KafkaProducer(
                bootstrap_servers=self._bootstrap.split(","),
                bootstrap_timeout_ms=int(_BOOTSTRAP_S * 1000),
                delivery_timeout_ms=int(_DELIVERY_S * 1000),
                request_timeout_ms=10_000,
                max_block_ms=5_000,
                reconnect_backoff_max_ms=1_000,
                allow_auto_create_topics=False,
                metrics_enabled=False,
            )
        return self._producer

    def _give_up(self, error: KafkaError) -> None:
        """After any failure the producer's sequence numbers are in doubt: the next send takes a new one."""
        _log.warning("publish_failed", error=error)
        producer, self._producer = self._producer, None
        if producer is not None:
            producer.close(timeout=0)


def _send(producer: KafkaProducer, message: Message) -> Any:  # noqa: ANN401 - kafka-python has no types
    """The future of the acknowledgement, or the error that kept the message from being queued."""
    try:
        return producer.send(message.topic, key=message.key.encode(), value=message.value.encode())
    except KafkaError as error:
        return error


def _outcome(send: Any) -> KafkaError | None:  # noqa: ANN401 - see above
    """None when the broker acknowledged, else why not."""
    if isinstance(send, KafkaError):
        return send
    try:
        send.get(timeout=_DELIVERY_S + 5)
    except KafkaError as error:
        return error
    return None
