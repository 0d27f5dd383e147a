"""What the validator remembers of a case, as rows: read, changed by pure functions in `progress`, written back.

Place in the pipeline: `prepare` reads and computes, `handle` writes if nobody changed the case meanwhile.
Trust level: ids and codes of validated events. Residual risk: none; a lost race is repeated.
"""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Table, delete, insert, select, update

from services.validator.tables import SHAPE, cases, documents, marks, pages
from wetink.contracts.events import ReadingOutcome
from wetink.errors import RetryError


@dataclass(frozen=True)
class CaseRow:
    """A row of `cases`; `state_revision` 0 is a case that is not yet there."""

    case_id: str
    organisation_id: str
    state_revision: int = 0
    case_version: int = 0
    record_blob: str | None = None
    case_revision: int = 0
    last_upload_at: datetime | None = None
    judge_at: datetime | None = None
    told: str | None = None
    said: str | None = None
    is_deleted: bool = False


@dataclass(frozen=True)
class DocumentRow:
    """A row of `documents`."""

    case_id: str
    document_number: int
    document_id: str
    outcome: ReadingOutcome | None = None
    reason: str | None = None
    pages_total: int = 0
    received_on: str | None = None
    replaces_document_id: str | None = None
    pages_read: int = 0
    texts_awaited: int = 0
    read_up_to: int = 0
    form_ends_at: int = 0
    judged_up_to: int = 0


@dataclass(frozen=True)
class PageRow:
    """A row of `pages`."""

    case_id: str
    document_number: int
    page_number: int
    outcome: ReadingOutcome | None = None
    reason: str | None = None
    reading_blob: str | None = None
    is_text_awaited: bool = False
    ends_form: bool = False
    text_outcome: ReadingOutcome | None = None
    text_blob: str | None = None


@dataclass(frozen=True)
class MarkRow:
    """A row of `marks`."""

    mark_id: str
    case_id: str
    organisation_id: str
    document_number: int
    reading_blob: str
    form: str
    slot_id: str
    shape: tuple[int, ...]
    same_as: str | None = None


@dataclass(frozen=True)
class Change:
    """The rows that an event changes. `case.state_revision` is still the one that was read.

    `marks` are all that the case has from now on, null where nothing changes.
    """

    case: CaseRow
    document: DocumentRow | None = None
    page: PageRow | None = None
    marks: tuple[MarkRow, ...] | None = None


_GONE = -1
"""The `state_revision` of a deleted case: no change that was read before matches it."""

_R = TypeVar("_R", CaseRow, DocumentRow, PageRow)


def read_case(view: Connection, case_id: str, organisation_id: str) -> CaseRow:
    """The case's row, or a new one."""
    row = view.execute(select(cases).where(cases.c.case_id == case_id)).first()
    return _as(CaseRow, row) if row else CaseRow(case_id, organisation_id)


def read_document(view: Connection, case_id: str, number: int, document_id: str) -> DocumentRow:
    """The row of one announcement, or a new one."""
    where = (documents.c.case_id == case_id, documents.c.document_number == number)
    row = view.execute(select(documents).where(*where)).first()
    return _as(DocumentRow, row) if row else DocumentRow(case_id, number, document_id)


def read_page(view: Connection, case_id: str, document_number: int, number: int) -> PageRow:
    """The row of one page, or a new one."""
    row = view.execute(select(pages).where(*_page_key(case_id, document_number, number))).first()
    return _as(PageRow, row) if row else PageRow(case_id, document_number, number)


def read_all(view: Connection, case_id: str) -> tuple[list[DocumentRow], list[PageRow]]:
    """All documents and pages of a case, in order."""
    all_documents = select(documents).where(documents.c.case_id == case_id).order_by(documents.c.document_number)
    all_pages = (
        select(pages).where(pages.c.case_id == case_id).order_by(pages.c.document_number, pages.c.page_number)
    )
    return (
        [_as(DocumentRow, row) for row in view.execute(all_documents)],
        [_as(PageRow, row) for row in view.execute(all_pages)],
    )


def read_after(view: Connection, document: DocumentRow, number: int) -> list[tuple[int, bool]]:
    """Number and `ends_form` of the pages after `number` that are read, without a gap from `number` on."""
    later = (
        select(pages.c.page_number, pages.c.ends_form)
        .where(
            pages.c.case_id == document.case_id,
            pages.c.document_number == document.document_number,
            pages.c.page_number > number,
            pages.c.outcome.is_not(None),
        )
        .order_by(pages.c.page_number)
    )
    found: list[tuple[int, bool]] = []
    for row in view.execute(later):
        if row.page_number != number + len(found) + 1:
            break
        found.append((row.page_number, row.ends_form))
    return found


def other_cases(view: Connection, case: CaseRow) -> list[CaseRow]:
    """The organisation's other cases whose record is known."""
    of_organisation = cases.c.organisation_id == case.organisation_id, cases.c.case_id != case.case_id
    known = cases.c.record_blob.is_not(None), cases.c.is_deleted.is_(False)
    others = select(cases).where(*of_organisation, *known).order_by(cases.c.case_id)
    return [_as(CaseRow, row) for row in view.execute(others)]


def read_marks(view: Connection, *where: ColumnElement[bool]) -> list[MarkRow]:
    """The marks for which all of `where` holds."""
    rows = view.execute(select(marks).where(*where).order_by(marks.c.mark_id)).mappings()
    return [
        MarkRow(
            **{name: value for name, value in row.items() if name not in SHAPE},
            shape=tuple(row[name] for name in SHAPE),
        )
        for row in rows
    ]


def due_cases(view: Connection, now: datetime, limit: int) -> list[CaseRow]:
    """Cases that are to be judged by now, the longest due first."""
    due = select(cases).where(cases.c.judge_at <= now).order_by(cases.c.judge_at).limit(limit)
    return [_as(CaseRow, row) for row in view.execute(due)]


def write(transaction: Connection, change: Change) -> None:
    """Write the rows if the case is still as it was read; otherwise `RetryError`."""
    _swap_case(transaction, change.case)
    if change.document:
        row = change.document
        key = (documents.c.case_id == row.case_id, documents.c.document_number == row.document_number)
        _replace(transaction, documents, key, row)
    if change.page:
        page = change.page
        key = _page_key(page.case_id, page.document_number, page.page_number)
        _replace(transaction, pages, key, page)
    if change.marks is not None:
        transaction.execute(delete(marks).where(marks.c.case_id == change.case.case_id))
        for mark in change.marks:
            named = {name: value for name, value in vars(mark).items() if name != "shape"}
            shape = dict(zip(SHAPE, mark.shape, strict=True))
            transaction.execute(insert(marks).values(**named, **shape))


def forget(transaction: Connection, case_id: str, organisation_id: str) -> None:
    """Remove what is known of a deleted case; its row stays as a mark."""
    for table in (marks, pages, documents, cases):
        transaction.execute(delete(table).where(table.c.case_id == case_id))
    gone = CaseRow(case_id, organisation_id, state_revision=_GONE, is_deleted=True)
    transaction.execute(insert(cases).values(**asdict(gone)))


def _swap_case(transaction: Connection, row: CaseRow) -> None:
    changed = {**asdict(row), "state_revision": row.state_revision + 1}
    if row.state_revision == 0:
        if transaction.execute(select(cases.c.case_id).where(cases.c.case_id == row.case_id)).first():
            raise RetryError("case_changed_meanwhile")
        transaction.execute(insert(cases).values(**changed))
        return
    same = (cases.c.case_id == row.case_id, cases.c.state_revision == row.state_revision)
    if transaction.execute(update(cases).where(*same).values(**changed)).rowcount != 1:
        raise RetryError("case_changed_meanwhile")


def _replace(transaction: Connection, table: Table, key: tuple[Any, ...], row: DocumentRow | PageRow) -> None:
    transaction.execute(delete(table).where(*key))
    transaction.execute(insert(table).values(**asdict(row)))


def _page_key(case_id: str, document_number: int, number: int) -> tuple[Any, ...]:
    return (
        pages.c.case_id == case_id,
        pages.c.document_number == document_number,
        pages.c.page_number == number,
    )


def _as(kind: type[_R], row: Row[Any]) -> _R:
    return kind(**{field.name: row._mapping[field.name] for field in fields(kind)})  # noqa: SLF001 - its public name
