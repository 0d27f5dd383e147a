"""Metrics that are counted when somebody asks for them, so that nobody pays for them at each event.

Place in the pipeline: registered by the services' `__main__`, called at each `GET /metrics`.
Trust level: numbers of our own rows; a label is a code, never an id. Residual risk: a count that fails is left out
of the answer; an alert must take a missing metric for a bad one.
"""

from collections.abc import Callable, Iterable

from prometheus_client import REGISTRY
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from wetink.logs import Log

_log = Log(__name__)


class Scraped(Collector):
    """Calls `count` at each scrape."""

    def __init__(self, count: Callable[[], Iterable[Metric]]) -> None:
        self._count = count

    def describe(self) -> Iterable[Metric]:
        """Nothing: the registry would otherwise count once at the registration."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """What was counted; nothing when that failed, e.g. because the database is away."""
        try:
            return list(self._count())
        except Exception as error:  # noqa: BLE001 - one part that is away must not hide all other metrics
            _log.warning("not_counted", error=error)
            return ()


def count_when_scraped(count: Callable[[], Iterable[Metric]]) -> None:
    """Let `/metrics` of this process answer with what `count` returns, too."""
    REGISTRY.register(Scraped(count))
