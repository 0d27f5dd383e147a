"""Is there a form whose signatures could not be looked for, as no blank of it was learned?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days, SeenPage
from services.validator.findings import about_copy
from services.validator.sources import KNOWN_EDITION
from services.validator.wording import edition_text, form_text
from wetink.contracts.judgement import Finding


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Each form copy with a page that no catalogue entry covers, or a dynamic form that was not learned.

    An edition that is too old is told as that, and a page of another edition than its form as that.
    """
    for copy in case.copies:
        if copy.unlearned and not copy.outdated_by:
            seen = copy.unlearned[0]
            yield about_copy(
                copy,
                seen,
                code="edition_unknown",
                severity="high",
                title=f"{form_text(seen.form, seen.edition)}: its signatures were not checked",
                expected="A form in an edition whose blank was learned.",
                found=_found(seen),
                rule=KNOWN_EDITION,
            )


def _found(page: SeenPage) -> str:
    edition = edition_text(page.form, page.edition)
    if page.reading.source == "xfa":
        return f"This Form {page.form} is a dynamic PDF that was not learned; its signatures were not checked."
    if not edition:
        return f"The edition of this Form {page.form} could not be read; its signatures were not checked."
    return f"The edition {edition} of Form {page.form} is not known here; its signatures were not checked."
