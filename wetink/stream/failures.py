"""Rows for what went wrong or may go wrong: events to try again, starts that are counted, dead letters.

Place in the pipeline: written by the processor inside its transactions; listed and replayed by administrators.
Trust level: events (ids and codes) and reasons (codes). A value that is no event is kept as it came.
Residual risk: what is in work for longer than its lease is worked on twice; the inbox lets only one take effect.

A start is counted before the work, and its row goes when the event ends, however it ends: what stays is a start
whose worker died. See docs/decisions/19.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, or_, select, update

from wetink.database import Database
from wetink.stream.delivery import Delivery
from wetink.stream.tables import dead_letter, inbox, retry

ATTEMPTS_MAX = 5
"""Attempts after which an event that fails for a reason of our own is a dead letter."""
STARTS_MAX = 10
"""Starts without a recorded end after which an event is a dead letter: its workers died of it."""
_PAUSES_S = (2, 8, 30, 120)
_LONGEST_START_PAUSE_S = 300.0
_LEASE = timedelta(seconds=600)
_REASON_CHARACTERS_MAX = 200
_STARTS = func.coalesce(retry.c.starts, 0).label("starts")
"""None in a row that a process of an older version wrote, beside newer ones on the same database."""


@dataclass(frozen=True)
class Failure:
    """An event that failed: `attempts` counts this one, `reason` is a code. `case_id` is empty when unknown."""

    event_id: str
    case_id: str
    delivery: Delivery
    attempts: int
    reason: str

    def columns(self) -> dict[str, object]:
        """What retry rows and dead letters have in common."""
        return {
            "event_id": self.event_id,
            "case_id": self.case_id,
            "topic": self.delivery.topic,
            "partition": self.delivery.partition,
            "offset": self.delivery.offset,
            "value": self.delivery.text,
            "attempts": self.attempts,
            "reason": self.reason[:_REASON_CHARACTERS_MAX],
        }


def postpone(transaction: Connection, failure: Failure, now: datetime) -> None:
    """Write the event's retry row, or write it anew; the pause grows with the attempts."""
    due_at = now + timedelta(seconds=_PAUSES_S[min(failure.attempts, len(_PAUSES_S)) - 1])
    forget_retry(transaction, failure.event_id)
    transaction.execute(insert(retry).values(**failure.columns(), due_at=due_at))


def bury(transaction: Connection, failure: Failure, now: datetime) -> None:
    """Write the dead letter and remove the retry row; one that dies again after a replay is renewed."""
    forget_retry(transaction, failure.event_id)
    transaction.execute(delete(dead_letter).where(dead_letter.c.event_id == failure.event_id))
    transaction.execute(insert(dead_letter).values(**failure.columns(), died_at=now))


def begin(transaction: Connection, work: Failure, process: str, now: datetime) -> int:
    """Count a start of the event by `process`, before its work; how many had no end, with this one."""
    ours = retry.c.event_id == work.event_id
    held = {"process": process, "due_at": now + _LEASE}
    row = transaction.execute(select(_STARTS).where(ours)).first()
    if row is None:
        transaction.execute(insert(retry).values(**work.columns(), **held, starts=1))
        return 1
    transaction.execute(update(retry).where(ours).values(**held, starts=row.starts + 1))
    return int(row.starts) + 1


def take_back(transaction: Connection, event_id: str) -> None:
    """A start ends without a decision (a part is away, the process stops): it does not count."""
    ours = (retry.c.event_id == event_id, retry.c.starts > 0)
    transaction.execute(update(retry).where(*ours).values(starts=retry.c.starts - 1))


def let_go(transaction: Connection, which: ColumnElement[bool], now: datetime, first_pause_s: float) -> None:
    """The rows `which` were in work when their worker ended: due after a pause that grows with the starts.

    None after the first start, which may have been a power cut, then `first_pause_s`, doubled each time.
    """
    for row in transaction.execute(select(retry.c.event_id, _STARTS).where(which)).all():
        pause_s = min(first_pause_s * 2 ** (row.starts - 2), _LONGEST_START_PAUSE_S) if row.starts > 1 else 0.0
        ours = retry.c.event_id == row.event_id
        due_at = now + timedelta(seconds=pause_s)
        transaction.execute(update(retry).where(ours).values(process=None, due_at=due_at))


def killers(view: Connection, topics: Collection[str], limit: int) -> Sequence[Row[str, str]]:
    """Topic and case of at most `limit` events of `topics` after whose start a worker died more than once."""
    died = (retry.c.starts > 1, retry.c.process.is_(None), retry.c.topic.in_(topics))
    return view.execute(select(retry.c.topic, retry.c.case_id).where(*died).distinct().limit(limit)).all()


def forget_retry(transaction: Connection, event_id: str) -> None:
    """Remove the event's retry row, if there is one: the event came to its end."""
    transaction.execute(delete(retry).where(retry.c.event_id == event_id))


def claim_due(database: Database, topics: Collection[str], process: str, now: datetime) -> Row[Any] | None:
    """The retry row of `topics` that is due longest, now held by `process`; None when nothing is due."""
    # No row is ever due later than a lease from now, unless the clock was set back since.
    is_due = or_(retry.c.due_at <= now, retry.c.due_at > now + _LEASE)
    due = select(retry).where(is_due, retry.c.topic.in_(topics)).order_by(retry.c.due_at).limit(1)
    with database.reading() as view:
        row = view.execute(due).first()
    if row is None:
        return None
    claim = update(retry).where(retry.c.event_id == row.event_id, retry.c.due_at == row.due_at)
    with database.transaction() as transaction:
        claimed = transaction.execute(claim.values(due_at=now + _LEASE, process=process))
    return row if claimed.rowcount == 1 else None


def replay(transaction: Connection, event_id: str, now: datetime) -> bool:
    """Let a dead letter be tried again at once by the service's workers; False when none waits for that.

    One that was replayed is not replayed again, unless it died again. What its end caused stays as it was told.
    """
    waiting = (dead_letter.c.event_id == event_id, dead_letter.c.replayed_at.is_(None))
    row = transaction.execute(select(dead_letter).where(*waiting)).first()
    if row is None:
        return False
    transaction.execute(delete(inbox).where(inbox.c.event_id == event_id))
    delivery = Delivery(row.topic, row.partition, row.offset, row.value.encode())
    again = Failure(event_id, row.case_id, delivery, 0, "replayed")
    transaction.execute(insert(retry).values(**again.columns(), due_at=now))
    transaction.execute(update(dead_letter).where(*waiting).values(replayed_at=now))
    return True
