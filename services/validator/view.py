"""Builds the view of a case that rules look at, from its documents' readings: a pure function.

Place in the pipeline: called for each judgement, by the service and by `wetink check`.
Trust level: see `case_view`. Residual risk: that of `copies`.
"""

from collections.abc import Sequence

from services.validator.belonging import misfiled_documents, with_strangers
from services.validator.case_view import (
    CaseView,
    DocumentView,
    FormCopy,
    RepeatedDocument,
    SeenPage,
    SlotView,
    UnreadPage,
)
from services.validator.copies import GatheredCopy, gather
from services.validator.household import Household, owner_of, pages_of_others
from services.validator.requirements import Requirements
from services.validator.requirements.policy import policy_of
from services.validator.runs import runs_of, seen_page
from services.validator.verdicts import Context, filled_purposes, verdict_of
from wetink.contracts.case_record import CaseDetails
from wetink.contracts.reading import PageReading


def build_case_view(
    details: CaseDetails, documents: Sequence[DocumentView], requirements: Requirements, *, is_settled: bool
) -> CaseView:
    """The case as rules see it; the order of `documents` does not matter."""
    in_order = sorted(documents, key=lambda document: document.number)
    announced = [document for document in in_order if not _is_announced_again(document, in_order)]
    counting = [document for document in announced if not _is_displaced(document, announced)]
    own_findings = tuple(document for document in announced if not _correction_of(document, announced))
    household = Household(details)
    gathered = gather(in_order, counting, household)
    gathered_copies = [_form_copy(copy, details, household, requirements) for copy in gathered.copies]
    misfiled = misfiled_documents(own_findings, gathered_copies, household)
    copies = with_strangers(gathered_copies, misfiled, household)
    unread = tuple(page for document in own_findings for page in _unread_pages(document, copies, requirements))
    repeated = [
        RepeatedDocument(document, gathered.repeats[document.number])
        for document in own_findings
        if document.number in gathered.repeats
    ]
    checklist = requirements.checklists.get(details.filing) if details.filing else None
    return CaseView(details, own_findings, copies, unread, is_settled, tuple(repeated), misfiled, checklist)


def is_superseded(document: DocumentView, case: CaseView) -> bool:
    """Whether later documents correct every page of a form that this one brought."""
    seen = [
        page
        for copy in case.copies
        for page in (*copy.pages.values(), *copy.of_other_edition, *copy.of_other_person)
    ]
    current = {page.document.number for page in seen} | {repeated.document.number for repeated in case.repeated}
    return document.is_final and bool(runs_of(document)) and document.number not in current


def _is_announced_again(document: DocumentView, documents: Sequence[DocumentView]) -> bool:
    return any(
        other.id == document.id and other.number > document.number and other.is_final for other in documents
    )


def _correction_of(document: DocumentView, documents: Sequence[DocumentView]) -> DocumentView | None:
    """The readable document that was uploaded to replace this one."""
    corrections = (
        other
        for other in documents
        if other.replaces == document.id
        and other.number > document.number
        and other.is_final
        and not other.is_unreadable
    )
    return next(corrections, None)


def _is_displaced(document: DocumentView, documents: Sequence[DocumentView]) -> bool:
    """It was replaced by a paper that has no form in common with it, so no page of it is corrected singly."""
    correction = _correction_of(document, documents)
    return correction is not None and not _forms(correction) & _forms(document)


def _forms(document: DocumentView) -> set[str]:
    return {run.form for run in runs_of(document)}


def _form_copy(
    copy: GatheredCopy, details: CaseDetails, household: Household, requirements: Requirements
) -> FormCopy:
    sheets = copy.sheets
    pages = sheets.pages
    owner = owner_of(pages.values(), household)
    newest = max(pages.values(), key=lambda page: page.place)
    filled = filled_purposes(field for page in pages.values() for field in page.reading.fields)
    context = Context(filled, details, policy_of(copy.form, details, requirements.policies))
    slots = []
    for page in pages.values():
        by_id = {slot.id: slot for slot in page.reading.slots}
        for slot in page.reading.slots:
            requirement = requirements.of_slot(page.form, page.edition, slot)
            pair = by_id.get(requirement.pair_of(slot) or "")
            verdict = verdict_of(slot, pair, requirement, context)
            slots.append(SlotView(page, slot, requirement, verdict))
    return FormCopy(
        id=copy.id,
        form=copy.form,
        edition=sheets.edition,
        form_pages=sheets.form_pages,
        pages=pages,
        is_bundled=copy.is_bundled,
        policy=context.policy,
        slots=tuple(slots),
        unlearned=tuple(page for page in pages.values() if _is_unlearned(page, sheets.edition, requirements)),
        places=frozenset(copy.places),
        of_other_edition=sheets.of_other_edition,
        of_other_person=(*copy.of_others, *pages_of_others(pages.values(), owner, household)),
        repeated=sheets.repeated,
        outdated_by=requirements.editions.in_place_of(copy.form, sheets.edition, newest.document.received_on),
        is_unassigned=copy.is_unassigned,
    )


def _is_unlearned(page: SeenPage, edition: str | None, requirements: Requirements) -> bool:
    """No catalogue entry tells its slots; a page named by its text alone tells nothing of a form that is known.

    Nor does a page whose own edition cannot be read, where other pages tell the form's `edition` and nobody signs.
    """
    if page.reading.is_learned or not requirements.tells_pages(page.form):
        return not page.reading.is_learned
    is_told_by_others = bool(edition) and page.edition is None
    may_hide_places = not is_told_by_others or requirements.has_places(page.form, page.form_page)
    return page.reading.form is not None and may_hide_places


def _unread_pages(
    document: DocumentView, copies: Sequence[FormCopy], requirements: Requirements
) -> list[UnreadPage]:
    unread = [reading for reading in document.pages.values() if _is_unread(document, reading, requirements)]
    return [
        page
        for reading in sorted(unread, key=lambda reading: reading.number)
        if not _is_answered(page := _placed(document, reading, copies))
    ]


def _is_unread(document: DocumentView, reading: PageReading, requirements: Requirements) -> bool:
    """It could not be read, or only its text tells that it is a page with signatures, which were not looked at."""
    text = document.texts.get(reading.number)
    if reading.outcome != "read" or reading.form or text is None:
        return reading.outcome != "read"
    is_signed_page = bool(text.form) and requirements.has_places(text.form or "", text.form_page)
    return is_signed_page or text.outcome not in ("read", "partial")


def _placed(document: DocumentView, reading: PageReading, copies: Sequence[FormCopy]) -> UnreadPage:
    """An unread page with its place, as its own identity or its neighbours in the document tell."""
    form, form_page = _place(document, reading)
    copy = next((copy for copy in copies if form and _touches(copy, form, document, reading)), None)
    return UnreadPage(document, reading, copy, form_page if copy else None)


def _place(document: DocumentView, reading: PageReading) -> tuple[str | None, int | None]:
    own = seen_page(document, reading.number)
    if own:
        return own.form, own.form_page
    before, after = seen_page(document, reading.number - 1), seen_page(document, reading.number + 1)
    if before and after and before.form == after.form and _follows(before, after, 2):
        return before.form, (before.form_page or 0) + 1
    if after and after.form_page == 2:
        return after.form, 1
    if before and before.form_page and before.form_page + 1 == before.reading.form_pages:
        return before.form, before.form_page + 1
    return None, None


def _follows(before: SeenPage, after: SeenPage, steps: int) -> bool:
    return bool(before.form_page and after.form_page and before.form_page + steps == after.form_page)


def _touches(copy: FormCopy, form: str, document: DocumentView, reading: PageReading) -> bool:
    near = {(document.number, reading.number + step) for step in (-1, 0, 1)}
    return copy.form == form and bool(copy.places & near)


def _is_answered(page: UnreadPage) -> bool:
    """A page that could be read has come in its place since."""
    there = page.copy.pages.get(page.form_page) if page.copy and page.form_page else None
    return there is not None and there.place > (page.document.number, page.reading.number)
