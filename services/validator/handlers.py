"""What the validator does with each event: remember it, and judge the case when a form or a document is whole.

Place in the pipeline: given to the stream worker by `__main__`. `prepare` reads the rows, computes them anew and
judges; `handle` writes them if the case is still as it was read, otherwise the event is prepared again.
Trust level: validated events of our own services, in any order between topics.
Residual risk: until the case's record has come, nothing is judged.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import Connection

from services.validator.flagged import FLAGGED
from services.validator.judging import Conclusion, conclude
from services.validator.ports import Ports
from services.validator.progress import (
    counted,
    is_final,
    is_judgement_due,
    opened,
    page_read,
    reached,
    text_read,
)
from services.validator.state import (
    CaseRow,
    Change,
    forget,
    read_after,
    read_case,
    read_document,
    read_page,
    write,
)
from wetink.blobs.port import BlobRef
from wetink.contracts.events import CaseChanged, CaseDeleted, DocumentOpened, Event, PageRead, TextRead
from wetink.contracts.reading import PageReading
from wetink.stream.forgetting import forget_case, forgotten
from wetink.stream.handler import Handler

E = TypeVar("E", bound=Event)
_GAVE_UP = {"outcome": "unreadable", "reason": "gave_up"}


def _prepare_case_changed(event: CaseChanged, ports: Ports) -> Conclusion | None:
    with ports.database.reading() as view:
        case = read_case(view, event.case_id, event.organisation_id)
    if case.is_deleted or event.case_version <= case.case_version:
        return None
    return conclude(Change(replace(case, case_version=event.case_version, record_blob=event.record_blob)), ports)


def _prepare_document_opened(event: DocumentOpened, ports: Ports) -> Conclusion | None:
    with ports.database.reading() as view:
        change = _after_document_opened(event, view)
    return _conclude_if_due(change, ports)


def _after_document_opened(event: DocumentOpened, view: Connection) -> Change:
    case = read_case(view, event.case_id, event.organisation_id)
    uploads = [moment for moment in (case.last_upload_at, event.occurred_at) if moment]
    document = read_document(view, event.case_id, event.document_number, event.document_id)
    return Change(replace(case, last_upload_at=max(uploads)), opened(document, event))


def _prepare_page_read(event: PageRead, ports: Ports) -> Conclusion | None:
    reading = None
    if event.reading_blob:
        ref = BlobRef(event.organisation_id, event.case_id, event.reading_blob)
        reading = ports.readings.page(ref, event.document_number)
    with ports.database.reading() as view:
        change = _after_page_read(event, reading, view)
    return _conclude_if_due(change, ports)


def _after_page_read(event: PageRead, reading: PageReading | None, view: Connection) -> Change:
    number = event.page_number
    document = read_document(view, event.case_id, event.document_number, event.document_id)
    before = read_page(view, event.case_id, event.document_number, number)
    after = page_read(before, event, reading)
    document = counted(document, before, after)
    if number == document.read_up_to + 1:
        document = reached(document, [(number, after.ends_form), *read_after(view, document, number)])
    return Change(read_case(view, event.case_id, event.organisation_id), document, after)


def _prepare_text_read(event: TextRead, ports: Ports) -> Conclusion | None:
    with ports.database.reading() as view:
        change, is_awaited = _after_text_read(event, view)
    return _conclude_if_due(change, ports) if is_awaited else _remember(change)


def _after_text_read(event: TextRead, view: Connection) -> tuple[Change, bool]:
    document = read_document(view, event.case_id, event.document_number, event.document_id)
    before = read_page(view, event.case_id, event.document_number, event.page_number)
    after = text_read(before, event)
    case = read_case(view, event.case_id, event.organisation_id)
    return Change(case, counted(document, before, after), after), before.is_text_awaited


def _conclude_if_due(change: Change, ports: Ports) -> Conclusion | None:
    is_due = change.document is not None and is_judgement_due(change.document)
    return conclude(change, ports) if is_due and not change.case.is_deleted else _remember(change)


def _remember(change: Change) -> Conclusion | None:
    return None if change.case.is_deleted else Conclusion(change)


def _handle(_event: Event, result: Conclusion | None, transaction: Connection) -> Sequence[Event]:
    if result is None:
        return []
    write(transaction, result.change)
    return result.events


def _prepare_case_deleted(_event: CaseDeleted, _ports: Ports) -> None:
    return None


def _handle_case_deleted(event: CaseDeleted, _result: object, transaction: Connection) -> Sequence[Event]:
    forget(transaction, event.case_id, event.organisation_id)
    forget_case(transaction, event.case_id)
    return [forgotten(event, "validator")]


def _give_up_case_deleted(event: CaseDeleted, _reason: str, transaction: Connection) -> Sequence[Event]:
    return _handle_case_deleted(event, None, transaction)


def _give_up_case_changed(_event: CaseChanged, _reason: str, _transaction: Connection) -> Sequence[Event]:
    """The record that was known before stays in force."""
    return []


def _give_up_document_opened(event: DocumentOpened, _reason: str, transaction: Connection) -> Sequence[Event]:
    return _judge_later(_after_document_opened(event.model_copy(update=_GAVE_UP), transaction), event, transaction)


def _give_up_page_read(event: PageRead, _reason: str, transaction: Connection) -> Sequence[Event]:
    lost = event.model_copy(update={**_GAVE_UP, "reading_blob": None, "is_text_awaited": False})
    return _judge_later(_after_page_read(lost, None, transaction), event, transaction)


def _give_up_text_read(event: TextRead, _reason: str, transaction: Connection) -> Sequence[Event]:
    lost = event.model_copy(update={**_GAVE_UP, "text_blob": None})
    return _judge_later(_after_text_read(lost, transaction)[0], event, transaction)


def _judge_later(change: Change, event: Event, transaction: Connection) -> Sequence[Event]:
    """Write the change and leave the judgement, which is slow, to the timer."""
    is_due = change.document is not None and is_final(change.document)
    case: CaseRow = replace(change.case, judge_at=event.occurred_at) if is_due else change.case
    if not case.is_deleted:
        write(transaction, replace(change, case=case))
    return []


def _handler(
    event_type: type[E],
    prepare: Callable[[E, Ports], Conclusion | None],
    give_up: Callable[[E, str, Connection], Sequence[Event]],
) -> Handler[E, Ports, Conclusion | None]:
    return Handler(event_type, prepare, _handle, give_up)


HANDLERS = (
    _handler(CaseChanged, _prepare_case_changed, _give_up_case_changed),
    Handler(CaseDeleted, _prepare_case_deleted, _handle_case_deleted, _give_up_case_deleted),
    _handler(DocumentOpened, _prepare_document_opened, _give_up_document_opened),
    _handler(PageRead, _prepare_page_read, _give_up_page_read),
    _handler(TextRead, _prepare_text_read, _give_up_text_read),
    FLAGGED,
)
"""One for each topic that the validator reads."""
