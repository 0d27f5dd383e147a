"""Can nobody but a person tell whether a date is there?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days
from services.validator.findings import about_slot
from services.validator.sources import rule_of
from services.validator.wording import place_text, who, whose
from wetink.contracts.judgement import Finding


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Every date slot of which it cannot be told whether it is filled."""
    for copy in case.copies:
        for slot in copy.slots:
            if slot.reading.kind == "date" and slot.verdict == "unsure":
                yield about_slot(
                    copy,
                    slot,
                    code="date_unsure",
                    severity="medium",
                    title=f"{whose(slot.reading.party)} date of signature needs a look ({place_text(slot)})",
                    expected=f"The date on which {who(slot.reading.party)} signed.",
                    found="Whether there is a date in the place cannot be told.",
                    rule=rule_of(slot.requirement, "date-required"),
                )
