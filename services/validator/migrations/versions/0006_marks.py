"""Signatures are compared with those of the organisation's other cases."""

from services.validator.tables import metadata
from wetink.database.revisions import complete_tables

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    complete_tables(metadata)
