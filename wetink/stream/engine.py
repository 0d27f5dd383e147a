"""What both workers have in common: processor, timetable and relay around one publisher.

Place in the pipeline: inside a worker; the worker brings events in its one thread and acknowledges them.
Trust level: our own. Residual risk: none of its own.
"""

import threading
import time
from collections.abc import Sequence
from typing import Any

from wetink.clock import Clock
from wetink.database import Database
from wetink.faults import reach
from wetink.logs import Log
from wetink.settings import SharedSettings
from wetink.stream.busy import Busy
from wetink.stream.delivery import Delivery
from wetink.stream.handler import Handler, Timer
from wetink.stream.processor import Processor
from wetink.stream.publisher import Publisher
from wetink.stream.relay import Relay
from wetink.stream.timetable import Timetable

HANDLER_LIMIT_S = 300.0
"""Longest time one attempt may take before the process counts as stuck; also bounds a rebalance."""
_MOMENT_S = 1.0
"""Longest time for which looking what is due keeps no event waiting."""
_log = Log(__name__)


class Engine:
    """Handles deliveries and what is due, one thing at a time; `process` and `run_due` belong to one thread."""

    def __init__(  # noqa: PLR0913 - the worker names every part it joins
        self,
        *,
        handlers: Sequence[Handler[Any, Any, Any]],
        timers: Sequence[Timer[Any]],
        ports: object,
        database: Database,
        publisher: Publisher,
        clock: Clock,
        settings: SharedSettings,
    ) -> None:
        self._busy = Busy()
        self.relay = Relay(database, publisher, clock, settings.process)
        self._processor = Processor(
            handlers=handlers,
            ports=ports,
            database=database,
            publisher=publisher,
            clock=clock,
            settings=settings,
            busy=self._busy,
            wake_relay=self.relay.wake,
        )
        self._timetable = Timetable(timers, ports, self._busy, self.relay.wake)
        self._stopping = threading.Event()
        self._has_event = False
        self._due_since: float | None = None
        self._free_since = time.monotonic()

    def process(self, delivery: Delivery) -> bool:
        """True when `delivery` came to its end and may be acknowledged; never raises."""
        self._has_event = True
        try:
            is_done = self._processor.process(delivery)
            reach("event.ended", delivery.topic)
        except Exception as error:  # noqa: BLE001 - must not reach the consumer: it would acknowledge
            _log.error("processor_failed", topic=delivery.topic, error=error)
            return False
        else:
            return is_done
        finally:
            self._has_event = False
            self._free_since = time.monotonic()

    def run_due(self) -> None:
        """Run timers and retries that are due; never raises."""
        if self._stopping.is_set():
            return
        self._due_since = time.monotonic()
        self._timetable.run_due()
        self._processor.retry_due()
        if self._is_away():
            self._free_since = time.monotonic()
        self._due_since = None

    def interrupt(self) -> None:
        """Start nothing more; the event in work goes on to its end. From any thread."""
        self._stopping.set()
        self._processor.interrupt()

    @property
    def is_stopped_by_failures(self) -> bool:
        """Whether it waits because too much failed in a row; it is alive, and a new process would do no better."""
        return self._processor.is_stopped_by_failures

    def idle_for_s(self) -> float:
        """Seconds for which the thread could have taken an event; 0 while there is one or a long retry."""
        return 0.0 if self._has_event or self._is_away() else time.monotonic() - self._free_since

    def _is_away(self) -> bool:
        """Whether what is due takes so long that events wait for it."""
        since = self._due_since
        return since is not None and time.monotonic() - since > _MOMENT_S

    def problems(self) -> list[str]:
        """What keeps events from going on."""
        found = []
        if self._busy.seconds() > HANDLER_LIMIT_S:
            found.append("a handler hangs")
        if not self.relay.is_alive():
            found.append("the relay ended")
        return found
