"""Which pages of a document are asked for next: a window of them, so that no document keeps the others waiting.

Place in the pipeline: called by every handler inside its transaction, with the document's row locked.
Trust level: our own rows. Residual risk: none; what is `requested` is in the outbox, so it comes to an end.

Verdicts never wait for text: a page that is no known form has its text asked for as soon as it was read, for
its review waits for it; the known pages' text is asked for when all pages of the document were read.
"""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, func, select, update

from services.ocr.announcing import Document, about
from services.ocr.tables import documents, pages
from wetink.blobs import names
from wetink.contracts.events import DocumentCutRequested, Event, PageRequested, TextRequested

PAGES_IN_FLIGHT = 8
TEXTS_IN_FLIGHT = 4


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
        *_fill_texts(transaction, document, cause, is_all_read=states["done"] == document.pages_total),
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


def _fill_texts(
    transaction: Connection, document: Document, cause: Event, *, is_all_read: bool
) -> list[TextRequested]:
    ours = pages.c.document_id == document.document_id
    in_flight = transaction.scalar(select(func.count()).where(ours, pages.c.text_state == "requested")) or 0
    wanted = [pages.c.state == "done"]
    if not is_all_read:
        wanted.append(pages.c.is_text_awaited.is_(True))
    chosen = _choose(transaction, document, pages.c.text_state, TEXTS_IN_FLIGHT - in_flight, wanted)
    return [
        TextRequested(
            **about(document, cause), page_number=number, page_blob=names.page(document.document_id, number)
        )
        for number in chosen
    ]


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
        .order_by(pages.c.is_text_awaited.desc(), pages.c.page_number)
        .limit(max(0, room))
    )
    chosen = list(transaction.scalars(query))
    if chosen:
        change = update(pages).where(ours, pages.c.page_number.in_(chosen))
        transaction.execute(change.values({state: "requested"}))
    return chosen
