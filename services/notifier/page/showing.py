"""A flag as the page shows it: with its case's reference and in words.

Place in the pipeline: between the queue's rows and the templates. Trust level: texts stay untrusted; the templates
escape them. Residual risk: none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select

from services.notifier.flags import Flag
from services.notifier.ports import Ports
from services.notifier.queue import Seals, open_rows
from services.notifier.tables import cases


@dataclass(frozen=True)
class Shown:
    """A flag, its case's reference (None while unknown), and `rank`, by which rows are ordered."""

    flag: Flag
    reference: str | None
    rank: str


def shown(ports: Ports, rows: Sequence[Row[Any]]) -> list[Shown]:
    """The rows ready for the templates, in their order."""
    seals = Seals(ports)
    references = _references(ports, seals, {row.case_id for row in rows})
    ranks = {row.flag_id: _rank(row) for row in rows}
    flags = open_rows(seals, rows)
    return [Shown(flag, references.get(flag.case_id), ranks[flag.id]) for flag in flags]


def in_words(day: date | datetime) -> str:
    """`5 March 2026`."""
    return f"{day.day} {day:%B %Y}"


def _rank(row: Row[Any]) -> str:
    return f"{row.severity_rank} {row.due_on.isoformat()} {row.opened_at:%Y-%m-%dT%H:%M:%S.%f} {row.flag_id}"


def _references(ports: Ports, seals: Seals, case_ids: set[str]) -> dict[str, str]:
    known = select(cases).where(cases.c.case_id.in_(case_ids), cases.c.sealed_reference.is_not(None))
    with ports.database.reading() as connection:
        rows = connection.execute(known).all()
    return {
        row.case_id: seal.open(row.case_id, row.sealed_reference)
        for row in rows
        if (seal := seals.of(row.organisation_id, row.case_id))
    }
