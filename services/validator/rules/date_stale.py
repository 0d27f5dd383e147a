"""Is a signature too old to be filed?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days
from services.validator.dates import days_in
from services.validator.findings import about_slot
from services.validator.sources import rule_from
from services.validator.wording import day_text, place_text, whose
from wetink.contracts.judgement import Finding


def check(case: CaseView, days: Days) -> Iterator[Finding]:
    """Every date that is today older than the agency of the form accepts."""
    for copy, slot, day in days_in(case):
        limit = copy.policy.old_dates
        age = (days.today - day).days
        if limit.after_days is not None and age > limit.after_days:
            yield about_slot(
                copy,
                slot,
                code="date_stale",
                severity=limit.severity,
                title=f"{whose(slot.reading.party)} signature is older than {limit.after_days} days "
                f"({place_text(slot)})",
                expected=f"A signature that is at most {limit.after_days} days old when the form is filed.",
                found=f"The place says {day_text(day)}, {age} days ago.",
                rule=rule_from(limit.source, "date-recent"),
            )
