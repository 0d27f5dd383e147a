"""The relay: publishes outbox rows and marks them when the broker has them.

Place in the pipeline: a thread of every process with a database, between its outbox and Kafka.
Trust level: our own rows. Order: rows go out by sequence, so by key in order unless a single send fails.
Residual risk: a row whose mark is lost (kill between acknowledgement and commit) is sent twice.
"""

import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, and_, or_, select, update

from wetink.clock import Clock
from wetink.database import Database
from wetink.faults import reach
from wetink.logs import Log
from wetink.metrics import PUBLISH_FAILURES, PUBLISHED
from wetink.stream.publisher import Message, Publisher
from wetink.stream.tables import outbox

_BATCH = 200
_POLL_S = 0.5
_TAKEOVER_S = 10.0
_log = Log(__name__)


class Relay:
    """Sends unpublished rows: this process's at once, those of processes that seem gone after ten seconds.

    Rows of others wait until this relay has been sending without failure for as long, so that the end of an
    outage does not make every process send every row.
    """

    def __init__(self, database: Database, publisher: Publisher, clock: Clock, process: str) -> None:
        self._database = database
        self._publisher = publisher
        self._clock = clock
        self._process = process
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._well_since = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def wake(self) -> None:
        """Look at once: a transaction that wrote outbox rows was committed."""
        self._wake.set()

    def stop(self, timeout_s: float) -> None:
        """End the thread; rows that are not sent stay for the next start."""
        self._stop.set()
        self._wake.set()
        self._thread.join(timeout_s)

    def is_alive(self) -> bool:
        """True while the thread runs."""
        return self._thread.is_alive()

    def publish_waiting(self) -> int:
        """Send one batch and mark it; the number of rows marked. Errors of the database leave it."""
        rows = self._waiting()
        if not rows:
            return 0
        reach("relay.sending")
        acknowledged = self._publisher.publish([Message(row.topic, row.key, row.value) for row in rows])
        sent = [row for row, is_sent in zip(rows, acknowledged, strict=True) if is_sent]
        for row in sent:
            PUBLISHED.labels(row.topic).inc()
        if len(sent) < len(rows):
            PUBLISH_FAILURES.inc(len(rows) - len(sent))
            self._well_since = time.monotonic()
        reach("relay.published")
        self._mark(sent)
        return len(sent)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            try:
                progress = self.publish_waiting()
            except Exception as error:  # noqa: BLE001 - the relay outlives every failure; the rows stay
                _log.warning("relay_waits", error=error)
                progress = 0
            if progress == 0:
                self._wake.wait(_POLL_S)

    def _waiting(self) -> Sequence[Row[Any, Any, Any, Any]]:
        mine = outbox.c.process == self._process
        if time.monotonic() - self._well_since >= _TAKEOVER_S:
            now = self._clock.now()
            is_fresh = outbox.c.created_at.between(now - timedelta(seconds=_TAKEOVER_S), now)
            mine = or_(mine, ~is_fresh)
        query = (
            select(outbox.c.sequence, outbox.c.topic, outbox.c.key, outbox.c.value)
            .where(and_(outbox.c.published_at.is_(None), mine))
            .order_by(outbox.c.sequence)
            .limit(_BATCH)
        )
        with self._database.reading() as view:
            return view.execute(query).all()

    def _mark(self, sent: Sequence[Row[Any, Any, Any, Any]]) -> None:
        if not sent:
            return
        numbers = [row.sequence for row in sent]
        with self._database.transaction() as transaction:
            transaction.execute(
                update(outbox).where(outbox.c.sequence.in_(numbers)).values(published_at=self._clock.now())
            )
