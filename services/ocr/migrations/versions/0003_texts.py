"""Texts are looked for in all documents together."""

from alembic import op

from services.ocr.tables import pages_by_text_state

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    pages_by_text_state.create(op.get_bind(), checkfirst=True)
