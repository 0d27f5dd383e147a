"""Can nobody but a person tell whether a signature is there?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days
from services.validator.findings import about_slot
from services.validator.sources import rule_of
from services.validator.wording import place_text, who, whose
from wetink.contracts.judgement import Finding
from wetink.contracts.reading import SlotReading

_ELSEWHERE = "No signature that counts is on the form; filed this way it may be signed in the agency's portal."


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Every signature slot whose verdict is left to a person."""
    for copy in case.copies:
        for slot in copy.slots:
            if slot.reading.kind == "signature" and slot.verdict == "unsure":
                required = slot.requirement
                is_elsewhere = case.details.channel in required.by_channel
                yield about_slot(
                    copy,
                    slot,
                    code="signature_unsure",
                    severity="high" if required.need == "required" and not is_elsewhere else "medium",
                    title=f"{whose(slot.reading.party)} signature needs a look ({place_text(slot)})",
                    expected=f"A signature of {who(slot.reading.party)}: {required.reason}.",
                    found=_ELSEWHERE if is_elsewhere else _found(slot.reading),
                    rule=rule_of(required, "signature-required"),
                )


def _found(slot: SlotReading) -> str:
    if slot.ink == "absent":
        return "The place is empty, but the date beside it is filled: the part may have been used."
    if slot.ink == "present" and slot.mark == "unsure":
        return "There is a mark, but whether it was made by hand cannot be told."
    because = f" ({slot.reason.replace('_', ' ')})" if slot.reason else ""
    return f"Whether there is ink in the place cannot be told{because}."
