"""Forgetting a case: what the stream itself keeps of it, and how late events of it are known.

Place in the pipeline: called by each service's handler of `case.deleted`; the processor asks `is_forgotten` before
every effect. The mark of a deleted case is the inbox row of its `case.deleted`, so that no service needs a list.
Trust level: ids only. Residual risk: ids of deleted cases stay in the inbox.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from wetink.contracts.events import CaseDeleted, CaseForgotten
from wetink.database import Database
from wetink.errors import RetryError
from wetink.stream.handler import Timer
from wetink.stream.tables import dead_letter, inbox, outbox, retry

_ABOUT_DELETION = (CaseDeleted.topic, CaseForgotten.topic)
_SCRUB_INTERVAL_S = 10.0


def is_forgotten(connection: Connection, case_id: str) -> bool:
    """Whether the service has handled the case's `case.deleted`."""
    mark = select(inbox.c.event_id).where(inbox.c.case_id == case_id, inbox.c.topic == CaseDeleted.topic)
    return connection.execute(mark).first() is not None


def forget_case(transaction: Connection, case_id: str) -> None:
    """Remove the stream's rows of the case, save those that tell of its deletion."""
    for table in (inbox, outbox, retry, dead_letter):
        transaction.execute(delete(table).where(table.c.case_id == case_id, table.c.topic.not_in(_ABOUT_DELETION)))


def mark_forgotten(transaction: Connection, event: CaseDeleted, now: datetime) -> None:
    """Note that the case is deleted, in the service that decides it and hence receives no such event."""
    if not is_forgotten(transaction, event.case_id):
        transaction.execute(
            insert(inbox).values(event_id=event.id, topic=event.topic, case_id=event.case_id, handled_at=now)
        )


def forgotten(event: CaseDeleted, service: str) -> CaseForgotten:
    """The event by which `service` says that it is done."""
    return CaseForgotten(
        organisation_id=event.organisation_id,
        case_id=event.case_id,
        occurred_at=event.occurred_at,
        service=service,
    )


def scrubbing(database: Database) -> Timer[object]:
    """A timer that, after a deletion, clears the traces that deleted rows leave beside the database's file."""
    return Timer("scrub", _SCRUB_INTERVAL_S, _scrub_after_deletions(database))


def _scrub_after_deletions(database: Database) -> Callable[[object], None]:
    scrubbed_up_to: list[datetime] = []

    def run(_ports: object) -> None:
        newest = select(func.max(inbox.c.handled_at)).where(inbox.c.topic == CaseDeleted.topic)
        with database.reading() as view:
            deleted_at = view.execute(newest).scalar()
        if deleted_at is None or scrubbed_up_to == [deleted_at]:
            return
        if not database.scrub():
            raise RetryError("the database is in use; it is scrubbed at the next turn")
        scrubbed_up_to[:] = [deleted_at]

    return run
