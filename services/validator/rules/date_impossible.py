"""Is what stands in the place for a date no day at all?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days
from services.validator.dates import dates_in, possible_days
from services.validator.findings import about_slot
from services.validator.sources import rule_of
from services.validator.wording import place_text, quoted, who, whose
from wetink.contracts.judgement import Finding


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Every date of which no order of the numbers is a day."""
    for copy, slot in dates_in(case):
        text = slot.reading.text
        if slot.reading.value_status == "unreadable" and text and not any(possible_days(text)):
            yield about_slot(
                copy,
                slot,
                code="date_impossible",
                severity="critical",
                title=f"{whose(slot.reading.party)} date of signature is no day ({place_text(slot)})",
                expected=f"The day on which {who(slot.reading.party)} signed, as {copy.policy.grammar}.",
                found=f"The place says {quoted(text)}; no order of its numbers is a day.",
                rule=rule_of(slot.requirement, "date-is-a-day"),
            )
