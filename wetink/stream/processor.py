"""The heart of the stream, without Kafka: what happens to one event, so that it is neither lost nor done twice.

Place in the pipeline: called by the workers with every event, in their one thread; calls the services' handlers.
Trust level: events are validated here. Nothing raises out of it: an event ends as done, as a retry row or as a
dead letter, or stays where it is, in work, while a part it needs is away. Work that may kill the worker is counted
before it begins (see docs/decisions/19).
Residual risk: a duplicate costs `prepare` at most, never a row.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from wetink.clock import Clock
from wetink.contracts.events import CaseDeleted, CaseForgotten, Event
from wetink.database import Database
from wetink.errors import CaseDeletedError, PoisonError, RetryError, is_disk_trouble
from wetink.faults import reach
from wetink.logs import Log
from wetink.metrics import EVENTS, PREPARE_SECONDS, WAITS
from wetink.settings import SharedSettings
from wetink.stream.budget import CASES_MAX, Budget
from wetink.stream.busy import Busy
from wetink.stream.delivery import Delivery, UndecodableError, decode
from wetink.stream.failures import (
    ATTEMPTS_MAX,
    STARTS_MAX,
    Failure,
    begin,
    bury,
    claim_due,
    forget_retry,
    killers,
    let_go,
    postpone,
    take_back,
)
from wetink.stream.forgetting import is_forgotten
from wetink.stream.handler import Handler
from wetink.stream.outbox import announce
from wetink.stream.publisher import Message, Publisher
from wetink.stream.tables import inbox, outbox, retry

_SHORTEST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 10.0
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
        settings: SharedSettings,
        busy: Busy,
        wake_relay: Callable[[], None],
    ) -> None:
        self._handlers = {handler.event_type.topic: handler for handler in handlers}
        self._ports = ports
        self._database = database
        self._publisher = publisher
        self._clock = clock
        self._settings = settings
        self._process = settings.process
        self._busy = busy
        self._wake_relay = wake_relay
        self._stop = threading.Event()
        self._sent_again: dict[str, float] = {}
        self._budget = Budget(settings.budget_pause_s)
        self._counted: str | None = None
        self._counting = threading.Lock()
        self._is_resumed = False

    @property
    def is_stopped_by_failures(self) -> bool:
        """Whether it waits because too much failed in a row."""
        return self._budget.is_spent

    def process(self, delivery: Delivery) -> bool:
        """Bring one delivery to its end; True when it may be acknowledged, False when interrupted before.

        While a part is away the same event is tried again and again, with growing pauses.
        """
        if not self._until_done(self._resume, delivery.topic):
            return False
        self._stop.wait(self._budget.pause_s(delivery.topic))
        return self._until_done(lambda: self._settle(delivery), delivery.topic)

    def retry_due(self) -> None:
        """Try the events whose retry is due, of all processes of the service; never raises."""
        while not self._stop.is_set() and self._retry_one():
            pass

    def interrupt(self) -> None:
        """Start nothing more and end pauses; the event in work goes on to its end.

        Should it be dropped before that, its start does not count.
        """
        self._stop.set()
        try:
            self._take_back()
        except RetryError as error:
            _log.warning("start_not_taken_back", error=error)

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
            self._budget.fail(delivery.topic, delivery.raw_id)  # whose case it is, nobody can tell
            return
        with self._database.reading() as view:
            is_handled = _is_handled(view, event.id)
            waiting = view.execute(select(retry).where(retry.c.event_id == event.id)).first()
        if is_handled:
            self._send_again(event)
        elif waiting is None or waiting.process == self._process:
            self._attempt(event, delivery, attempts=waiting.attempts + 1 if waiting else 1)
        else:
            self._leave_waiting(event, waiting)

    def _leave_waiting(self, event: Event, waiting: Row[Any]) -> None:
        """Its row is tried when it is due; who had it in work lost it, or Kafka would not have sent it here."""
        if waiting.process is not None:
            with self._database.transaction() as transaction:
                let_go(transaction, retry.c.event_id == event.id, self._clock.now(), self._settings.start_pause_s)
        _count(event, "waiting")

    def _resume(self) -> None:
        """Once, after the start: what this process had in work when it ended can be tried again.

        Cases whose pages keep killing workers count as failures, or a version that dies of every page would use up
        all their starts.
        """
        if self._is_resumed:
            return
        ours = retry.c.process == self._process
        with self._database.transaction() as transaction:
            let_go(transaction, ours, self._clock.now(), self._settings.start_pause_s)
            for topic, case_id in killers(transaction, self._handlers.keys(), CASES_MAX):
                self._budget.fail(topic, case_id)
        self._is_resumed = True

    def _retry_one(self) -> bool:
        """Try the retry row that is due longest; False when none is due or the database is away."""
        try:
            self._resume()
            topics = [topic for topic in self._handlers if not self._budget.pause_s(topic)]
            row = claim_due(self._database, topics, self._process, self._clock.now())
        except Exception as error:  # noqa: BLE001 - the row stays; the next turn tries again
            _log.warning("retry_not_claimed", error=error)
            return False
        return row is not None and self._until_done(lambda: self._retry(row), row.topic)

    def _retry(self, row: Row[Any]) -> None:
        delivery = Delivery(row.topic, row.partition, row.offset, row.value.encode())
        attempts = row.attempts + 1
        try:
            event = self._decode(delivery)
        except UndecodableError as error:
            self._end(Failure(row.event_id, "", delivery, attempts, error.reason), None)
            return
        self._attempt(event, delivery, attempts)
        if event.id != row.event_id:  # it was undecodable when it died: its row has no other end
            with self._database.transaction() as transaction:
                forget_retry(transaction, row.event_id)

    def _decode(self, delivery: Delivery) -> Event:
        handler = self._handlers.get(delivery.topic)
        if handler is None:
            raise UndecodableError("no_handler")
        event: Event = decode(delivery, handler.event_type)
        return event

    def _attempt(self, event: Event, delivery: Delivery, attempts: int) -> None:
        """One attempt; raises only when infrastructure is away, and then it does not count as a start."""
        work = Failure(event.id, event.case_id, delivery, attempts, "in_work")
        try:
            self._try(event, work, self._begin(event, work))
        except RetryError:
            self._take_back()
            raise
        finally:
            self._counted = None

    def _begin(self, event: Event, work: Failure) -> int:
        """Count the start of an event whose work may kill this process; the row goes when the event ends."""
        if not self._handlers[event.topic].counts_starts:
            return 0
        before = replace(work, attempts=work.attempts - 1)
        with self._database.transaction() as transaction:
            starts = begin(transaction, before, self._process, self._clock.now())
        self._counted = event.id
        if self._stop.is_set():
            raise RetryError("the worker stops")
        return starts

    def _take_back(self) -> None:
        """The start in hand does not count; once, whichever thread is first."""
        with self._counting:
            counted, self._counted = self._counted, None
        if counted is not None:
            with self._database.transaction() as transaction:
                take_back(transaction, counted)

    def _try(self, event: Event, work: Failure, starts: int) -> None:
        if starts > STARTS_MAX:
            self._fail(replace(work, attempts=STARTS_MAX, reason="worker_died"), event)
            return
        try:
            self._handle(event)
        except RetryError:
            raise
        except CaseDeletedError:
            self._drop(event)
        except PoisonError as error:
            self._fail(replace(work, attempts=max(work.attempts, error.attempts), reason=error.reason), event)
        except Exception as error:
            if is_disk_trouble(error):
                raise RetryError("no room on the disk") from error
            _log.error("event_failed", event=event.id, topic=event.topic, attempts=work.attempts, error=error)
            failure = replace(work, reason=f"bug {type(error).__name__}")
            self._fail(failure, event, is_final=work.attempts >= ATTEMPTS_MAX)
        else:
            self._budget.succeed(event.topic)

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

    def _fail(self, failure: Failure, event: Event, *, is_final: bool = True) -> None:
        if is_final:
            self._end(failure, event)
        else:
            self._postpone(failure, event)
        self._budget.fail(event.topic, event.case_id)

    def _postpone(self, failure: Failure, event: Event) -> None:
        with self._database.transaction() as transaction:
            if _is_late(transaction, event) or _is_handled(transaction, event.id):
                forget_retry(transaction, event.id)
                return
            postpone(transaction, failure, self._clock.now())
        _count(event, "postponed")

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
        forget_retry(transaction, event_id)
        if _is_handled(transaction, event_id):
            return False
        row = {
            "event_id": event_id,
            "topic": event.topic if event else topic,
            "case_id": event.case_id if event else "",
            "handled_at": self._clock.now(),
        }
        transaction.execute(insert(inbox).values(row))
        return True

    def _announce(self, transaction: Connection, cause: Event, events: Sequence[Event]) -> None:
        announce(transaction, events, cause_id=cause.id, process=self._process, now=self._clock.now())

    def _send_again(self, event: Event) -> None:
        """Send what `event` caused once more: its consumer may have lost it (see the design of replays).

        Once in a while for the same event (`send_again_after_s`): what is sent again makes its consumer send again
        in turn, and a replay of a long chain would otherwise grow with every link.
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
        since = time.monotonic() - self._settings.send_again_after_s
        while self._sent_again and next(iter(self._sent_again.values())) < since:
            del self._sent_again[next(iter(self._sent_again))]  # the oldest stands first
        return event_id in self._sent_again


def _is_handled(connection: Connection, event_id: str) -> bool:
    return connection.execute(select(inbox.c.event_id).where(inbox.c.event_id == event_id)).first() is not None


def _refuse_late(transaction: Connection, event: Event) -> None:
    """Raise `CaseDeletedError`, which undoes the transaction, for an event that comes after its case's end."""
    if _is_late(transaction, event):
        raise CaseDeletedError(event.case_id)


def _is_late(transaction: Connection, event: Event) -> bool:
    return not isinstance(event, CaseDeleted | CaseForgotten) and is_forgotten(transaction, event.case_id)


def _count(event: Event, outcome: str) -> None:
    EVENTS.labels(event.topic, outcome).inc()
