"""By which version of its record a case was judged. Cases of before are taken to be judged by their newest."""

from alembic import op
from sqlalchemy import update

from services.intake.tables import cases, metadata
from wetink.database.revisions import complete_tables

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    complete_tables(metadata)
    op.execute(update(cases).values(judged_version=cases.c.version))
