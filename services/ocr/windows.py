"""Which pages of a document are asked for next: a window of them, so that no document keeps the others waiting.

Place in the pipeline: called by every handler inside its transaction, with the document's row locked.
Trust level: our own rows. Residual risk: none; what is `requested` is in the outbox, so it comes to an end.

Verdicts never wait for text: a page that is no known form has its text asked for as soon as it was read, for
its review waits for it. Nobody waits for the text of known pages: when all pages of their document were read it is
`ready`, and a few at a time, of all documents together, are asked for; so what a review waits for never waits
behind more than those few.
"""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, and_, func, select, update

from services.ocr.announcing import Document, about
from services.ocr.tables import documents, pages
from wetink.blobs import names
from wetink.contracts.events import DocumentCutRequested, Event, PageRequested, TextRequested

PAGES_IN_FLIGHT = 8
TEXTS_IN_FLIGHT = 4
"""Of pages whose text a review waits for, for each document."""
KNOWN_TEXTS_IN_FLIGHT = 4
"""Of all other pages, in all documents together."""


def lock_document(transaction: Connection, document_id: str) -> Document | None:
    """The document's row, locked until the transaction ends; None when it is not known."""
    query = select(documents).where(documents.c.document_id == document_id).with_for_update()
    return transaction.execute(query).first()


def fill(transaction: Connection, document: Document, cause: Event) -> list[Event]:
    """Mark the next pages and texts as requested, as far as their windows have room, and ask for them.

    When the pages that are cut will soon be used up, the cutting of the next ones is asked for too.
    """
    states = _states(transaction, document)
    asked = _fill_pages(transaction, document, cause, PAGES_IN_FLIGHT - states["requested"])
    waiting = states["waiting"] - len(asked)
    return [
        *asked,
        *_cut_more(document, cause, cut=states.total(), waiting=waiting),
        *_fill_awaited_texts(transaction, document, cause),
        *_fill_known_texts(transaction, document, cause, is_all_read=states["done"] == document.pages_total),
    ]


def _states(transaction: Connection, document: Document) -> Counter[str]:
    """How many of the document's pages that are cut are in each state."""
    query = select(pages.c.state, func.count()).where(pages.c.document_id == document.document_id)
    states: Counter[str] = Counter()
    for state, number in transaction.execute(query.group_by(pages.c.state)):
        states[state] = number
    return states


def _cut_more(document: Document, cause: Event, *, cut: int, waiting: int) -> list[DocumentCutRequested]:
    """The request to cut on, the same one until it is fulfilled."""
    if cut == document.pages_total or waiting >= PAGES_IN_FLIGHT:
        return []
    return [DocumentCutRequested(**about(document, cause), first_page=cut + 1)]


def _fill_pages(transaction: Connection, document: Document, cause: Event, room: int) -> list[PageRequested]:
    chosen = _choose(transaction, document, pages.c.state, room, [])
    return [
        PageRequested(
            **about(document, cause), page_number=number, page_blob=names.page(document.document_id, number)
        )
        for number in chosen
    ]


def _fill_awaited_texts(transaction: Connection, document: Document, cause: Event) -> list[TextRequested]:
    awaited = pages.c.is_text_awaited.is_(True)
    ours = pages.c.document_id == document.document_id
    in_flight = _count(transaction, ours, awaited, pages.c.text_state == "requested")
    room = TEXTS_IN_FLIGHT - in_flight
    chosen = _choose(transaction, document, pages.c.text_state, room, [awaited, pages.c.state == "done"])
    return [_text_requested(document, number, cause) for number in chosen]


def _fill_known_texts(
    transaction: Connection, document: Document, cause: Event, *, is_all_read: bool
) -> list[TextRequested]:
    ours = pages.c.document_id == document.document_id
    if is_all_read:
        waiting = update(pages).where(ours, pages.c.text_state == "waiting", pages.c.is_text_awaited.is_(False))
        transaction.execute(waiting.values(text_state="ready"))
    return ask_for_known_texts(transaction, cause)


def ask_for_known_texts(transaction: Connection, cause: Event) -> list[TextRequested]:
    """Ask for the texts of known pages, of whatever document, as far as their window has room."""
    known = pages.c.is_text_awaited.is_(False)
    room = KNOWN_TEXTS_IN_FLIGHT - _count(transaction, known, pages.c.text_state == "requested")
    query = (
        select(documents, pages.c.page_number)
        .join(documents, documents.c.document_id == pages.c.document_id)
        .where(pages.c.text_state == "ready")
        .order_by(pages.c.document_id, pages.c.page_number)
        .limit(max(0, room))
        .with_for_update(of=pages, skip_locked=True)
    )
    chosen = transaction.execute(query).all()
    for row in chosen:
        page = and_(pages.c.document_id == row.document_id, pages.c.page_number == row.page_number)
        transaction.execute(update(pages).where(page).values(text_state="requested"))
    return [_text_requested(row, row.page_number, cause) for row in chosen]


def _text_requested(document: Document, number: int, cause: Event) -> TextRequested:
    return TextRequested(
        **about(document, cause), page_number=number, page_blob=names.page(document.document_id, number)
    )


def _count(transaction: Connection, *conditions: ColumnElement[bool]) -> int:
    return transaction.scalar(select(func.count()).select_from(pages).where(*conditions)) or 0


def _choose(
    transaction: Connection,
    document: Document,
    state: ColumnElement[str],
    room: int,
    wanted: Sequence[ColumnElement[bool]],
) -> list[int]:
    """Numbers of the at most `room` pages that now become `requested` in the column `state`."""
    ours = pages.c.document_id == document.document_id
    query = (
        select(pages.c.page_number)
        .where(ours, state == "waiting", *wanted)
        .order_by(pages.c.page_number)
        .limit(max(0, room))
    )
    chosen = list(transaction.scalars(query))
    if chosen:
        change = update(pages).where(ours, pages.c.page_number.in_(chosen))
        transaction.execute(change.values({state: "requested"}))
    return chosen
