"""The heart of the stream, without Kafka: what happens to one event, so that it is neither lost nor done twice.

Place in the pipeline: called by the workers with every event, in their one thread; calls the services' handlers.
Trust level: events are validated here. Nothing raises out of it: an event ends as done, as a retry row or as a
dead letter, or stays where it is, in work, while a part it needs is away.
Residual risk: a duplicate costs `prepare` at most, never a row.
"""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from wetink.clock import Clock
from wetink.contracts.events import CaseDeleted, CaseForgotten, Event
from wetink.database import Database
from wetink.errors import CaseDeletedError, PoisonError, RetryError
from wetink.faults import reach
from wetink.logs import Log
from wetink.metrics import EVENTS, PREPARE_SECONDS, WAITS
from wetink.stream.busy import Busy
from wetink.stream.delivery import Delivery, UndecodableError, decode
from wetink.stream.failures import ATTEMPTS_MAX, Failure, bury, claim_due, postpone
from wetink.stream.forgetting import is_forgotten
from wetink.stream.handler import Handler
from wetink.stream.outbox import announce
from wetink.stream.publisher import Message, Publisher
from wetink.stream.tables import inbox, outbox, retry

_SHORTEST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 10.0
_SEND_AGAIN_AFTER_S = 60.0
_log = Log(__name__)


class Processor:
    """Handles one event after the other, in the thread that calls it.

    `wake_relay` is called after a commit that left outbox rows. `interrupt` may be called by other threads.
    """

    def __init__(  # noqa: PLR0913 - the worker names every part it joins
        self,
        *,
        handlers: Sequence[Handler[Any, Any, Any]],
        ports: object,
        database: Database,
        publisher: Publisher,
        clock: Clock,
        process: str,
        busy: Busy,
        wake_relay: Callable[[], None],
    ) -> None:
        self._handlers = {handler.event_type.topic: handler for handler in handlers}
        self._ports = ports
        self._database = database
        self._publisher = publisher
        self._clock = clock
        self._process = process
        self._busy = busy
        self._wake_relay = wake_relay
        self._stop = threading.Event()
        self._sent_again: dict[str, float] = {}

    def process(self, delivery: Delivery) -> bool:
        """Bring one delivery to its end; True when it may be acknowledged, False when interrupted before.

        While a part is away the same event is tried again and again, with growing pauses.
        """
        return self._until_done(lambda: self._settle(delivery), delivery.topic)

    def retry_due(self) -> None:
        """Try the events whose retry is due, of all processes of the service; never raises."""
        while not self._stop.is_set() and self._retry_one():
            pass

    def interrupt(self) -> None:
        """Start nothing more and end pauses; the event in work goes on to its end."""
        self._stop.set()

    def _until_done(self, attempt: Callable[[], None], topic: str) -> bool:
        pause_s = _SHORTEST_PAUSE_S
        while not self._stop.is_set():
            try:
                with self._busy.working():
                    attempt()
            except Exception as error:  # noqa: BLE001 - an exception that left would acknowledge the event
                _log.warning("event_waits", topic=topic, error=error)
                WAITS.labels(topic).inc()
            else:
                return True
            self._stop.wait(pause_s)
            pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)
        return False

    def _settle(self, delivery: Delivery) -> None:
        try:
            event = self._decode(delivery)
        except UndecodableError as error:
            self._end(Failure(delivery.raw_id, "", delivery, 1, error.reason), None)
            return
        with self._database.reading() as view:
            is_handled = _is_handled(view, event.id)
            is_waiting = view.execute(select(retry.c.event_id).where(retry.c.event_id == event.id)).first()
        if is_handled:
            self._send_again(event)
        elif is_waiting:
            _count(event, "waiting")
        else:
            self._attempt(event, delivery, attempts=1)

    def _retry_one(self) -> bool:
        """Try the retry row that is due longest; False when none is due or the database is away."""
        try:
            row = claim_due(self._database, self._clock.now())
        except Exception as error:  # noqa: BLE001 - the row stays; the next turn tries again
            _log.warning("retry_not_claimed", error=error)
            return False
        if row is None:
            return False
        delivery = Delivery(row.topic, row.partition, row.offset, row.value.encode())
        return self._until_done(lambda: self._retry(row.event_id, delivery, row.attempts + 1), row.topic)

    def _retry(self, event_id: str, delivery: Delivery, attempts: int) -> None:
        try:
            event = self._decode(delivery)
        except UndecodableError as error:
            self._end(Failure(event_id, "", delivery, attempts, error.reason), None)
            return
        self._attempt(event, delivery, attempts)

    def _decode(self, delivery: Delivery) -> Event:
        handler = self._handlers.get(delivery.topic)
        if handler is None:
            raise UndecodableError("no_handler")
        event: Event = decode(delivery, handler.event_type)
        return event

    def _attempt(self, event: Event, delivery: Delivery, attempts: int) -> None:
        """One attempt; raises only when infrastructure is away."""
        try:
            self._handle(event)
        except RetryError:
            raise
        except CaseDeletedError:
            self._drop(event)
        except PoisonError as error:
            self._end(Failure(event.id, event.case_id, delivery, attempts, error.reason), event)
        except Exception as error:  # noqa: BLE001 - our own mistake: a few attempts, then a dead letter
            _log.error("event_failed", event=event.id, topic=event.topic, attempts=attempts, error=error)
            failure = Failure(event.id, event.case_id, delivery, attempts, f"bug {type(error).__name__}")
            if attempts >= ATTEMPTS_MAX:
                self._end(failure, event)
            else:
                self._postpone(failure)

    def _handle(self, event: Event) -> None:
        handler = self._handlers[event.topic]
        reach("event.received", event.topic)
        with PREPARE_SECONDS.labels(event.topic).time():
            result = handler.prepare(event, self._ports)
        reach("event.prepared", event.topic)
        with self._database.transaction() as transaction:
            is_new = self._enter(transaction, event.id, event)
            if is_new:
                _refuse_late(transaction, event)
                self._announce(transaction, event, handler.handle(event, result, transaction))
            reach("event.applied", event.topic)
        reach("event.committed", event.topic)
        if is_new:
            _count(event, "handled")
            self._wake_relay()
        else:
            self._send_again(event)

    def _drop(self, event: Event) -> None:
        with self._database.transaction() as transaction:
            self._enter(transaction, event.id, event)
        _count(event, "dropped")

    def _postpone(self, failure: Failure) -> None:
        with self._database.transaction() as transaction:
            if not _is_handled(transaction, failure.event_id):
                postpone(transaction, failure, self._clock.now())
        EVENTS.labels(failure.delivery.topic, "postponed").inc()

    def _end(self, failure: Failure, event: Event | None) -> None:
        """Make a dead letter, with the service's consequence (`give_up`) when the event is known."""
        try:
            self._bury(failure, event)
        except RetryError:
            raise
        except CaseDeletedError:
            if event is not None:
                self._drop(event)
        except Exception as error:
            if event is None:
                raise
            _log.error("give_up_failed", event=event.id, topic=event.topic, error=error)
            self._bury(failure, None)

    def _bury(self, failure: Failure, event: Event | None) -> None:
        with self._database.transaction() as transaction:
            if not self._enter(transaction, failure.event_id, event, topic=failure.delivery.topic):
                return
            bury(transaction, failure, self._clock.now())
            if event is not None:
                _refuse_late(transaction, event)
                give_up = self._handlers[event.topic].give_up
                self._announce(transaction, event, give_up(event, failure.reason, transaction))
        _log.error("dead_letter", event=failure.event_id, topic=failure.delivery.topic, reason=failure.reason)
        EVENTS.labels(failure.delivery.topic, "dead").inc()
        self._wake_relay()

    def _enter(self, transaction: Connection, event_id: str, event: Event | None, topic: str = "") -> bool:
        """Write the inbox row and remove the retry row; False when another process was faster."""
        if _is_handled(transaction, event_id):
            return False
        row = {
            "event_id": event_id,
            "topic": event.topic if event else topic,
            "case_id": event.case_id if event else "",
            "handled_at": self._clock.now(),
        }
        transaction.execute(insert(inbox).values(row))
        transaction.execute(delete(retry).where(retry.c.event_id == event_id))
        return True

    def _announce(self, transaction: Connection, cause: Event, events: Sequence[Event]) -> None:
        announce(transaction, events, cause_id=cause.id, process=self._process, now=self._clock.now())

    def _send_again(self, event: Event) -> None:
        """Send what `event` caused once more: its consumer may have lost it (see the design of replays).

        Once a minute at most for the same event: what is sent again makes its consumer send again in turn, and a
        replay of a long chain would otherwise grow with every link.
        """
        if self._was_sent_lately(event.id):
            _count(event, "duplicate")
            return
        caused = (
            select(outbox.c.topic, outbox.c.key, outbox.c.value)
            .where(outbox.c.cause_id == event.id)
            .order_by(outbox.c.sequence)
        )
        with self._database.reading() as view:
            messages = [Message(row.topic, row.key, row.value) for row in view.execute(caused)]
        if messages and not all(self._publisher.publish(messages)):
            raise RetryError("broker did not acknowledge")
        self._sent_again[event.id] = time.monotonic()
        _count(event, "duplicate")

    def _was_sent_lately(self, event_id: str) -> bool:
        since = time.monotonic() - _SEND_AGAIN_AFTER_S
        while self._sent_again and next(iter(self._sent_again.values())) < since:
            del self._sent_again[next(iter(self._sent_again))]  # the oldest stands first
        return event_id in self._sent_again


def _is_handled(connection: Connection, event_id: str) -> bool:
    return connection.execute(select(inbox.c.event_id).where(inbox.c.event_id == event_id)).first() is not None


def _refuse_late(transaction: Connection, event: Event) -> None:
    """Raise `CaseDeletedError`, which undoes the transaction, for an event that comes after its case's end."""
    if not isinstance(event, CaseDeleted | CaseForgotten) and is_forgotten(transaction, event.case_id):
        raise CaseDeletedError(event.case_id)


def _count(event: Event, outcome: str) -> None:
    EVENTS.labels(event.topic, outcome).inc()
