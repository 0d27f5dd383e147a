"""Counts crashes of the sandbox child, durably, and gives up after the third.

Place in the pipeline: around every sandbox job of a handler. Trust level: our own counts.
Residual risk: a page that crashes by bad luck three times is given up; it becomes a flag, never a silence.
"""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import insert, select, update

from services.ocr.sandbox.port import CRASHES_MAX
from services.ocr.sandbox.results import Crashed, Unreadable
from services.ocr.tables import crashes
from wetink.contracts.events import Event
from wetink.database import Database

T = TypeVar("T")


def run_counted(database: Database, event: Event, job: Callable[[], T | Unreadable | Crashed]) -> T | Unreadable:
    """Run `job` until it does not crash; `Unreadable("sandbox_crashed")` once it crashed three times in all."""
    count = _crashes_so_far(database, event)
    while count < CRASHES_MAX:
        result = job()
        if not isinstance(result, Crashed):
            return result
        count = _count_crash(database, event, count)
    return Unreadable("sandbox_crashed")


def _crashes_so_far(database: Database, event: Event) -> int:
    with database.reading() as view:
        return view.scalar(select(crashes.c.count).where(crashes.c.event_id == event.id)) or 0


def _count_crash(database: Database, event: Event, before: int) -> int:
    with database.transaction() as transaction:
        if before:
            transaction.execute(update(crashes).where(crashes.c.event_id == event.id).values(count=before + 1))
        else:
            transaction.execute(insert(crashes).values(event_id=event.id, case_id=event.case_id, count=1))
    return before + 1
