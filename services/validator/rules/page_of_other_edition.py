"""Is a page of another edition in a form?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days
from services.validator.findings import about_page
from services.validator.sources import ALL_PAGES
from services.validator.wording import edition_text, form_text
from wetink.contracts.judgement import Finding


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Each page of another edition than the rest of its form; what it lacks by that is not told beside it."""
    for copy in case.copies:
        for page in copy.of_other_edition:
            yield about_page(
                copy,
                page,
                code="page_of_other_edition",
                severity="high",
                title=f"Page {page.form_page} is of another edition ({form_text(copy.form, copy.edition)})",
                expected=f"All pages of the form in one edition: {edition_text(copy.form, copy.edition)}.",
                found=f"The page is of the edition {edition_text(page.form, page.edition)}.",
                rule=ALL_PAGES,
            )
