"""Rows for what went wrong: events to try again and dead letters.

Place in the pipeline: written by the processor inside its transactions; listed and replayed by administrators.
Trust level: events (ids and codes) and reasons (codes). A value that is no event is kept as it came.
Residual risk: a claim that outlives its lease is worked on twice; the inbox lets only one take effect.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from wetink.database import Database
from wetink.stream.delivery import Delivery
from wetink.stream.tables import dead_letter, inbox, outbox, retry

ATTEMPTS_MAX = 5
"""Attempts after which an event that fails for a reason of our own is a dead letter."""
_PAUSES_S = (2, 8, 30, 120)
_LEASE_S = 600
_REASON_CHARACTERS_MAX = 200


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
    transaction.execute(delete(retry).where(retry.c.event_id == failure.event_id))
    transaction.execute(insert(retry).values(**failure.columns(), due_at=due_at))


def bury(transaction: Connection, failure: Failure, now: datetime) -> None:
    """Write the dead letter and remove the retry row; one that dies again after a replay is renewed."""
    transaction.execute(delete(retry).where(retry.c.event_id == failure.event_id))
    transaction.execute(delete(dead_letter).where(dead_letter.c.event_id == failure.event_id))
    transaction.execute(insert(dead_letter).values(**failure.columns(), died_at=now))


def claim_due(database: Database, now: datetime) -> Row[Any] | None:
    """The retry row that is due longest, now ours for ten minutes; None when nothing is due."""
    due = select(retry).where(retry.c.due_at <= now).order_by(retry.c.due_at).limit(1)
    with database.reading() as view:
        row = view.execute(due).first()
    if row is None:
        return None
    claim = update(retry).where(retry.c.event_id == row.event_id, retry.c.due_at == row.due_at)
    with database.transaction() as transaction:
        claimed = transaction.execute(claim.values(due_at=now + timedelta(seconds=_LEASE_S)))
    return row if claimed.rowcount == 1 else None


def replay(transaction: Connection, event_id: str, now: datetime) -> bool:
    """Let a dead letter be tried again at once by the service's workers; False when there is no such.

    What its end caused (its outbox rows) is forgotten here, so that the new attempt may decide otherwise.
    """
    row = transaction.execute(select(dead_letter).where(dead_letter.c.event_id == event_id)).first()
    if row is None:
        return False
    transaction.execute(delete(inbox).where(inbox.c.event_id == event_id))
    transaction.execute(delete(outbox).where(outbox.c.cause_id == event_id))
    delivery = Delivery(row.topic, row.partition, row.offset, row.value.encode())
    postpone(transaction, Failure(event_id, row.case_id, delivery, 1, "replayed"), now)
    transaction.execute(update(retry).where(retry.c.event_id == event_id).values(attempts=0, due_at=now))
    transaction.execute(update(dead_letter).where(dead_letter.c.event_id == event_id).values(replayed_at=now))
    return True
