"""Is a form in an edition that was no longer accepted on the day of receipt?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days
from services.validator.findings import about_copy
from services.validator.sources import rule_from
from services.validator.wording import edition_text, form_text
from wetink.contracts.judgement import Finding

_UNCHECKED = " Its signatures were not checked."


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Each form copy in an edition that is too old, whether its blank was learned or not."""
    for copy in case.copies:
        accepted = copy.outdated_by
        if accepted:
            newer, edition = (edition_text(copy.form, one) for one in (accepted.edition, copy.edition))
            yield about_copy(
                copy,
                copy.newest,
                code="edition_outdated",
                severity="critical",
                title=f"{form_text(copy.form, copy.edition)} is outdated",
                expected=f"An edition that is accepted on the day of receipt, as {newer}.",
                found=f"The form is of the edition {edition}.{_UNCHECKED if copy.unlearned else ''}",
                rule=rule_from(accepted.source, "accepted-edition"),
            )
