"""Documents that were taken out of their case, until their blobs are removed."""

from services.intake.tables import metadata
from wetink.database.revisions import complete_tables

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    complete_tables(metadata)
