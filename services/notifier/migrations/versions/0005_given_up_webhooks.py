"""Since when a webhook's endpoint fails, and when it was given up."""

from services.notifier.tables import metadata
from wetink.database.revisions import complete_tables

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    complete_tables(metadata)
