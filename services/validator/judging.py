"""Judges a case from its rows and stored readings: the slow part of every handler that makes a judgement due.

Place in the pipeline: called in `prepare`, before any transaction; the judgement's blob is written here, under a
name that holds a hash of its content, so that a racing loser overwrites nothing.
Trust level: our own blobs. Residual risk: a loser's blob stays until the case is deleted.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.validator.case_view import CaseView, Days, DocumentView
from services.validator.checklists.comparing import checklist_of
from services.validator.daily import next_day
from services.validator.judge import judge_in_time
from services.validator.marks import compared
from services.validator.other_cases import with_owners
from services.validator.ports import Ports
from services.validator.progress import is_final
from services.validator.state import CaseRow, Change, DocumentRow, MarkRow, PageRow, read_all
from services.validator.view import build_case_view, is_superseded
from wetink.blobs import names
from wetink.blobs.port import BlobNotFoundError, BlobRef
from wetink.contracts.case_record import CaseRecord, Filing
from wetink.contracts.events import DocumentReviewed, DocumentState, Event
from wetink.contracts.judgement import ChecklistLine, Finding, Judgement
from wetink.contracts.reading import PageReading, PageText
from wetink.logs import Log

_log = Log(__name__)


@dataclass(frozen=True)
class Conclusion:
    """What a handler writes and announces."""

    change: Change
    events: tuple[Event, ...] = ()


@dataclass(frozen=True)
class Judged:
    """What a case's rows say: its findings and checklist, where each document stands.

    `judge_at` is when to look again without an event, `told` as in the case's row, `marks` as in `Change`.
    """

    findings: list[Finding]
    filing: Filing | None
    checklist: list[ChecklistLine]
    states: list[DocumentState]
    judge_at: datetime | None
    told: str
    marks: tuple[MarkRow, ...] | None


def conclude(change: Change, ports: Ports, *, only_news: bool = False) -> Conclusion:
    """Judge the case as it is after `change`; without the case's record yet, or anything to say, only the change.

    With `only_news` a judgement that says what the last one said is not announced.
    Raises `RetryError` when blobs or database are away, `CaseDeletedError` when the case is gone.
    """
    case = change.case
    judged = judge_rows(case, *_rows_after(change, ports), ports)
    if judged is None or not (judged.states or judged.checklist or case.case_revision):
        return Conclusion(replace(change, case=replace(case, judge_at=None)))
    judgement = _judgement(case, judged)
    said = judgement.model_dump_json(exclude={"case_revision"})
    after = replace(case, judge_at=judged.judge_at, told=judged.told, said=_digest(said))
    change = replace(change, marks=judged.marks)
    if only_news and after.said == case.said:
        return Conclusion(replace(change, case=after))
    reviewed = _announce(case, judgement, ports)
    after = replace(after, case_revision=reviewed.case_revision)
    document = change.document and replace(change.document, judged_up_to=change.document.read_up_to)
    return Conclusion(replace(change, case=after, document=document), (reviewed,))


def judge_rows(
    case: CaseRow, documents: Iterable[DocumentRow], pages: Sequence[PageRow], ports: Ports
) -> Judged | None:
    """What the rules say of a case whose rows are these; None without the case's record.

    Raises `RetryError` when blobs are away, `CaseDeletedError` when the case is gone.
    """
    record = _record(case, ports)
    if record is None:
        return None
    counting = [document for document in documents if document.document_id not in record.withdrawn]
    now, zone = ports.clock.now(), ZoneInfo(record.time_zone)
    quiet_at = case.last_upload_at + timedelta(seconds=ports.quiet_s) if case.last_upload_at else None
    is_quiet = quiet_at is not None and quiet_at <= now
    is_expecting = any(not is_final(document) for document in counting)
    is_settled = not is_expecting and (record.completed_at is not None or is_quiet)
    views = _document_views(case, counting, pages, ports)
    view = build_case_view(record.details, views, ports.requirements, is_settled=is_settled)
    view, marks = compared(case, view, pages, ports)
    view = with_owners(view, case, ports)
    days = Days(
        today=now.astimezone(zone).date(),
        received={document.id: document.received_on for document in views},
    )
    said = judge_in_time(view, days, case.case_id, (case.told or "").split())
    return Judged(
        findings=said.findings,
        filing=record.details.filing,
        checklist=checklist_of(view, days.today),
        states=_states(counting, views, view, said.findings),
        judge_at=quiet_at if said.is_more_later and not is_quiet else next_day(case, now, zone),
        told=" ".join(sorted(said.told)),
        marks=marks,
    )


def _record(case: CaseRow, ports: Ports) -> CaseRecord | None:
    """The case's record; None when none came yet, or when its blob is lost: the next version mends that."""
    if case.record_blob is None:
        return None
    try:
        return CaseRecord.model_validate_json(ports.blobs.get(_ref(case, case.record_blob)))
    except BlobNotFoundError as error:
        _log.error("record_lost", case=case.case_id, error=error)
        return None


def _judgement(case: CaseRow, judged: Judged) -> Judgement:
    return Judgement(
        organisation_id=case.organisation_id,
        case_id=case.case_id,
        case_revision=case.case_revision + 1,
        findings=judged.findings,
        filing=judged.filing,
        checklist=judged.checklist,
        documents=judged.states,
        documents_in_flight=sum(state.status == "reading" for state in judged.states),
        record_blob=case.record_blob,
    )


def _announce(case: CaseRow, judgement: Judgement, ports: Ports) -> DocumentReviewed:
    """Write the judgement's blob; returns the event that names it."""
    content = judgement.model_dump_json()
    name = f"{names.judgement(judgement.case_revision)}-{_digest(content)[:16]}"
    ports.blobs.put(_ref(case, name), content.encode())
    return DocumentReviewed(
        organisation_id=case.organisation_id,
        case_id=case.case_id,
        occurred_at=ports.clock.now(),
        case_revision=judgement.case_revision,
        case_version=case.case_version,
        judgement_blob=name,
        documents=judgement.documents,
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _rows_after(change: Change, ports: Ports) -> tuple[list[DocumentRow], list[PageRow]]:
    with ports.database.reading() as view:
        documents, pages = read_all(view, change.case.case_id)
    by_number = {document.document_number: document for document in documents}
    by_place = {(page.document_number, page.page_number): page for page in pages}
    if change.document:
        by_number[change.document.document_number] = change.document
    if change.page:
        by_place[change.page.document_number, change.page.page_number] = change.page
    return list(by_number.values()), list(by_place.values())


def _document_views(
    case: CaseRow, documents: Iterable[DocumentRow], pages: Iterable[PageRow], ports: Ports
) -> list[DocumentView]:
    """Views of the documents that were opened; what was read before that waits."""
    of_document: dict[int, list[PageRow]] = {}
    for page in pages:
        of_document.setdefault(page.document_number, []).append(page)
    return [
        _document_view(case, document, of_document.get(document.document_number, []), ports)
        for document in documents
        if document.outcome is not None
    ]


def _document_view(case: CaseRow, row: DocumentRow, pages: Sequence[PageRow], ports: Ports) -> DocumentView:
    read = [page for page in pages if page.outcome is not None]
    awaited = [page for page in read if page.is_text_awaited]
    return DocumentView(
        id=row.document_id,
        number=row.document_number,
        received_on=date.fromisoformat(row.received_on or ""),
        outcome=row.outcome or "unreadable",
        pages_total=row.pages_total,
        reason=row.reason,
        replaces=row.replaces_document_id,
        pages={page.page_number: _reading(case, page, ports) for page in read},
        texts={page.page_number: _text(case, page, ports) for page in awaited if page.text_outcome},
        texts_awaited=frozenset(page.page_number for page in awaited),
    )


def _reading(case: CaseRow, page: PageRow, ports: Ports) -> PageReading:
    reading = page.reading_blob and ports.readings.page(_ref(case, page.reading_blob), page.document_number)
    if reading:
        return reading
    outcome, reason = page.outcome or "unreadable", page.reason
    if outcome == "read":
        outcome, reason = "unreadable", "reading_lost"
    return PageReading(number=page.page_number, outcome=outcome, reason=reason, source="scan", seconds=0)


def _text(case: CaseRow, page: PageRow, ports: Ports) -> PageText:
    text = page.text_blob and ports.readings.text(_ref(case, page.text_blob), page.document_number)
    return text or PageText(number=page.page_number, outcome=page.text_outcome or "unreadable")


def _states(
    documents: Sequence[DocumentRow], views: Sequence[DocumentView], case: CaseView, findings: Sequence[Finding]
) -> list[DocumentState]:
    """Where each document stands, by its newest announcement."""
    newest = {document.document_id: document for document in documents}
    unreadable = {view.number for view in views if view.is_unreadable}
    superseded = {view.number for view in views if is_superseded(view, case)}
    return [
        DocumentState(
            document_id=row.document_id,
            document_number=row.document_number,
            status=("unreadable" if row.document_number in unreadable else "reviewed")
            if is_final(row)
            else "reading",
            codes=sorted({finding.code for finding in findings if finding.document_id == row.document_id}),
            pages_total=row.pages_total,
            is_superseded=row.document_number in superseded,
        )
        for row in sorted(newest.values(), key=lambda row: row.document_number)
    ]


def _ref(case: CaseRow, name: str) -> BlobRef:
    return BlobRef(case.organisation_id, case.case_id, name)
