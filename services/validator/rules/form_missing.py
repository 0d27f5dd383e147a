"""Is a form, or a paper, not there that belongs to what is being filed?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days
from services.validator.checklists.comparing import checklist_of
from wetink.contracts.judgement import Finding


def check(case: CaseView, days: Days) -> Iterator[Finding]:
    """Each line of the checklist that is missing for certain, once nothing more is expected for now."""
    for line in checklist_of(case, days.today) if case.is_settled else ():
        if line.severity is not None:
            yield Finding(
                code="form_missing",
                severity=line.severity,
                title=f"{line.title} is missing",
                expected=f"{line.title}. {line.why}",
                found="It is not among the documents of the case. If it is filed separately, dismiss this flag.",
                form=line.form,
                party=line.role,
                subject=line.id,
                rule=line.rule,
            )
