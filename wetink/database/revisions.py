"""What revision files share.

Place in the pipeline: called by `migrations/versions/*.py` of each service, inside Alembic.
Trust level: our own tables. Residual risk: a first revision follows its tables until it is written out (see
`wetink.database.migrate`).
"""

from alembic import op
from sqlalchemy import Column, MetaData, inspect


def create_tables(*metadatas: MetaData) -> None:
    """Create all tables and indexes of `metadatas`."""
    for metadata in metadatas:
        metadata.create_all(op.get_bind(), checkfirst=False)


def complete_tables(*metadatas: MetaData) -> None:
    """Create the missing tables of `metadatas`, and add their missing columns, null in every row."""
    for metadata in metadatas:
        metadata.create_all(op.get_bind())
        inspector = inspect(op.get_bind())
        for table in metadata.sorted_tables:
            there = {column["name"] for column in inspector.get_columns(table.name)}
            for column in table.columns:
                if column.name not in there:
                    op.add_column(table.name, Column(column.name, column.type))
