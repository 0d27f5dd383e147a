"""Deciding an event: its row is written in the same transaction as the effect it tells of.

Place in the pipeline: called by the processor for what handlers return, and by intake's routes and by timers; the
relay publishes what is written here.
Trust level: our own events. Residual risk: none; a row is published at least once.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from wetink.contracts.events import Event
from wetink.stream.tables import outbox

_LOOKED_UP = 500
"""Ids in one query: databases take only so many."""


def announce(
    transaction: Connection, events: Iterable[Event], *, cause_id: str, process: str, now: datetime
) -> None:
    """Write outbox rows for `events`; an event whose id is there already is left as it is.

    `cause_id` names what caused them (an event's id, a request's id): met again, it sends them again.
    `process` is the one whose relay publishes first.
    """
    for event in events:
        if transaction.execute(select(outbox.c.sequence).where(outbox.c.event_id == event.id)).first():
            continue
        transaction.execute(
            outbox.insert().values(
                event_id=event.id,
                cause_id=cause_id,
                case_id=event.case_id,
                topic=event.topic,
                key=event.key,
                value=event.model_dump_json(),
                process=process,
                created_at=now,
            )
        )


def announced(view: Connection, event_ids: Sequence[str]) -> list[Row[Any]]:
    """The rows of those of `event_ids` that were decided here."""
    parts = [event_ids[start : start + _LOOKED_UP] for start in range(0, len(event_ids), _LOOKED_UP)]
    return [row for part in parts for row in view.execute(select(outbox).where(outbox.c.event_id.in_(part)))]
