"""Ends a process that is stuck, so that its supervisor starts a new one.

Place in the pipeline: a thread of every process with a stream worker. Trust level: our own.
Residual risk: what was in work comes again, as after any kill.
"""

import threading
import time
from collections.abc import Callable

from wetink.health import Health
from wetink.logs import Log

_LOOK_S = 2.0
_log = Log(__name__)


class Watchdog:
    """Calls `end` once problems have lasted for `patience_s` without a pause."""

    def __init__(self, health: Health, end: Callable[[], None], patience_s: float) -> None:
        self._health = health
        self._end = end
        self._patience_s = patience_s
        self._unwell_since: float | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)

    def start(self) -> None:
        """Start looking."""
        self._thread.start()

    def stop(self) -> None:
        """Stop looking."""
        self._stopping.set()

    def look(self, now: float) -> bool:
        """Look once (`now` in seconds of any steady clock); True when the end was called."""
        problems = self._health.problems()
        if not problems:
            self._unwell_since = None
            return False
        if self._unwell_since is None:
            self._unwell_since = now
        if now - self._unwell_since < self._patience_s:
            return False
        _log.error("stuck", problems="; ".join(problems))
        self._end()
        return True

    def _run(self) -> None:
        while not self._stopping.wait(_LOOK_S):
            if self.look(time.monotonic()):
                return
