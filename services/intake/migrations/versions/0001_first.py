"""The tables of the first release."""

from services.intake.tables import metadata
from wetink.database.revisions import create_tables
from wetink.stream.tables import stream_metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_tables(stream_metadata, metadata)
