"""The tables that the stream keeps in every service's database: inbox, outbox, retries, dead letters.

Place in the pipeline: created by each service's first migration; the shapes are the same everywhere.
Trust level: payloads are events, so ids and codes only. Residual risk: rows of a deleted case are removed by the
deletion, not by age.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text

from wetink.database.types import UtcDateTime

stream_metadata = MetaData()

inbox = Table(
    "inbox",
    stream_metadata,
    Column("event_id", String(64), primary_key=True),
    Column("topic", String(64), nullable=False),
    Column("case_id", String(64), nullable=False, index=True),
    Column("handled_at", UtcDateTime(), nullable=False),
)
"""Events whose effects are committed."""

outbox = Table(
    "outbox",
    stream_metadata,
    Column("sequence", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("event_id", String(64), nullable=False, unique=True),
    Column("cause_id", String(64), nullable=False, index=True),
    Column("case_id", String(64), nullable=False, index=True),
    Column("topic", String(64), nullable=False),
    Column("key", String(200), nullable=False),
    Column("value", Text, nullable=False),
    Column("process", String(64), nullable=False),
    Column("created_at", UtcDateTime(), nullable=False),
    Column("published_at", UtcDateTime()),
)
"""Events that are decided; `published_at` is null until the broker acknowledged them."""
_unpublished = outbox.c.published_at.is_(None)
Index("outbox_unpublished", outbox.c.sequence, sqlite_where=_unpublished, postgresql_where=_unpublished)

retry = Table(
    "retry",
    stream_metadata,
    Column("event_id", String(64), primary_key=True),
    Column("case_id", String(64), nullable=False, index=True),
    Column("topic", String(64), nullable=False),
    Column("partition", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("value", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("starts", Integer, nullable=False, default=0),
    Column("process", String(64)),
    Column("reason", String(200), nullable=False),
    Column("due_at", UtcDateTime(), nullable=False, index=True),
)
"""Events that failed and will be tried again at `due_at`, and those in work whose starts are counted.

`attempts` counts failures of our own, `starts` those after which nothing was heard; `process` has it in work."""

dead_letter = Table(
    "dead_letter",
    stream_metadata,
    Column("event_id", String(64), primary_key=True),
    Column("case_id", String(64), nullable=False, index=True),
    Column("topic", String(64), nullable=False),
    Column("partition", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("value", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("reason", String(200), nullable=False),
    Column("died_at", UtcDateTime(), nullable=False),
    Column("replayed_at", UtcDateTime()),
)
"""Events that can never succeed; kept to be listed, shown and replayed by an administrator."""
