"""The worker of intake: a kafka-python consumer in a thread of its own, beside the web server.

Place in the pipeline: reads the topics of a service's handlers and hands each event to the engine, in the same
thread; acknowledges only what came to its end. Trust level: our own events, validated by the processor.
Residual risk: the library's inside is looked at for health (is it a member of the group).
"""

import threading
import time
from collections.abc import Sequence
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.structs import OffsetAndMetadata

from wetink.clock import Clock
from wetink.database import Database
from wetink.logs import Log
from wetink.settings import SharedSettings
from wetink.stream.admin import ensure_topics, is_reachable
from wetink.stream.delivery import Delivery
from wetink.stream.engine import Engine
from wetink.stream.handler import Handler, Timer
from wetink.stream.kafka_python_publisher import KafkaPythonPublisher

_POLL_S = 0.5
_POLL_RECORDS_MAX = 32
_STILL_S = 60.0
_SESSION_S = 10.0
_METADATA_PAUSE_S = 0.1
_METADATA_MAX_AGE_MS = 10_000
"""How soon a partition that comes or goes is noticed; kafka-python's own five minutes are too long."""
_MAX_POLL_INTERVAL_MS = 7_200_000
"""Longer than a batch whose every event waits for a spent budget; a handler that hangs is found by the engine."""
_log = Log(__name__)


class ClusterReplacedError(Exception):
    """Kafka lost its disk: topics have to be made, and read from their beginning.

    The consumer may have joined its group again while there was no topic, and got no partition. Who comes back
    under the same name within the session gets what it had: the next consumer waits until it is forgotten.
    """


class PlainWorker:
    """Runs a service's handlers and timers; the members of `group` share the partitions.

    `ports` is what the service's `prepare` functions and timers are given.
    """

    def __init__(  # noqa: PLR0913 - the composition root names every part it joins
        self,
        *,
        group: str,
        handlers: Sequence[Handler[Any, Any, Any]],
        timers: Sequence[Timer[Any]] = (),
        ports: object,
        database: Database,
        settings: SharedSettings,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._group = group
        self._topics = [handler.event_type.topic for handler in handlers]
        self._publisher = KafkaPythonPublisher(settings.bootstrap)
        self._engine = Engine(
            handlers=handlers,
            timers=timers,
            ports=ports,
            database=database,
            publisher=self._publisher,
            clock=clock,
            settings=settings,
        )
        self.relay = self._engine.relay
        """Wake it after a transaction of your own that announced events."""
        self._thread = threading.Thread(target=self._run, name="consumer", daemon=True)
        self._stopping = threading.Event()
        self._polled_at = time.monotonic()
        self._consumer: KafkaConsumer | None = None

    @property
    def is_ready(self) -> bool:
        """True once the group gave this worker its partitions, until they are taken away or too much fails."""
        if self._engine.is_stopped_by_failures:
            return False
        consumer = self._consumer
        return consumer is not None and bool(consumer.assignment())

    def start(self) -> None:
        """Start the threads; the broker may still be away."""
        self.relay.start()
        self._thread.start()

    def stop(self, timeout_s: float = 7.0) -> None:
        """Let the event in work end within `timeout_s`, acknowledge it, and leave.

        What is not done by then is not acknowledged and comes again; its thread may still run: end the process.
        """
        self._engine.interrupt()
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s + 1.5)
        self.relay.stop(0.5)
        self._publisher.close()

    def problems(self) -> list[str]:
        """What keeps this worker from making progress; empty while it does or the broker is away."""
        if self._stopping.is_set():
            return []
        found = self._engine.problems()
        if not self._thread.is_alive():
            found.append("the worker's thread ended")
        elif self._engine.idle_for_s() > _STILL_S and time.monotonic() - self._polled_at > _STILL_S:
            found.append("the consumer stands still")
        elif self._consumer is not None and not self._is_member() and is_reachable(self._settings.bootstrap):
            found.append("no member of the group")
        return found

    def _is_member(self) -> bool:
        coordinator = self._consumer._coordinator if self._consumer else None  # noqa: SLF001 - no public name
        generation = coordinator.generation_if_stable() if coordinator is not None else None
        return generation is not None and not generation.is_lost()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._polled_at = time.monotonic()
            try:
                ensure_topics(self._settings.bootstrap)
                self._consume()
            except ClusterReplacedError:
                _log.error("cluster_replaced", group=self._group)
                self._run_due_while_away(_SESSION_S + 1)
            except Exception as error:  # noqa: BLE001 - away or fenced: a new consumer, from the last commit
                _log.warning("consumer_failed", group=self._group, error=error)
                self._run_due_while_away(_POLL_S)

    def _run_due_while_away(self, pause_s: float) -> None:
        """Timers and retries do not need the broker."""
        self._engine.run_due()
        self._stopping.wait(pause_s)

    def _consume(self) -> None:
        self._consumer = consumer = self._new_consumer()
        try:
            self._await_partitions(consumer)
            consumer.subscribe(self._topics)
            cluster = _cluster_id(consumer)
            while not self._stopping.is_set():
                self._polled_at = time.monotonic()
                if _cluster_id(consumer) != cluster:
                    raise ClusterReplacedError
                records = consumer.poll(timeout_ms=int(_POLL_S * 1000), max_records=_POLL_RECORDS_MAX)
                done = self._process(records)
                if done:
                    consumer.commit(done, timeout_ms=10_000)
                self._engine.run_due()
        finally:
            self._consumer = None
            consumer.close(autocommit=False, timeout_ms=500)

    def _await_partitions(self, consumer: KafkaConsumer) -> None:
        """Wait until topics made a moment ago are known: who joins before shares out no partition of them."""
        while not self._stopping.is_set() and not all(map(consumer.partitions_for_topic, self._topics)):
            self._stopping.wait(_METADATA_PAUSE_S)

    def _process(self, records: dict[TopicPartition, list[Any]]) -> dict[TopicPartition, OffsetAndMetadata]:
        """Handle `records` in order; what may be committed."""
        done: dict[TopicPartition, OffsetAndMetadata] = {}
        for partition, messages in records.items():
            for message in messages:
                delivery = Delivery(message.topic, message.partition, message.offset, message.value or b"")
                if not self._engine.process(delivery):
                    return done
                done[partition] = OffsetAndMetadata(message.offset + 1, "", -1)
        return done

    def _new_consumer(self) -> KafkaConsumer:
        return KafkaConsumer(
            bootstrap_servers=self._settings.bootstrap.split(","),
            bootstrap_timeout_ms=2_000,
            client_id=self._settings.process,
            group_id=self._group,
            group_instance_id=self._settings.process,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=int(_SESSION_S * 1000),
            max_poll_interval_ms=_MAX_POLL_INTERVAL_MS,
            metadata_max_age_ms=_METADATA_MAX_AGE_MS,
            reconnect_backoff_max_ms=1_000,
            allow_auto_create_topics=False,
            metrics_enabled=False,
        )


def _cluster_id(consumer: KafkaConsumer) -> str | None:
    """As the broker said with its last metadata."""
    found: str | None = consumer._client.cluster.cluster_id  # noqa: SLF001 - no public name
    return found
