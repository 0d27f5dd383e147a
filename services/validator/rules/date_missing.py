"""Is the date beside a required signature not there?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days
from services.validator.findings import about_slot
from services.validator.sources import rule_of
from services.validator.wording import place_text, who, whose
from wetink.contracts.judgement import Finding


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Every empty date slot that goes with a required signature; critical in Canada, where it unsigns the form."""
    for copy in case.copies:
        for slot in copy.slots:
            if slot.reading.kind == "date" and slot.verdict == "empty":
                yield about_slot(
                    copy,
                    slot,
                    code="date_missing",
                    severity=copy.policy.blank_dates.severity,
                    title=f"{whose(slot.reading.party)} date of signature is missing ({place_text(slot)})",
                    expected=f"The date on which {who(slot.reading.party)} signed.",
                    found="The place for the date is empty.",
                    rule=rule_of(slot.requirement, "date-required"),
                )
