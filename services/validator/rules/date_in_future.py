"""Is a date later than the day on which the paper came?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days
from services.validator.dates import days_in, last_day_of_receipt
from services.validator.findings import about_slot
from services.validator.sources import rule_of
from services.validator.wording import day_text, place_text, who, whose
from wetink.contracts.judgement import Finding


def check(case: CaseView, days: Days) -> Iterator[Finding]:
    """Every date that had begun nowhere on Earth when the document came."""
    for copy, slot, day in days_in(case):
        received_on = days.received[slot.page.document.id]
        if day > last_day_of_receipt(received_on):
            yield about_slot(
                copy,
                slot,
                code="date_in_future",
                severity="critical",
                title=f"{whose(slot.reading.party)} date of signature is in the future ({place_text(slot)})",
                expected=f"The day on which {who(slot.reading.party)} signed.",
                found=f"The place says {day_text(day)}; the paper came on {day_text(received_on)}.",
                rule=rule_of(slot.requirement, "date-before-receipt"),
            )
