"""The tables of the first release."""

from wetink.database.revisions import create_tables
from wetink.keystore.tables import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_tables(metadata)
