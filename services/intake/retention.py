"""Retention: cases that rested for as long as their organisation keeps cases are deleted.

Place in the pipeline: an hourly timer of intake's worker. Trust level: the administrator's number of days
(`wetink organisations set`); cases on legal hold stay. A clock that was set forward would make every case old, and
deletion is for good: it deletes only while the clock has gone as time does since the last look.
Residual risk: a clock that is wrong from the start and stays so for an hour is believed; a case manager's work on
flags alone is no activity here; who still works on a resting case puts it on hold.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from services.intake.deletion import delete_case
from services.intake.ports import Ports
from services.intake.tables import cases, documents
from wetink.keystore import CaseHeldError, Organisation
from wetink.logs import Log
from wetink.stream.tables import outbox

_DRIFT_S = 600.0
_log = Log(__name__)


class Retention:
    """`run` deletes what is due, from the second time on and while the clock does not jump."""

    def __init__(self, ports: Ports, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._ports = ports
        self._monotonic = monotonic
        self._before: tuple[datetime, float] | None = None

    def run(self) -> None:
        """Look once."""
        now, ticks = self._ports.clock.now(), self._monotonic()
        before, self._before = self._before, (now, ticks)
        if before is None:
            return
        drift_s = (now - before[0]).total_seconds() - (ticks - before[1])
        if abs(drift_s) > _DRIFT_S:
            _log.warning("clock_jumped", seconds=round(drift_s))
            return
        delete_due_cases(self._ports)


def delete_due_cases(ports: Ports) -> None:
    """Delete what is due now, of every organisation that has set a number of days."""
    for organisation in ports.keystore.organisations():
        if organisation.keep_days is not None:
            rested_since = ports.clock.now() - timedelta(days=organisation.keep_days)
            _delete_rested(ports, organisation, rested_since)


def _delete_rested(ports: Ports, organisation: Organisation, rested_since: datetime) -> None:
    with ports.database.reading() as connection:
        due = _opened_before(connection, organisation.id, rested_since)
        due = [case_id for case_id in due if _last_activity(connection, case_id) <= rested_since]
    for case_id in due:
        try:
            delete_case(ports, organisation.id, case_id, by="retention")
        except CaseHeldError:
            continue


def _opened_before(connection: Connection, organisation_id: str, moment: datetime) -> list[str]:
    chosen = select(cases.c.case_id).where(cases.c.organisation_id == organisation_id, cases.c.opened_at <= moment)
    return list(connection.execute(chosen).scalars())


def _last_activity(connection: Connection, case_id: str) -> datetime:
    """When the case was opened, changed, completed or sent something: each announces an event."""
    opened = select(cases.c.opened_at).where(cases.c.case_id == case_id)
    sent = select(func.max(documents.c.received_at)).where(documents.c.case_id == case_id)
    announced = select(func.max(outbox.c.created_at)).where(outbox.c.case_id == case_id)
    moments: list[datetime | None] = [connection.execute(query).scalar() for query in (opened, sent, announced)]
    return max(moment for moment in moments if moment is not None)
