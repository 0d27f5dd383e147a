"""The budget of failures: when events of many cases fail in a row, the fault is ours, and the consumer stops.

Place in the pipeline: kept by the processor, which waits before each event of a topic whose budget is spent.
Trust level: our own counts, in memory: a new process (a mended version) begins anew.
Residual risk: a fault that spares every other case never spends the budget, and a client who may open cases can
spend it with five of them, each with a file that crashes the sandbox.

A case counts once, however many of its documents fail, so that one case's files cannot stop the work on others.
"""

import time
from dataclasses import dataclass

from wetink.logs import Log
from wetink.metrics import BUDGET_SPENT

CASES_MAX = 5
"""So many different cases in a row, without one success of the topic between, spend its budget."""
_LONGEST_PAUSE_S = 120.0
_log = Log(__name__)


class Budget:
    """Failures in a row, by topic.

    `first_pause_s` is how long a spent budget stops the consumer, doubled after each event that is tried then and
    fails too; one success gives the budget back.
    """

    def __init__(self, first_pause_s: float) -> None:
        self._first_pause_s = first_pause_s
        self._failed_cases: dict[str, set[str]] = {}
        self._pauses: dict[str, _Pause] = {}

    @property
    def is_spent(self) -> bool:
        """Whether that of any topic is."""
        return bool(self._pauses)

    def pause_s(self, topic: str) -> float:
        """Seconds until the next event of `topic` is to be tried."""
        pause = self._pauses.get(topic)
        return max(0.0, pause.ends_at - time.monotonic()) if pause else 0.0

    def fail(self, topic: str, case_id: str) -> None:
        """An event of the case failed by a bug or a crash, or was found to be poison."""
        cases = self._failed_cases.setdefault(topic, set())
        cases.add(case_id)
        if len(cases) < CASES_MAX:
            return
        before = self._pauses.get(topic)
        seconds = min(before.seconds * 2, _LONGEST_PAUSE_S) if before else self._first_pause_s
        self._pauses[topic] = _Pause(seconds, time.monotonic() + seconds)
        _log.error("budget_spent", topic=topic, pause_s=seconds)
        BUDGET_SPENT.labels(topic).set(1)

    def succeed(self, topic: str) -> None:
        """An event of the topic was handled."""
        self._failed_cases.pop(topic, None)
        if self._pauses.pop(topic, None):
            _log.info("budget_restored", topic=topic)
            BUDGET_SPENT.labels(topic).set(0)


@dataclass(frozen=True)
class _Pause:
    seconds: float
    ends_at: float
