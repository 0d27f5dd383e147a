"""Which events ocr and its text lane answer, and how.

Place in the pipeline: handed to the stream's worker by `__main__` and `text_lane`.
Trust level: events were validated. Residual risk: none.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, delete

from services.ocr import documents as opening
from services.ocr import page_reading, page_text
from services.ocr.ports import Ports
from services.ocr.tables import crashes, documents, pages
from services.ocr.windows import ask_for_known_texts
from wetink.contracts.events import (
    CaseDeleted,
    DocumentCutRequested,
    DocumentReceived,
    Event,
    PageRequested,
    TextRequested,
)
from wetink.stream import forgetting as stream
from wetink.stream.handler import Handler

E = TypeVar("E", bound=Event)
R = TypeVar("R")


def forget_case(event: CaseDeleted, _result: None, transaction: Connection) -> Sequence[Event]:
    """Remove what is known of the case; its blobs are gone with its key."""
    for table in (crashes, pages, documents):
        transaction.execute(delete(table).where(table.c.case_id == event.case_id))
    stream.forget_case(transaction, event.case_id)
    return [stream.forgotten(event, "ocr"), *ask_for_known_texts(transaction, event)]


def _prepare_nothing(_event: CaseDeleted, _ports: Ports) -> None:
    return None


def _forget_all_the_same(event: CaseDeleted, _reason: str, transaction: Connection) -> Sequence[Event]:
    return forget_case(event, None, transaction)


def _opens_files(
    event_type: type[E],
    prepare: Callable[[E, Ports], R],
    handle: Callable[[E, R, Connection], Sequence[Event]],
    give_up: Callable[[E, str, Connection], Sequence[Event]],
) -> Handler[E, Ports, R]:
    """A handler of a client's file: whatever it does to the worker, its starts are counted."""
    return Handler(event_type, prepare, handle, give_up, counts_starts=True)


PAGE_HANDLERS: tuple[Handler[Any, Ports, Any], ...] = (
    _opens_files(DocumentReceived, opening.prepare_received, opening.handle_received, opening.give_up_received),
    _opens_files(DocumentCutRequested, opening.prepare_cut, opening.handle_cut, opening.give_up_cut),
    _opens_files(PageRequested, page_reading.prepare_page, page_reading.handle_page, page_reading.give_up_page),
    Handler(CaseDeleted, _prepare_nothing, forget_case, _forget_all_the_same),
)
"""Of the group `ocr`."""

TEXT_HANDLERS: tuple[Handler[Any, Ports, Any], ...] = (
    _opens_files(TextRequested, page_text.prepare_text, page_text.handle_text, page_text.give_up_text),
)
"""Of the group `text`."""
