"""The audit log becomes a chain: its entries are written again, each with its hash."""

from alembic import op
from sqlalchemy import inspect, select

from services.notifier.tables import audit
from wetink.audit import Entry, add_entry

revision = "0002"
down_revision = "0001"
_KEPT = (audit.c.organisation_id, audit.c.actor_id, audit.c.tag, audit.c.object_id)


def upgrade() -> None:
    connection = op.get_bind()
    if "hash" in {column["name"] for column in inspect(connection).get_columns("audit")}:
        return
    rows = connection.execute(select(audit.c.at, *_KEPT).order_by(audit.c.sequence)).all()
    op.drop_table("audit")
    audit.create(connection)
    for at, *values in rows:
        add_entry(connection, audit, Entry(*values), at)
