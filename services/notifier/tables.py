"""The notifier's tables: cases, documents, flags and what people did to them, webhooks, and the log of events.

Place in the pipeline: written by the handlers and the queue's API, each change with its log rows and deliveries in
one transaction.
Trust level: columns in plain are ids, codes and days. Whatever quotes paper or was typed by a person about a case
(`sealed`) is encrypted under the case's key, a webhook's secret under the organisation's.
Residual risk: who reads the file learns which codes a case has, not whose case it is.
"""

from datetime import date

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    event,
)

from wetink.audit import audit_table
from wetink.database.types import UtcDateTime

NEVER = date(9999, 12, 31)
"""The day in `flags.due_on` when nothing is due, so that it sorts last in every database."""


metadata = MetaData()
_Counter = BigInteger().with_variant(Integer, "sqlite")

cases = Table(
    "cases",
    metadata,
    Column("case_id", String(64), primary_key=True),
    Column("organisation_id", String(64), nullable=False),
    Column("case_version", Integer, nullable=False, default=0),
    Column("case_revision", Integer, nullable=False, default=0),
    Column("is_protected", Boolean, nullable=False, default=True),
    Column("due_on", Date),
    Column("sealed_reference", LargeBinary),
    Column("sealed_checklist", LargeBinary),
    Column("documents_total", Integer, nullable=False, default=0),
    Column("documents_in_flight", Integer, nullable=False, default=0),
    Column("is_clear", Boolean, nullable=False, default=False),
    Column("clear_told_revision", Integer, nullable=False, default=0),
    Column("deleted_at", UtcDateTime),
)
"""What the notifier knows of a case. Version 0: its record has not been seen, so it counts as protected.
`sealed_checklist` is that of the last judgement."""

readers = Table(
    "readers",
    metadata,
    Column("case_id", String(64), primary_key=True),
    Column("user_id", String(64), primary_key=True),
)
"""Personal logins that are named for a protected case."""

documents = Table(
    "documents",
    metadata,
    Column("case_id", String(64), primary_key=True),
    Column("document_id", String(64), primary_key=True, index=True),
    Column("organisation_id", String(64), nullable=False),
    Column("document_number", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("pages_total", Integer),
)
"""Documents of judged cases, as the last judgement told; `pages_total` is null where an older version told it."""

flags = Table(
    "flags",
    metadata,
    Column("flag_id", String(64), primary_key=True),
    Column("identity", String(64), nullable=False, unique=True),
    Column("organisation_id", String(64), nullable=False),
    Column("case_id", String(64), nullable=False, index=True),
    Column("document_id", String(64)),
    Column("document_page", Integer),
    Column("code", String(64), nullable=False),
    Column("severity", String(16), nullable=False),
    Column("severity_rank", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("has_own_due_day", Boolean, nullable=False),
    Column("assignee", String(100)),
    Column("version", Integer, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("resolved_at", UtcDateTime),
    Column("resolved_by", String(100)),
    Column("decided_by", String(100)),
    Column("snoozed_until", UtcDateTime),
    Column("status_before_resolved", String(16)),
    Column("sealed", LargeBinary, nullable=False),
)
"""What case managers work on. `due_on` is `NEVER` when nothing is due; `sealed` holds the `Finding`."""
Index(
    "flags_in_order",
    flags.c.organisation_id,
    flags.c.status,
    flags.c.severity_rank,
    flags.c.due_on,
    flags.c.opened_at,
    flags.c.flag_id,
)

decisions = Table(
    "decisions",
    metadata,
    Column("sequence", _Counter, primary_key=True, autoincrement=True),
    Column("flag_id", String(64), nullable=False, index=True),
    Column("case_id", String(64), nullable=False, index=True),
    Column("decision", String(16), nullable=False),
    Column("decided_by_id", String(64), nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("status_after", String(16), nullable=False),
    Column("undone_at", UtcDateTime),
    Column("sealed_reason", LargeBinary),
)
"""Every decision a person took, also those taken back."""

audit = audit_table(metadata)
"""Who did or read what (`source:subject:action`); rows are only ever added."""

sessions = Table(
    "sessions",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("csrf_token", String(64), nullable=False),
    Column("caller_id", String(64), nullable=False),
    Column("organisation_id", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("name", String(200), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)
"""Logins of the page; the cookie's token is kept as SHA-256 alone."""

feed_position = Table(
    "feed_position", metadata, Column("only", Integer, primary_key=True), Column("last", _Counter)
)
"""One row: the last number given in `feed`. Taking the next one locks it: numbers are committed in order."""


@event.listens_for(feed_position, "after_create")
def _start_at_nought(_table: Table, connection: Connection, **_: object) -> None:
    connection.execute(feed_position.insert().values(only=1, last=0))


feed = Table(
    "feed",
    metadata,
    Column("number", _Counter, primary_key=True, autoincrement=False),
    Column("organisation_id", String(64), nullable=False, index=True),
    Column("case_id", String(64), index=True),
    Column("event_type", String(32), nullable=False),
    Column("payload", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)
"""Everything that happened to flags, in order: what the stream resumes from."""

endpoints = Table(
    "endpoints",
    metadata,
    Column("endpoint_id", String(64), primary_key=True),
    Column("organisation_id", String(64), nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("event_types", Text, nullable=False),
    Column("description", String(200), nullable=False),
    Column("sealed_secret", LargeBinary, nullable=False),
    Column("sealed_old_secret", LargeBinary),
    Column("old_secret_until", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("disabled_reason", String(16)),
    Column("failing_since", UtcDateTime),
    Column("given_up_at", UtcDateTime),
)
"""Where webhooks go. `event_types` is a list with commas; `disabled_reason` null, `gone`, `failing` or `by_hand`.
`failing_since` and `given_up_at` are null again when a delivery was taken."""

deliveries = Table(
    "deliveries",
    metadata,
    Column("delivery_id", String(64), primary_key=True),
    Column("endpoint_id", String(64), nullable=False, index=True),
    Column("organisation_id", String(64), nullable=False),
    Column("case_id", String(64), index=True),
    Column("event_type", String(32), nullable=False),
    Column("body", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("failures", Integer, nullable=False, default=0),
    Column("response_code", Integer),
    Column("error", String(64)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),
)
"""What is to be sent or was: `pending` (with `due_at`), `delivered`, `failed`, `cancelled`; `failures` counts
since it was last asked for, `attempts` all of them."""
_waiting = deliveries.c.due_at.is_not(None)
Index("deliveries_due", deliveries.c.due_at, sqlite_where=_waiting, postgresql_where=_waiting)

delivery_attempts = Table(
    "delivery_attempts",
    metadata,
    Column("sequence", _Counter, primary_key=True, autoincrement=True),
    Column("delivery_id", String(64), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("response_code", Integer),
    Column("error", String(64)),
    Column("duration_ms", Integer, nullable=False),
)
"""One row for each attempt to deliver."""
