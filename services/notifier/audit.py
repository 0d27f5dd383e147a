"""The notifier's chain of the audit log: who decided, and who saw which page, evidence or original.

Place in the pipeline: called by routes that show or change something that somebody may ask about later.
Trust level: ids and tags. Residual risk: see `wetink.audit`.
"""

from datetime import datetime

from sqlalchemy import Connection

from services.notifier.tables import audit
from wetink.audit import Entry, add_entry
from wetink.keystore import Caller


def note(transaction: Connection, caller: Caller, tag: str, object_id: str, now: datetime) -> None:
    """Add a row; `tag` is `source:subject:action`, e.g. `queue:original:read`."""
    add_entry(transaction, audit, Entry(caller.organisation_id, caller.id, tag, object_id), now)
