"""Is a page of somebody else in a form?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days
from services.validator.findings import about_page
from services.validator.sources import RIGHT_PERSON
from services.validator.wording import form_text
from wetink.contracts.judgement import Finding


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Each page that certainly names another person than the rest of its form; nobody's data is quoted."""
    for copy in case.copies:
        for page in copy.of_other_person:
            place = f"Page {page.form_page}" if page.form_page else "A page"
            yield about_page(
                copy,
                page,
                code="page_of_other_person",
                severity="high",
                title=f"{place} names another person ({form_text(copy.form, copy.edition)})",
                expected="The same person on all pages of a form, and one of the people of the case.",
                found="Name, number or birth date on the page are those of somebody else.",
                rule=RIGHT_PERSON,
            )
