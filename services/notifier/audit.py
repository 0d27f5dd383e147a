"""The audit table: who did or read what, and when; rows are only ever added.

Place in the pipeline: called by routes that show or change something that somebody may ask about later.
Trust level: ids and tags. Residual risk: an administrator of the database can still alter its file.
"""

from datetime import datetime

from sqlalchemy import Connection

from services.notifier.tables import audit
from wetink.keystore import Caller


def note(transaction: Connection, caller: Caller, tag: str, object_id: str, now: datetime) -> None:
    """Add a row; `tag` is `source:subject:action`, e.g. `queue:original:read`."""
    transaction.execute(
        audit.insert().values(
            at=now, organisation_id=caller.organisation_id, actor_id=caller.id, tag=tag, object_id=object_id
        )
    )
