"""Applies all rules to a case: the same view and days give the same findings in the same order.

Place in the pipeline: the service's judgement and that of `wetink check`.
Trust level: pure. Residual risk: none of its own.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from services.validator.case_view import CaseView, Days
from services.validator.rules import RULES
from wetink.contracts.judgement import SEVERITIES, Finding


def judge(case: CaseView, days: Days) -> list[Finding]:
    """All findings of the case, gravest first, with the case's due date."""
    findings = _one_for_each_date(finding for check in RULES for finding in check(case, days))
    due_on = case.details.due_on
    return [finding.model_copy(update={"due_on": due_on}) for finding in sorted(findings, key=_rank)]


@dataclass(frozen=True)
class Said:
    """What is said of a case: now, later (once nothing more is expected), and what was said only for that."""

    findings: list[Finding]
    is_more_later: bool
    told: frozenset[str]


def judge_in_time(case: CaseView, days: Days, case_id: str, told: Collection[str]) -> Said:
    """What is to be said now. What is missing waits until nothing more is expected, and then stays said.

    `told` are the identities of the findings that had waited and were said before.
    """
    at_rest = judge(replace(case, is_settled=True), days)
    at_once = {one.identity(case_id) for one in judge(replace(case, is_settled=False), days)}
    waiting = {one.identity(case_id) for one in at_rest} - at_once
    said = waiting if case.is_settled else waiting & set(told)
    findings = [one for one in at_rest if one.identity(case_id) in at_once | said]
    return Said(findings, waiting > said, frozenset(said))


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
