"""Is a page of a form not there?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days, FormCopy
from services.validator.sources import ALL_PAGES
from services.validator.wording import form_text
from wetink.contracts.judgement import Finding


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Each page that a form copy lacks, once that can be told: at once for bundles, later for single photos."""
    misfiled = {copy.id for document in case.misfiled for copy in document.copies}
    for copy in case.copies:
        if (copy.is_bundled or case.is_settled) and not copy.is_unassigned and copy.id not in misfiled:
            for number in _missing(copy, case):
                yield _finding(copy, number)


def _missing(copy: FormCopy, case: CaseView) -> list[int]:
    """Pages that did not come: not unread, nor of another edition or person, nor one that may be its own."""
    there = copy.pages.keys() | {page.form_page for page in case.unread_pages if page.copy is copy}
    there |= {page.form_page for page in (*copy.of_other_edition, *copy.of_other_person)}
    numbers = range(1, (copy.form_pages or 0) + 1)
    return [
        number for number in numbers if number not in there and not _may_be_unassigned(copy.form, number, case)
    ]


def _may_be_unassigned(form: str, number: int, case: CaseView) -> bool:
    """Whether there are as many pages of that number without a form as there are forms without it."""
    of_form = [copy for copy in case.copies if copy.form == form]
    unassigned = sum(copy.is_unassigned and number in copy.pages for copy in of_form)
    return unassigned >= sum(not copy.is_unassigned and number not in copy.pages for copy in of_form)


def _finding(copy: FormCopy, number: int) -> Finding:
    form = form_text(copy.form, copy.edition)
    return Finding(
        code="page_missing",
        severity="high",
        title=f"Page {number} of {copy.form_pages} is missing ({form})",
        expected=f"All {copy.form_pages} pages of the form, also those without answers.",
        found=f"{sum(page > 0 for page in copy.pages)} of {copy.form_pages} pages came; page {number} did not.",
        form=copy.form,
        form_copy=copy.id,
        edition=copy.edition,
        form_page=number,
        document_id=copy.newest.document.id,
        rule=ALL_PAGES,
    )
