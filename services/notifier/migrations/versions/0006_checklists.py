"""The checklist of each case."""

from services.notifier.tables import metadata
from wetink.database.revisions import complete_tables

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    complete_tables(metadata)
