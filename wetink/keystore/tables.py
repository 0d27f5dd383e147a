"""The tables of the key store.

Place in the pipeline: created by the first migration, used by the store's parts.
Trust level: secrets stand here wrapped or hashed only. Residual risk: names of organisations and users are plain.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, MetaData, String, Table

from wetink.database.types import UtcDateTime

metadata = MetaData()

organisation = Table(
    "organisation",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("time_zone", String(64), nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("keep_days", Integer),
)
"""Firms and clinics, each with its key, wrapped by the root key; `keep_days` ends cases that rest that long."""

access_key = Table(
    "access_key",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("organisation_id", ForeignKey(organisation.c.id), nullable=False, index=True),
    Column("role", String(20), nullable=False),
    Column("prefix", String(20), nullable=False),
    Column("secret_sha256", String(64), nullable=False, unique=True),
    Column("created_at", UtcDateTime(), nullable=False),
    Column("revoked_at", UtcDateTime()),
)
"""Keys of programs; `prefix` is enough of the secret to recognise it."""

login = Table(
    "login",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("organisation_id", ForeignKey(organisation.c.id), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("folded_name", String(400), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("is_disabled", Boolean, nullable=False),
)
"""Personal logins; `folded_name` makes `Maria` and `maria` the same person."""

case_key = Table(
    "case_key",
    metadata,
    Column("organisation_id", ForeignKey(organisation.c.id), primary_key=True),
    Column("case_id", String(64), primary_key=True),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("held_at", UtcDateTime()),
)
"""The data key of each case, wrapped by its organisation's key; `held_at` is set while it must be kept."""

deleted_case = Table(
    "deleted_case",
    metadata,
    Column("organisation_id", ForeignKey(organisation.c.id), primary_key=True),
    Column("case_id", String(64), primary_key=True),
    Column("deleted_at", UtcDateTime(), nullable=False),
)
"""Cases whose key was destroyed; stays for ever, so that a restored backup deletes them again."""
