"""The full text and the picture of one page: `text.requested`, on a lane of its own.

Place in the pipeline: beside the reading; the review waits for it only for pages that are no known form.
Trust level: the page is opened in the sandbox alone; the text stays untrusted.
Residual risk: none of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, update

from services.ocr.announcing import about, as_code, is_page_of
from services.ocr.attempts import run_counted
from services.ocr.ports import Ports
from services.ocr.sandbox.results import Unreadable
from services.ocr.tables import pages
from services.ocr.windows import ask_for_known_texts, fill, lock_document
from wetink.blobs import BlobRef, names
from wetink.contracts.events import Event, ReadingOutcome, TextRead, TextRequested
from wetink.contracts.reading import PageText


@dataclass(frozen=True)
class TextEnd:
    """How it ended, and the blob of the text."""

    outcome: ReadingOutcome
    reason: str | None
    text_blob: str | None = None


def prepare_text(event: TextRequested, ports: Ports) -> TextEnd:
    """Read the text, store it and the page's picture; what is stored already is taken as it is."""
    name = names.text(event.document_id, event.page_number)
    ref = BlobRef(event.organisation_id, event.case_id, name)
    if ports.blobs.exists(ref):
        return _end(PageText.model_validate_json(ports.blobs.get(ref)), name)
    untrusted_blob = ports.blobs.get(BlobRef(event.organisation_id, event.case_id, event.page_blob))
    result = run_counted(ports.database, event, lambda: ports.sandbox.page_text(untrusted_blob, event.page_number))
    if isinstance(result, Unreadable):
        return TextEnd(result.outcome, as_code(result.reason))
    if result.picture is not None:
        picture = names.page_picture(event.document_id, event.page_number)
        ports.blobs.put(BlobRef(event.organisation_id, event.case_id, picture), result.picture)
    text = result.text.model_copy(update={"number": event.page_number})
    ports.blobs.put(ref, text.model_dump_json().encode())
    return _end(text, name)


def _end(text: PageText, name: str) -> TextEnd:
    return TextEnd(text.outcome, text.reason and as_code(text.reason), name)


def handle_text(event: TextRequested, end: TextEnd, transaction: Connection) -> Sequence[Event]:
    """Mark the text as done, tell how it ended, ask for the next ones."""
    document = lock_document(transaction, event.document_id)
    if document is None:
        return ask_for_known_texts(transaction, event)
    transaction.execute(update(pages).where(is_page_of(event)).values(text_state="done"))
    told = TextRead(
        **about(document, event),
        page_number=event.page_number,
        outcome=end.outcome,
        reason=end.reason,
        text_blob=end.text_blob,
    )
    return [told, *fill(transaction, document, event)]


def give_up_text(event: TextRequested, reason: str, transaction: Connection) -> Sequence[Event]:
    """There is no text; the review need not wait for it."""
    return handle_text(event, TextEnd("unreadable", as_code(reason)), transaction)
