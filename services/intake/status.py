"""How documents go on: their status and page counts, from the events of the other services.

Place in the pipeline: handlers for `document.opened`, `page.read` and `document.flagged`. A final status comes
from `document.flagged` alone: only then are the flags in the queue.
Trust level: events were validated. They may come late, twice or out of order: those of an older upload number or
of an older judgement change nothing. Residual risk: none; a lost event is a later service's to send again.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from prometheus_client import Histogram
from sqlalchemy import ColumnElement, Connection, and_, case, select, update

from services.intake.in_flight import received_id, sent_at
from services.intake.tables import cases, documents, withdrawals
from wetink.contracts.events import (
    DocumentEvent,
    DocumentFlagged,
    DocumentOpened,
    DocumentState,
    Event,
    PageRead,
)
from wetink.stream.handler import Handler

FINAL = ("reviewed", "unreadable")
"""Statuses that a document keeps until it is sent again."""
_STATUS_WHEN_BEGUN = case((documents.c.status == "received", "reading"), else_=documents.c.status)

FLAG_SECONDS = Histogram(
    "wetink_flag_seconds",
    "Seconds from a document's upload until its flags were in the queue.",
    buckets=(0.5, 1, 2, 3, 5, 10, 30, 60, 300, 1800),
)
"""Once for each time that a document was sent, flags or none."""

E = TypeVar("E", bound=Event)


def handlers() -> list[Handler[Any, Any, Any]]:
    """What intake does with events."""
    return [
        _handler(DocumentOpened, _opened),
        _handler(PageRead, _page_read),
        _handler(DocumentFlagged, _flagged),
    ]


def _handler(event_type: type[E], apply: Callable[[E, Connection], None]) -> Handler[E, object, None]:
    """A handler that needs no preparation and causes no events; a dead letter leaves the status as it is."""

    def prepare(_event: E, _ports: object) -> None:
        return

    def handle(event: E, _result: None, transaction: Connection) -> Sequence[Event]:
        apply(event, transaction)
        return ()

    def give_up(_event: E, _reason: str, _transaction: Connection) -> Sequence[Event]:
        return ()

    return Handler(event_type, prepare, handle, give_up)


def _opened(event: DocumentOpened, transaction: Connection) -> None:
    transaction.execute(
        update(documents)
        .where(_is_current(event))
        .values(pages_total=_larger(documents.c.pages_total, event.pages_total), status=_STATUS_WHEN_BEGUN)
    )
    transaction.execute(  # taken out meanwhile: its pages are removed all the same
        update(withdrawals)
        .where(withdrawals.c.document_id == event.document_id)
        .values(pages=_larger(withdrawals.c.pages, event.pages_total))
    )


def _page_read(event: PageRead, transaction: Connection) -> None:
    """Each page that ends is one event, handled once: counting is enough, save for one that is read after all."""
    if event.is_reread:
        return
    transaction.execute(
        update(documents)
        .where(_is_current(event))
        .values(pages_read=documents.c.pages_read + 1, status=_STATUS_WHEN_BEGUN)
    )


def _flagged(event: DocumentFlagged, transaction: Connection) -> None:
    older = cases.c.case_id == event.case_id, cases.c.judged_version < event.case_version
    transaction.execute(update(cases).where(*older).values(judged_version=event.case_version))
    for state in event.documents:
        _note_seconds(event, state, transaction)
        transaction.execute(
            update(documents)
            .where(
                _is_current(state),
                documents.c.case_id == event.case_id,
                documents.c.case_revision < event.case_revision,
            )
            .values(_judged(state) | {"case_revision": event.case_revision})
        )


def _note_seconds(event: DocumentFlagged, state: DocumentState, transaction: Connection) -> None:
    query = select(documents).where(_is_current(state), documents.c.status.not_in(FINAL))
    row = transaction.execute(query).first() if state.status in FINAL else None
    if row is not None:
        sent = sent_at(transaction, [received_id(row)]).get(received_id(row), row.received_at)
        FLAG_SECONDS.observe((event.occurred_at - sent).total_seconds())


def _larger(column: ColumnElement[int | None], value: int) -> ColumnElement[int]:
    return case((column > value, column), else_=value)


def _judged(state: DocumentState) -> dict[str, Any]:
    """What a judgement changes; a superseded document stays so until it is sent again."""
    changes: dict[str, Any] = {"status": state.status} if state.status in FINAL else {}
    return changes | ({"is_superseded": True} if state.is_superseded else {})


def _is_current(event: DocumentEvent | DocumentState) -> ColumnElement[bool]:
    """Whether the event tells of the document's present number."""
    return and_(documents.c.document_id == event.document_id, documents.c.number == event.document_number)
