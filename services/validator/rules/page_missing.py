"""Is a page of a form not there?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days, FormCopy
from services.validator.sources import ALL_PAGES
from services.validator.wording import form_text
from wetink.contracts.judgement import Finding


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Each page that a form copy lacks, once that can be told: at once for bundles, later for single photos."""
    for copy in case.copies:
        if copy.is_bundled or case.is_settled:
            for number in _missing(copy, case):
                yield _finding(copy, number)


def _missing(copy: FormCopy, case: CaseView) -> list[int]:
    """Pages that neither came nor are among those that came and could not be read."""
    unread = {page.form_page for page in case.unread_pages if page.copy is copy}
    return [number for number in range(1, (copy.form_pages or 0) + 1) if number not in copy.pages.keys() | unread]


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
