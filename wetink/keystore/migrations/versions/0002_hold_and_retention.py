"""Legal hold, and for how long organisations keep cases."""

from wetink.database.revisions import complete_tables
from wetink.keystore.tables import metadata

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    complete_tables(metadata)
