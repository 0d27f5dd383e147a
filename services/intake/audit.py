"""Intake's chain of the audit log: who opened, saw, changed or deleted a case, and gave out a link.

Place in the pipeline: called by the routes of cases and links. Trust level: ids and tags.
Residual risk: see `wetink.audit`; uploads are documents' rows of their own and not noted again.
"""

from datetime import datetime

from sqlalchemy import Connection

from services.intake.tables import audit
from wetink.audit import Entry, add_entry
from wetink.keystore import Caller


def note(transaction: Connection, caller: Caller, tag: str, object_id: str, now: datetime) -> None:
    """Add a row; `tag` is `source:subject:action`, e.g. `intake:case:read`."""
    add_entry(transaction, audit, Entry(caller.organisation_id, caller.id, tag, object_id), now)
