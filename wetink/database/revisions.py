"""What revision files share.

Place in the pipeline: called by `migrations/versions/0001_*.py` of each service, inside Alembic.
Trust level: our own tables. Residual risk: a first revision follows its tables until it is written out (see
`wetink.database.migrate`).
"""

from alembic import op
from sqlalchemy import MetaData


def create_tables(*metadatas: MetaData) -> None:
    """Create all tables and indexes of `metadatas`."""
    for metadata in metadatas:
        metadata.create_all(op.get_bind(), checkfirst=False)
