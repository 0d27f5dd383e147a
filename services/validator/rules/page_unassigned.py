"""Is there a single page that may belong to two forms?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days
from services.validator.findings import about_page
from services.validator.sources import ONE_OF_EACH
from services.validator.wording import form_text
from wetink.contracts.judgement import Finding


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Each page that came alone and that more than one person's form may lack, or have in an older version."""
    for copy in case.copies:
        if copy.is_unassigned:
            page = copy.newest
            yield about_page(
                copy,
                page,
                code="page_unassigned",
                severity="medium",
                title=f"Page {page.form_page} may belong to two forms ({form_text(copy.form, page.edition)})",
                expected="A page that tells whose form it belongs to.",
                found="The page came alone, names nobody, and fits the forms of more than one person; it was not "
                "taken for a correction of any of them.",
                rule=ONE_OF_EACH,
            )
