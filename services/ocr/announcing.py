"""Events about a document as its rows say.

Place in the pipeline: used by all handlers of ocr. Trust level: our own rows, ids and codes.
Residual risk: none.
"""

import re
from typing import Any

from sqlalchemy import ColumnElement, Row, and_

from services.ocr.tables import pages
from wetink.contracts.events import Event, PageEvent, PageRead

Document = Row[Any]
"""A row of `tables.documents`."""
Page = Row[Any]
"""A row of `tables.pages`."""
_CODE = re.compile(r"[a-z][a-z_]{1,63}")


def about(document: Document, cause: Event) -> dict[str, Any]:
    """What every event about `document` carries; it is announced under the document's newest number."""
    return {
        "organisation_id": document.organisation_id,
        "case_id": document.case_id,
        "document_id": document.document_id,
        "document_number": document.number,
        "occurred_at": cause.occurred_at,
    }


def page_read(document: Document, page: Page, cause: Event, *, is_reread: bool = False) -> PageRead:
    """How reading `page` ended; `is_reread` when it was told before that it could not be read."""
    return PageRead(
        **about(document, cause),
        page_number=page.page_number,
        outcome=page.outcome,
        reason=page.reason,
        reading_blob=page.reading_blob,
        is_text_awaited=page.is_text_awaited,
        is_reread=is_reread,
    )


def as_code(reason: str) -> str:
    """A dead letter's reason as the code that events carry."""
    return reason if _CODE.fullmatch(reason) else "internal_error"


def is_page_of(event: PageEvent) -> ColumnElement[bool]:
    """The condition that picks the row of the event's page."""
    return and_(pages.c.document_id == event.document_id, pages.c.page_number == event.page_number)
