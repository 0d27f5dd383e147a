"""Announces again what nobody has answered: Kafka is transport, the rows are the truth.

Place in the pipeline: a timer of every service that can tell which of its events had their effect and which not.
The rows are not sent here: they are marked as unpublished, and the relay sends them as it sent them first. Who
has the effect already sends its own stored consequences again, so a whole chain comes to life from its first link.
Trust level: our own rows. Residual risk: an event that can never have an effect is sent again every hour.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, update

from wetink.clock import Clock
from wetink.database import Database
from wetink.logs import Log
from wetink.metrics import ANNOUNCED_AGAIN
from wetink.stream.handler import Timer
from wetink.stream.outbox import announced
from wetink.stream.tables import outbox

_LONGEST_PAUSE_S = 3_600.0
_DOUBLED = 20
"""Times after which doubling changes nothing any more."""
_LONGEST_INTERVAL_S = 60.0
_log = Log(__name__)

Unanswered = Callable[[Connection], Iterable[str]]
"""Given a view of the service's database: ids of the events that had no effect yet, just announced or not."""


class Reconciler:
    """`run` announces again what is unanswered since `after_s`; each time the pause doubles, up to an hour."""

    def __init__(self, database: Database, clock: Clock, after_s: float, unanswered: Unanswered) -> None:
        self._database = database
        self._clock = clock
        self._after_s = after_s
        self._unanswered = unanswered
        self._times: dict[str, int] = {}

    def run(self, _ports: object) -> None:
        """Look once."""
        now = self._clock.now()
        with self._database.reading() as view:
            ids = set(self._unanswered(view))
            rows = [row for row in announced(view, sorted(ids)) if row.published_at is not None]
        self._times = {event_id: times for event_id, times in self._times.items() if event_id in ids}
        due = [row for row in rows if not now - self._pause(row.event_id) < row.published_at <= now]
        if due:
            self._announce(due)

    def _pause(self, event_id: str) -> timedelta:
        return timedelta(
            seconds=min(self._after_s * 2 ** min(self._times.get(event_id, 0), _DOUBLED), _LONGEST_PAUSE_S)
        )

    def _announce(self, due: Sequence[Row[Any]]) -> None:
        """Unless another process of the service was faster: then the row is published later or not at all."""
        with self._database.transaction() as transaction:
            for row in due:
                same = outbox.c.sequence == row.sequence, outbox.c.published_at == row.published_at
                transaction.execute(update(outbox).where(*same).values(published_at=None))
        for row in due:
            self._times[row.event_id] = self._times.get(row.event_id, 0) + 1
            ANNOUNCED_AGAIN.labels(row.topic).inc()
        _log.warning("announced_again", count=len(due))


def reconciling(database: Database, clock: Clock, after_s: float, unanswered: Unanswered) -> Timer[object]:
    """The timer; it looks five times in the shortest pause, and at least once a minute."""
    reconciler = Reconciler(database, clock, after_s, unanswered)
    return Timer("reconciler", min(after_s / 5, _LONGEST_INTERVAL_S), reconciler.run)
