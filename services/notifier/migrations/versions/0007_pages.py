"""How many pages each document has."""

from services.notifier.tables import metadata
from wetink.database.revisions import complete_tables

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    complete_tables(metadata)
