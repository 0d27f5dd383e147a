"""Is a page there twice in one form?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days
from services.validator.findings import about_page
from services.validator.sources import ALL_PAGES
from services.validator.wording import form_text
from wetink.contracts.judgement import Finding


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Each page that one document brings more than once for one form; the last of them is the one that counts."""
    for copy in case.copies:
        for page in copy.repeated:
            yield about_page(
                copy,
                page,
                code="page_duplicate",
                severity="low",
                title=f"Page {page.form_page} is there more than once ({form_text(copy.form, copy.edition)})",
                expected="Each page of the form once.",
                found="The document has the page more than once; the last one was checked.",
                rule=ALL_PAGES,
            )
