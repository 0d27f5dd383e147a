"""Opening a document and cutting it into pages: `document.received` and `document.cut_requested`.

Place in the pipeline: first step of ocr; afterwards each page travels alone.
Trust level: the file is opened in the sandbox alone; page blobs are handed on unopened.
Residual risk: a long document is decrypted once for each chunk of pages. A locked document's password is a blob
under the case's key, removed here as soon as the last page was cut or the document did not open.

The first chunk is small, and the next one is cut only when its pages are nearly used up (`windows`), so that the
first pages are judged before the rest of a bundle costs anything. A document that is
announced again under a higher number is not opened again: its results are announced under that number; what had
been unreadable is read again, and all of it when the announcement asks for that. So is what was given up, when its
dead letter is replayed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, true, update

from services.ocr.announcing import Document, about, as_code, page_read
from services.ocr.attempts import run_counted
from services.ocr.ports import Ports
from services.ocr.sandbox.port import CHUNK_PAGES
from services.ocr.sandbox.results import Unreadable
from services.ocr.storing import store
from services.ocr.tables import documents, pages
from services.ocr.windows import fill, lock_document
from wetink.blobs import BlobRef, names
from wetink.contracts.events import (
    READABLE,
    DocumentCutRequested,
    DocumentEvent,
    DocumentOpened,
    DocumentReceived,
    Event,
    PageRead,
    ReadingOutcome,
)

FIRST_CHUNK_PAGES = 32


@dataclass(frozen=True)
class Chunk:
    """Pages whose blobs are stored, and by number the reason for those that could not be cut."""

    outcome: ReadingOutcome
    reason: str | None
    pages_total: int
    stored: list[int]
    failed: dict[int, str]


def prepare_received(event: DocumentReceived, ports: Ports) -> Chunk | None:
    """Cut the first pages; None for a document that was read before."""
    with ports.database.reading() as view:
        outcome = view.scalar(select(documents.c.outcome).where(documents.c.document_id == event.document_id))
    if outcome in READABLE:
        return None
    return _cut(event, ports, [event.blob, *event.parts], 1, FIRST_CHUNK_PAGES)


def handle_received(event: DocumentReceived, chunk: Chunk | None, transaction: Connection) -> Sequence[Event]:
    """Write the document and its first pages, or announce a known one under its new number."""
    known = lock_document(transaction, event.document_id)
    if known is not None and known.number > event.document_number:
        return []
    if known is not None and known.outcome in READABLE:
        return _announce_again(transaction, event) if known.number < event.document_number else []
    return _open(transaction, event, chunk) if chunk is not None else []


def give_up_received(event: DocumentReceived, reason: str, transaction: Connection) -> Sequence[Event]:
    """The document ends as unreadable."""
    return handle_received(event, Chunk("unreadable", as_code(reason), 0, [], {}), transaction)


def prepare_cut(event: DocumentCutRequested, ports: Ports) -> Chunk | None:
    """Cut the next pages; None when that was done or the document is gone."""
    last_page = event.first_page + CHUNK_PAGES - 1
    with ports.database.reading() as view:
        of_chunk = (
            pages.c.document_id == event.document_id,
            pages.c.page_number.between(event.first_page, last_page),
            pages.c.has_blob.is_(True),
        )
        is_done = view.execute(select(pages.c.page_number).where(*of_chunk)).first()
        files = view.scalar(select(documents.c.files).where(documents.c.document_id == event.document_id))
    if is_done or files is None:
        return None
    return _cut(event, ports, files.split("\n"), event.first_page, last_page)


def handle_cut(event: DocumentCutRequested, chunk: Chunk | None, transaction: Connection) -> Sequence[Event]:
    """Write the pages; those of a chunk that could not be cut are given up."""
    document = lock_document(transaction, event.document_id)
    if document is None or chunk is None:
        return []
    last_page = min(event.first_page + CHUNK_PAGES - 1, document.pages_total)
    return [
        *_add_pages(transaction, document, event, chunk, range(event.first_page, last_page + 1)),
        *fill(transaction, document, event),
    ]


def give_up_cut(event: DocumentCutRequested, reason: str, transaction: Connection) -> Sequence[Event]:
    """These pages end as unreadable; the cutting goes on after them."""
    return handle_cut(event, Chunk("unreadable", as_code(reason), 0, [], {}), transaction)


def _cut(event: DocumentEvent, ports: Ports, files: list[str], first_page: int, last_page: int) -> Chunk:
    refs = [BlobRef(event.organisation_id, event.case_id, name) for name in files]
    key_ref = BlobRef(event.organisation_id, event.case_id, names.password(event.document_id))
    password = ports.blobs.get(key_ref).decode() if ports.blobs.exists(key_ref) else None
    result = run_counted(
        ports.database,
        event,
        lambda: ports.sandbox.cut((ports.blobs.stream(ref) for ref in refs), first_page, last_page, password),
    )
    if password is not None and (isinstance(result, Unreadable) or last_page >= result.pages_total):
        ports.blobs.delete(key_ref)
    if isinstance(result, Unreadable):
        return Chunk(result.outcome, result.reason, 0, [], {})
    store(
        ports.blobs, event, {names.page(event.document_id, number): blob for number, blob in result.pages.items()}
    )
    return Chunk(result.outcome, result.reason, result.pages_total, list(result.pages), result.failed)


def _open(transaction: Connection, event: DocumentReceived, chunk: Chunk) -> list[Event]:
    transaction.execute(delete(pages).where(pages.c.document_id == event.document_id))
    transaction.execute(delete(documents).where(documents.c.document_id == event.document_id))
    transaction.execute(
        insert(documents).values(
            document_id=event.document_id,
            organisation_id=event.organisation_id,
            case_id=event.case_id,
            number=event.document_number,
            files="\n".join([event.blob, *event.parts]),
            received_on=event.received_on,
            replaces_document_id=event.replaces_document_id,
            outcome=chunk.outcome,
            reason=chunk.reason,
            pages_total=chunk.pages_total,
        )
    )
    document = _row(transaction, event)
    first = range(1, min(FIRST_CHUNK_PAGES, chunk.pages_total) + 1)
    return [
        _opened(document, event),
        *_add_pages(transaction, document, event, chunk, first),
        *fill(transaction, document, event),
    ]


def _add_pages(
    transaction: Connection, document: Document, event: Event, chunk: Chunk, numbers: range
) -> list[Event]:
    """Write the rows of `numbers`; returns the ends of those that failed.

    Pages that were given up before keep that outcome until they are read.
    """
    stored = set(chunk.stored)
    ours = pages.c.document_id == document.document_id
    known = set(transaction.scalars(select(pages.c.page_number).where(ours, pages.c.page_number.in_(numbers))))
    events: list[Event] = []
    for number in numbers:
        reason = None if number in stored else chunk.failed.get(number, chunk.reason or "page_damaged")
        if number not in known:
            row = {"document_id": document.document_id, "case_id": document.case_id, "page_number": number}
            transaction.execute(insert(pages).values(**row, **_first_state(reason)))
        elif not reason:
            given_up = update(pages).where(ours, pages.c.page_number == number, pages.c.has_blob.is_(False))
            transaction.execute(given_up.values(_first_state(None)))
        if reason:
            end = {"page_number": number, "outcome": "unreadable", "reason": reason}
            events.append(PageRead(**about(document, event), **end))
    return events


def _first_state(reason: str | None) -> dict[str, object]:
    if reason:
        return {
            "has_blob": False,
            "state": "done",
            "text_state": "done",
            "outcome": "unreadable",
            "reason": reason,
        }
    return {"has_blob": True, "state": "waiting", "text_state": "waiting"}


def _announce_again(transaction: Connection, event: DocumentReceived) -> list[Event]:
    """The document is current again: everything known of it under its new number; failed pages are read again.

    So are all its pages when that was asked for; their texts, which stay as they are, are then told again.
    """
    ours = pages.c.document_id == event.document_id
    transaction.execute(
        update(documents)
        .where(documents.c.document_id == event.document_id)
        .values(
            number=event.document_number,
            received_on=event.received_on,
            replaces_document_id=event.replaces_document_id,
        )
    )
    is_wanted = true() if event.is_reread else pages.c.outcome == "unreadable"
    again = update(pages).where(ours, pages.c.has_blob.is_(True), pages.c.state == "done", is_wanted)
    transaction.execute(again.values(state="waiting", outcome=None, reason=None))
    is_told_again = true() if event.is_reread else pages.c.is_text_awaited.is_(True)
    told_again = update(pages).where(ours, pages.c.has_blob.is_(True), pages.c.text_state == "done", is_told_again)
    transaction.execute(told_again.values(text_state="waiting"))
    document = _row(transaction, event)
    done = transaction.execute(select(pages).where(ours, pages.c.state == "done").order_by(pages.c.page_number))
    known = [page_read(document, page, event) for page in done]
    return [_opened(document, event), *known, *fill(transaction, document, event)]


def _row(transaction: Connection, event: DocumentEvent) -> Document:
    return transaction.execute(select(documents).where(documents.c.document_id == event.document_id)).one()


def _opened(document: Document, event: Event) -> DocumentOpened:
    return DocumentOpened(
        **about(document, event),
        outcome=document.outcome,
        reason=document.reason,
        pages_total=document.pages_total,
        received_on=document.received_on,
        replaces_document_id=document.replaces_document_id,
    )
