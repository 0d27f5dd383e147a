"""What was told of a case as nothing more was expected."""

from services.validator.tables import metadata
from wetink.database.revisions import complete_tables

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    complete_tables(metadata)
