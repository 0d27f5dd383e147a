"""Applies all rules to a case: the same view and days give the same findings in the same order.

Place in the pipeline: the service's judgement and that of `wetink check`.
Trust level: pure. Residual risk: none of its own.
"""

from collections.abc import Iterable

from services.validator.case_view import CaseView, Days
from services.validator.rules import RULES
from wetink.contracts.judgement import SEVERITIES, Finding


def judge(case: CaseView, days: Days) -> list[Finding]:
    """All findings of the case, gravest first, with the case's due date."""
    findings = _one_for_each_date(finding for check in RULES for finding in check(case, days))
    due_on = case.details.due_on
    return [finding.model_copy(update={"due_on": due_on}) for finding in sorted(findings, key=_rank)]


def awaits_pages(case: CaseView) -> bool:
    """Whether pages that came singly may still become whole forms, so that what they lack is not yet told."""
    return any(not copy.is_bundled and len(copy.pages) < (copy.form_pages or 0) for copy in case.copies)


def _one_for_each_date(findings: Iterable[Finding]) -> list[Finding]:
    """Of a date the first that holds, in the order of the rules; everything else as it is."""
    told: set[tuple[str | None, int | None, str | None]] = set()
    kept = []
    for finding in findings:
        place = finding.form_copy, finding.form_page, finding.slot
        if finding.code.startswith("date_"):
            if place in told:
                continue
            told.add(place)
        kept.append(finding)
    return kept


def _rank(finding: Finding) -> tuple[int, str, int, str, str, str]:
    return (
        SEVERITIES.index(finding.severity),
        finding.form_copy or "",
        finding.form_page or 0,
        finding.slot or "",
        finding.code,
        finding.subject or "",
    )
