"""Reading the queue: flags in the order of their urgency, page by page.

Place in the pipeline: behind `GET /v1/flags` and the page. Trust level: filters are bound values, the cursor is
checked. Residual risk: a cursor tells the place of the flag it was made from, which its reader has seen.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select, tuple_

from services.notifier.flags import Flag, flag_of
from services.notifier.ports import Ports
from services.notifier.tables import flags
from services.notifier.visibility import may_see
from wetink.errors import CaseDeletedError
from wetink.http.problems import ProblemError
from wetink.keystore import Caller
from wetink.sealing import CaseSeal

_ORDER = (flags.c.severity_rank, flags.c.due_on, flags.c.opened_at, flags.c.flag_id)


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
    """At most `limit` rows after `cursor`, most urgent first, and the next cursor (None at the end).

    Raises 422 for a cursor that is not one of ours.
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
    place = [row.severity_rank, row.due_on.isoformat(), row.opened_at.isoformat(), row.flag_id]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _place(untrusted_cursor: str) -> tuple[int, date, datetime, str]:
    try:
        rank, due_on, opened_at, flag_id = json.loads(base64.urlsafe_b64decode(untrusted_cursor.encode()))
        moment = datetime.fromisoformat(opened_at).astimezone(UTC)
        return int(rank), date.fromisoformat(due_on), moment, str(flag_id)
    except (ValueError, TypeError, binascii.Error):
        raise ProblemError(422, "Unknown cursor", "Use next_cursor as it was answered, or start again.") from None
