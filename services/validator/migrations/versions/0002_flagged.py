"""Which judgement has become flags. Those of before are taken to have."""

from alembic import op
from sqlalchemy import update

from services.validator.tables import cases, metadata
from wetink.database.revisions import complete_tables

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    complete_tables(metadata)
    op.execute(update(cases).values(flagged_revision=cases.c.case_revision))
