"""The timers of a service: which are due, and running them.

Place in the pipeline: run by the workers between events, in their one thread.
Trust level: our own. Residual risk: a timer that fails runs again only at its next turn.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any

from wetink.logs import Log
from wetink.metrics import TIMER_FAILURES
from wetink.stream.busy import Busy
from wetink.stream.handler import Timer

_log = Log(__name__)


class Timetable:
    """Runs each timer at the start and then every `interval_s`; `wake_relay` is called after each run."""

    def __init__(
        self, timers: Sequence[Timer[Any]], ports: object, busy: Busy, wake_relay: Callable[[], None]
    ) -> None:
        self._due = dict.fromkeys(timers, 0.0)
        self._ports = ports
        self._busy = busy
        self._wake_relay = wake_relay

    def run_due(self) -> None:
        """Run what is due; never raises."""
        for timer, due in self._due.items():
            if time.monotonic() >= due:
                self._due[timer] = time.monotonic() + timer.interval_s
                self._run(timer)

    def _run(self, timer: Timer[Any]) -> None:
        try:
            with self._busy.working():
                timer.run(self._ports)
        except Exception as error:  # noqa: BLE001 - it runs again at its next turn
            _log.error("timer_failed", timer=timer.name, error=error)
            TIMER_FAILURES.labels(timer.name).inc()
        self._wake_relay()
