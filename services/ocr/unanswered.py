"""What ocr asked of itself and did not do yet: pages, texts and cuts whose event is not in the inbox.

Place in the pipeline: ocr's part of the reconciler, for the worker and the text lane share one database. What a
review waits for comes to life by intake too; the texts of known forms, which no review waits for, only by this.
Trust level: our own rows. Residual risk: none.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, or_, select

from services.ocr.tables import pages
from wetink.contracts.events import DocumentCutRequested, PageRequested, TextRequested
from wetink.stream.tables import inbox, outbox

_OWN = (DocumentCutRequested.topic, PageRequested.topic, TextRequested.topic)


def unanswered(view: Connection) -> Iterable[str]:
    """Ids of ocr's requests to itself, of cases with pages that are asked for."""
    asked = or_(pages.c.state == "requested", pages.c.text_state == "requested")
    query = select(outbox.c.event_id).where(
        outbox.c.case_id.in_(select(pages.c.case_id).where(asked)),
        outbox.c.topic.in_(_OWN),
        ~select(inbox.c.event_id).where(inbox.c.event_id == outbox.c.event_id).exists(),
    )
    return view.scalars(query).all()
