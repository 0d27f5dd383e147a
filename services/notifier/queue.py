"""Reading the queue: flags in the order of their urgency, page by page.

Place in the pipeline: behind `GET /v1/flags` and the page. Trust level: filters are bound values, the cursor is a
place of a checked form. Residual risk: a cursor tells the place of the flag it was made
from, which its reader has seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, tuple_

from services.notifier.flags import Flag, flag_of
from services.notifier.ports import Ports
from services.notifier.tables import flags
from services.notifier.visibility import may_see
from wetink.errors import CaseDeletedError
from wetink.keystore import Caller
from wetink.sealing import CaseSeal

_ORDER = (flags.c.severity_rank, flags.c.due_on, flags.c.opened_at, flags.c.flag_id)

CURSOR = r"^([0-9]\.[1-9][0-9]{0,6}\.[0-9]{1,17}\.[0-9A-Za-z_]{1,64})?$"
"""A place in that order: rank, day, microseconds since 1970, flag; or none."""
CURSOR_MAX = 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Wanted:
    """Which flags; an empty string means any, `status` is open when it is empty and `all` for every one."""

    status: str = ""
    case_id: str = ""
    code: str = ""
    severity: str = ""
    assignee: str = ""


def rows_in_order(
    connection: Connection, caller: Caller, wanted: Wanted, *, limit: int, cursor: str = ""
) -> tuple[Sequence[Row[Any]], str | None]:
    """At most `limit` rows after `cursor` (of the form `CURSOR`), most urgent first, and the next cursor.

    The next cursor is None at the end.
    """
    query = select(flags).where(may_see(flags, caller))
    if wanted.status != "all":
        query = query.where(flags.c.status == (wanted.status or "open"))
    for name in ("case_id", "code", "severity", "assignee"):
        if value := getattr(wanted, name):
            query = query.where(flags.c[name] == value)
    if cursor:
        query = query.where(tuple_(*_ORDER) > tuple_(*_place(cursor)))
    rows = connection.execute(query.order_by(*_ORDER).limit(limit + 1)).all()
    return rows[:limit], _cursor(rows[limit - 1]) if len(rows) > limit else None


class Seals:
    """The seals of the cases that one answer shows, each fetched once."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._known: dict[str, CaseSeal | None] = {}

    def of(self, organisation_id: str, case_id: str) -> CaseSeal | None:
        """The case's seal; None when the case was deleted meanwhile."""
        if case_id not in self._known:
            try:
                self._known[case_id] = self._ports.seal_of(organisation_id, case_id)
            except CaseDeletedError:
                self._known[case_id] = None
        return self._known[case_id]


def open_rows(seals: Seals, rows: Sequence[Row[Any]]) -> list[Flag]:
    """The rows as flags; those of a case that was deleted meanwhile are left out."""
    return [flag_of(row, seal) for row in rows if (seal := seals.of(row.organisation_id, row.case_id))]


def _cursor(row: Row[Any]) -> str:
    microseconds = (row.opened_at - _EPOCH) // timedelta(microseconds=1)
    return f"{row.severity_rank}.{row.due_on.toordinal()}.{microseconds}.{row.flag_id}"


def _place(cursor: str) -> tuple[int, date, datetime, str]:
    rank, due_on, microseconds, flag_id = cursor.split(".")
    day = date.fromordinal(min(int(due_on), date.max.toordinal()))
    return int(rank), day, _EPOCH + timedelta(microseconds=int(microseconds)), flag_id
