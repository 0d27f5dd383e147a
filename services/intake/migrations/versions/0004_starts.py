"""Starts of an event's work are counted, and by which process."""

from alembic import op
from sqlalchemy import update

from wetink.database.revisions import complete_tables
from wetink.stream.tables import retry, stream_metadata

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    complete_tables(stream_metadata)
    op.execute(update(retry).where(retry.c.starts.is_(None)).values(starts=0))
