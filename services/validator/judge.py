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

    `told` are the identities of the findings that had waited and were said before: neither another document nor
    one that cannot be read takes them back.
    """
    at_once = _by_identity(replace(case, is_settled=False), days, case_id)
    at_rest = _by_identity(replace(case, is_settled=True), days, case_id)
    still = _by_identity(replace(case, is_settled=True, is_unread_in_doubt=False), days, case_id) if told else {}
    waiting = at_rest.keys() - at_once.keys()
    said = (waiting if case.is_settled else set()) | (still.keys() & set(told))
    findings = [one for identity, one in (still | at_rest).items() if identity in at_once.keys() | said]
    return Said(sorted(findings, key=_rank), waiting > said, frozenset(said))


def _by_identity(case: CaseView, days: Days, case_id: str) -> dict[str, Finding]:
    return {finding.identity(case_id): finding for finding in judge(case, days)}


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
