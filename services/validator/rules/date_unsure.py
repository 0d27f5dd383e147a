"""Can nobody but a person tell whether a date is there, or which?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days, SlotView
from services.validator.findings import about_slot
from services.validator.sources import rule_of
from services.validator.wording import place_text, who, whose
from wetink.contracts.judgement import Finding


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Every date slot of which it cannot be told whether it is filled, or for certain what it says."""
    for copy in case.copies:
        for slot in copy.slots:
            is_there_unsure = slot.verdict == "unsure"
            if slot.reading.kind == "date" and (is_there_unsure or _is_unread(slot)):
                yield about_slot(
                    copy,
                    slot,
                    code="date_unsure",
                    severity="medium" if is_there_unsure else "low",
                    title=f"{whose(slot.reading.party)} date of signature needs a look ({place_text(slot)})",
                    expected=f"The date on which {who(slot.reading.party)} signed.",
                    found="Whether there is a date in the place cannot be told."
                    if is_there_unsure
                    else "There is a date in the place, but it could not be read for certain.",
                    rule=rule_of(slot.requirement, "date-required"),
                )


def _is_unread(slot: SlotView) -> bool:
    """It is filled, and what is in it is not certain."""
    status = slot.reading.value_status
    return slot.verdict == "signed" and (status == "unsure" or (status == "unreadable" and not slot.reading.text))
