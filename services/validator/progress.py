"""How far the reading of a document is, and whether an event makes a judgement due: pure functions on rows.

Place in the pipeline: between the events and `state`. The cost of a page is the same at page 3 and at page 300:
counters are kept, and of a long bundle the forms that are whole are judged at a pace that grows with it.
Trust level: validated events. Residual risk: a counter that went wrong would keep a document from ending.

What could not be read may be read later (a dead letter that was replayed), never the other way round: whatever the
order in which the two are told, the reading stays.
"""

from collections.abc import Iterable
from dataclasses import replace

from services.validator.case_view import CLOSED
from services.validator.state import DocumentRow, PageRow
from wetink.contracts.events import READABLE, DocumentOpened, PageRead, TextRead
from wetink.contracts.reading import PageReading

_PACE = 1.1
"""A bundle is judged again before it ends when it has grown by a tenth: so all judgements together cost a small
multiple of one."""


def opened(document: DocumentRow, event: DocumentOpened) -> DocumentRow:
    """The document after it was opened (or given up)."""
    if document.outcome in READABLE and event.outcome not in READABLE:
        return document
    return replace(
        document,
        outcome=event.outcome,
        reason=event.reason,
        pages_total=event.pages_total,
        received_on=event.received_on,
        replaces_document_id=event.replaces_document_id,
    )


def page_read(page: PageRow, event: PageRead, reading: PageReading | None) -> PageRow:
    """The page after it was read (or given up)."""
    if page.outcome in READABLE and event.outcome not in READABLE:
        return page
    return replace(
        page,
        outcome=event.outcome,
        reason=event.reason,
        reading_blob=event.reading_blob,
        is_text_awaited=event.is_text_awaited,
        ends_form=reading is not None
        and reading.form_page is not None
        and reading.form_page == reading.form_pages,
    )


def text_read(page: PageRow, event: TextRead) -> PageRow:
    """The page after its text came (or was given up)."""
    if page.text_outcome in READABLE and event.outcome not in READABLE:
        return page
    return replace(page, text_outcome=event.outcome, text_blob=event.text_blob)


def counted(document: DocumentRow, before: PageRow, after: PageRow) -> DocumentRow:
    """The document's counters after one of its pages changed."""
    return replace(
        document,
        pages_read=document.pages_read + (after.outcome is not None) - (before.outcome is not None),
        texts_awaited=document.texts_awaited + _is_awaiting(after) - _is_awaiting(before),
    )


def reached(document: DocumentRow, read: Iterable[tuple[int, bool]]) -> DocumentRow:
    """The document after the pages `read` (number, ends a form) closed the gap behind `read_up_to`."""
    for number, ends_form in read:
        document = replace(
            document, read_up_to=number, form_ends_at=number if ends_form else document.form_ends_at
        )
    return document


def is_final(document: DocumentRow) -> bool:
    """Nothing more will be read of it."""
    if document.outcome is None:
        return False
    is_read = document.pages_read >= document.pages_total and document.texts_awaited == 0
    return document.outcome in CLOSED or is_read


def is_judgement_due(document: DocumentRow) -> bool:
    """The document is final, or enough of it is newly read to hold another whole form."""
    if document.outcome is None:
        return False
    is_grown = document.read_up_to >= document.judged_up_to * _PACE
    return is_final(document) or (document.form_ends_at > document.judged_up_to and is_grown)


def _is_awaiting(page: PageRow) -> bool:
    return page.outcome is not None and page.is_text_awaited and page.text_outcome is None
