"""Open cases are judged once a day: those of before at the next occasion."""

from alembic import op
from sqlalchemy import update

from services.validator.tables import cases, metadata
from wetink.database.revisions import complete_tables

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    complete_tables(metadata)
    judged = cases.c.judge_at.is_(None), cases.c.case_revision > 0
    op.execute(update(cases).where(*judged).values(judge_at=cases.c.last_upload_at))
