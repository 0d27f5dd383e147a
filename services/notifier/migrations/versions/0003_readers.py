"""Personal logins that are named for protected cases."""

from services.notifier.tables import metadata
from wetink.database.revisions import complete_tables

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    complete_tables(metadata)
