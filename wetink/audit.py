"""The audit log: who did or read what, one hash chain for each service that people talk to.

Place in the pipeline: a table of intake and of the notifier, written in the transaction of what it tells of;
checked by `wetink audit verify`.
Trust level: ids and tags (`source:subject:action`, e.g. `queue:page:read`), never client data, so that it stays
when a case is deleted. Rows are only ever added; each holds the hash of the one before, so that a row that is
changed, removed or put between others breaks the chain.
Residual risk: who can write the database can cut off the chain's end or make a new chain; keeping the newest hash
elsewhere (each backup does) shows that, too.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Integer, MetaData, Row, String, Table, select

from wetink.database.types import UtcDateTime

START = "0" * 64
"""What stands for the hash before the first row."""
_FIELDS = ("sequence", "at", "organisation_id", "actor_id", "tag", "object_id")


@dataclass(frozen=True)
class Entry:
    """What is noted: `actor_id` is a key's, a user's or a part's of Wetink (`retention`); `object_id` an id."""

    organisation_id: str
    actor_id: str
    tag: str
    object_id: str


def audit_table(metadata: MetaData) -> Table:
    """The table `audit` for a service's metadata."""
    return Table(
        "audit",
        metadata,
        Column("sequence", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
        Column("at", UtcDateTime, nullable=False),
        Column("organisation_id", String(64), nullable=False),
        Column("actor_id", String(64), nullable=False),
        Column("tag", String(100), nullable=False),
        Column("object_id", String(200), nullable=False),
        Column("hash", String(64), nullable=False),
    )


def add_entry(transaction: Connection, table: Table, entry: Entry, now: datetime) -> None:
    """Add a row at the chain's end; a service has one writing transaction at a time on every database."""
    last = last_row(transaction, table)
    values = {"sequence": last.sequence + 1 if last else 1, "at": now, **vars(entry)}
    before = last.hash if last else START
    transaction.execute(table.insert().values(**values, hash=_hash(before, values)))


def last_row(connection: Connection, table: Table) -> Row[Any] | None:
    """The chain's newest row; its `sequence` and `hash` tell the whole chain apart from any other."""
    return connection.execute(select(table).order_by(table.c.sequence.desc()).limit(1)).first()


def broken_links(connection: Connection, table: Table) -> Iterator[int]:
    """The numbers of rows that do not follow from the row before; none for a sound chain."""
    before, number = START, 0
    for row in connection.execute(select(table).order_by(table.c.sequence)):
        number += 1
        if row.sequence != number or row.hash != _hash(before, row._mapping):  # noqa: SLF001 - its public name
            yield row.sequence
            number = row.sequence
        before = row.hash


def _hash(before: str, values: Any) -> str:  # noqa: ANN401 - a mapping or a row's view, which is none by type
    told = [before, *(_text(values[name]) for name in _FIELDS)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _text(value: object) -> str:
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else str(value)
