"""Intake's tables: cases, documents, who sent them, upload links, first answers.

Place in the pipeline: written by the routes and by the handlers that keep the documents' status, each change in
one transaction with its outbox rows.
Trust level: columns in plain are ids, numbers, hashes and times; what names people or files is sealed under the
case's key or lies in the case's record, a blob.
Residual risk: a file's SHA-256 lets somebody who has the same file recognise it.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

from wetink.audit import audit_table
from wetink.database.types import UtcDateTime

metadata = MetaData()
_ID = String(64)

cases = Table(
    "cases",
    metadata,
    Column("case_id", _ID, primary_key=True),
    Column("organisation_id", _ID, nullable=False),
    Column("access_key_id", _ID, nullable=False),
    Column("version", Integer, nullable=False),
    Column("judged_version", Integer, nullable=False, default=0),
    Column("record_blob", String(200), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("completed_at", UtcDateTime),
    Column("last_number", Integer, nullable=False, default=0),
    Index("cases_newest", "organisation_id", "opened_at", "case_id"),
)
"""`access_key_id` opened it; `record_blob` holds the record of `version`; by that of `judged_version` it
was judged last; `last_number` numbers its uploads."""

documents = Table(
    "documents",
    metadata,
    Column("document_id", _ID, primary_key=True),
    Column("case_id", _ID, nullable=False),
    Column("organisation_id", _ID, nullable=False),
    Column("number", Integer, nullable=False),
    Column("files", Integer, nullable=False),
    Column("sealed_filename", LargeBinary, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("replaces_document_id", _ID),
    Column("is_superseded", Boolean, nullable=False, default=False),
    Column("status", String(20), nullable=False),
    Column("pages_total", Integer),
    Column("pages_read", Integer, nullable=False, default=0),
    Column("case_revision", Integer, nullable=False, default=0),
    UniqueConstraint("case_id", "sha256"),
)
"""One row for the same bytes in a case. `number` orders the uploads of a case and grows when the document becomes
current again; status and pages belong to that number; `case_revision` is the judgement the status came from."""

senders = Table(
    "senders",
    metadata,
    Column("document_id", _ID, primary_key=True),
    Column("sender_id", _ID, primary_key=True),
)
"""The access keys and upload links that sent a document: these may see it."""

upload_links = Table(
    "upload_links",
    metadata,
    Column("link_id", _ID, primary_key=True),
    Column("case_id", _ID, nullable=False, index=True),
    Column("organisation_id", _ID, nullable=False),
    Column("access_key_id", _ID, nullable=False),
    Column("token_sha256", String(64), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
)
"""Of a link's token only the hash is kept; what comes through it also counts as sent by `access_key_id`."""

first_answers = Table(
    "first_answers",
    metadata,
    Column("sender_id", _ID, primary_key=True),
    Column("idempotency_key", String(200), primary_key=True),
    Column("case_id", _ID, nullable=False, index=True),
    Column("organisation_id", _ID, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("answered_at", UtcDateTime, nullable=False),
)
"""What was answered to a request with an `Idempotency-Key`; sealed: the request's fingerprint and the answer."""

deletions = Table(
    "deletions",
    metadata,
    Column("case_id", _ID, primary_key=True),
    Column("organisation_id", _ID, nullable=False),
    Column("deleted_at", UtcDateTime, nullable=False),
    Column("forgotten_by", String(200), nullable=False),
    Column("done_at", UtcDateTime),
)
"""Tombstones: `forgotten_by` are the services that have said so, with blanks; `done_at` is set when all have."""

withdrawals = Table(
    "withdrawals",
    metadata,
    Column("document_id", _ID, primary_key=True),
    Column("case_id", _ID, nullable=False, index=True),
    Column("organisation_id", _ID, nullable=False),
    Column("case_version", Integer, nullable=False),
    Column("files", Integer, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
)
"""Documents that were taken out of their case in `case_version` of its record. Their blobs go when the case was
judged by it, but not before `due_at`: then nobody reads them any more."""

audit = audit_table(metadata)
"""Intake's chain of the audit log."""
