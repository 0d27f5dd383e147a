"""May a date be read in more than one way, or only in another way than the form asks for?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days
from services.validator.dates import Possible, dates_in, possible_days
from services.validator.findings import about_slot
from services.validator.sources import rule_of
from services.validator.wording import place_text, quoted, who, whose
from wetink.contracts.judgement import Finding


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Every date that is no day in the form's grammar although its numbers mean one; graver with a short year."""
    for copy, slot in dates_in(case):
        text = slot.reading.text
        if slot.reading.value_status == "unreadable" and text and any(possible := possible_days(text)):
            yield about_slot(
                copy,
                slot,
                code="date_ambiguous",
                severity="medium" if possible.days else "high",
                title=f"{whose(slot.reading.party)} date of signature is not clear ({place_text(slot)})",
                expected=f"The day on which {who(slot.reading.party)} signed, as {copy.policy.grammar}.",
                found=_found(text, possible, copy.policy.grammar),
                rule=rule_of(slot.requirement, "date-in-grammar"),
            )


def _found(untrusted_text: str, possible: Possible, grammar: str) -> str:
    if not possible.days:
        return f"The place says {quoted(untrusted_text)}: the year has two digits."
    return f"The place says {quoted(untrusted_text)}, which is not written as {grammar}."
