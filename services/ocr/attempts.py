"""Counts crashes of the sandbox child, durably, and gives up after the third.

Place in the pipeline: around every sandbox job of a handler. Trust level: our own counts.
Residual risk: a page that crashes by bad luck three times is given up; it becomes a flag, never a silence.
"""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import delete, insert, select

from services.ocr.sandbox.port import CRASHES_MAX
from services.ocr.sandbox.results import Crashed, Unreadable
from services.ocr.tables import crashes
from wetink.contracts.events import Event
from wetink.database import Database
from wetink.errors import PoisonError

T = TypeVar("T")


def run_counted(database: Database, event: Event, job: Callable[[], T | Unreadable | Crashed]) -> T | Unreadable:
    """Run `job` until it does not crash.

    Raises `PoisonError("sandbox_crashed")` once it crashed three times in all; the count then begins anew, for
    whoever replays the dead letter.
    """
    while True:
        result = job()
        if not isinstance(result, Crashed):
            return result
        if _count_crash(database, event) == CRASHES_MAX:
            raise PoisonError(result.reason, attempts=CRASHES_MAX)


def _count_crash(database: Database, event: Event) -> int:
    """Count one; how many there are now. The last one's row goes: the dead letter tells of it."""
    ours = crashes.c.event_id == event.id
    with database.transaction() as transaction:
        count = (transaction.scalar(select(crashes.c.count).where(ours)) or 0) + 1
        transaction.execute(delete(crashes).where(ours))
        if count < CRASHES_MAX:
            transaction.execute(insert(crashes).values(event_id=event.id, case_id=event.case_id, count=count))
    return count
