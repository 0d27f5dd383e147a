"""Tombstones of deleted cases, and the audit log."""

from services.intake.tables import metadata
from wetink.database.revisions import complete_tables

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    complete_tables(metadata)
