"""Reading one page: `page.requested`.

Place in the pipeline: between the cutting and the validator; the pages of a document spread over all workers.
Trust level: the page is opened in the sandbox alone; what comes back is checked there.
Residual risk: none of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from services.ocr import png
from services.ocr.announcing import as_code, is_page_of, page_read
from services.ocr.attempts import run_counted
from services.ocr.ports import Ports
from services.ocr.sandbox.results import PageResult, Unreadable
from services.ocr.storing import store
from services.ocr.tables import pages
from services.ocr.windows import fill, lock_document
from wetink.blobs import BlobRef, names
from wetink.contracts.events import READABLE, Event, PageRequested, ReadingOutcome
from wetink.contracts.reading import PageReading


@dataclass(frozen=True)
class PageEnd:
    """How reading a page ended, and the blob of its reading."""

    outcome: ReadingOutcome
    reason: str | None
    reading_blob: str | None = None
    is_text_awaited: bool = False


def prepare_page(event: PageRequested, ports: Ports) -> PageEnd | None:
    """Read the page, store reading and pictures; None when that was done before."""
    with ports.database.reading() as view:
        if view.scalar(select(pages.c.outcome).where(is_page_of(event))) in READABLE:
            return None
    untrusted_blob = ports.blobs.get(BlobRef(event.organisation_id, event.case_id, event.page_blob))
    result = run_counted(ports.database, event, lambda: ports.sandbox.read_page(untrusted_blob, event.page_number))
    if isinstance(result, Unreadable):
        return PageEnd(result.outcome, as_code(result.reason))
    reading, pictures = _with_pictures(event, result)
    name = names.reading(event.document_id, event.page_number)
    store(ports.blobs, event, {**pictures, name: reading.model_dump_json().encode()})
    is_unknown = reading.form is None and reading.outcome in READABLE
    return PageEnd(reading.outcome, reading.reason and as_code(reading.reason), name, is_unknown)


def handle_page(event: PageRequested, end: PageEnd | None, transaction: Connection) -> Sequence[Event]:
    """Mark the page as done, tell how it ended, ask for the next pages and texts."""
    document = lock_document(transaction, event.document_id)
    page = transaction.execute(select(pages).where(is_page_of(event))).first()
    if end is None or document is None or page is None or page.outcome in READABLE:
        return []
    is_reread = page.outcome is not None
    transaction.execute(
        update(pages)
        .where(is_page_of(event))
        .values(
            state="done",
            outcome=end.outcome,
            reason=end.reason,
            reading_blob=end.reading_blob,
            is_text_awaited=end.is_text_awaited,
        )
    )
    page = transaction.execute(select(pages).where(is_page_of(event))).one()
    return [page_read(document, page, event, is_reread=is_reread), *fill(transaction, document, event)]


def give_up_page(event: PageRequested, reason: str, transaction: Connection) -> Sequence[Event]:
    """The page ends as unreadable."""
    return handle_page(event, PageEnd("unreadable", as_code(reason)), transaction)


def _with_pictures(event: PageRequested, result: PageResult) -> tuple[PageReading, dict[str, bytes]]:
    """The reading with the blob names of its slots' pictures, and these pictures as PNG by name."""
    slots, pictures = [], {}
    for slot in result.reading.slots:
        pixels = result.pictures.get(slot.id)
        name = None
        if pixels is not None:
            name = names.slot_picture(event.document_id, event.page_number, slot.id)
            pictures[name] = png.encode(pixels)
        slots.append(slot.model_copy(update={"picture": name}))
    return result.reading.model_copy(update={"number": event.page_number, "slots": slots}), pictures
