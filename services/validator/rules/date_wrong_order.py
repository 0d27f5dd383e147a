"""Did a helper sign before the person who was helped, or on another day although in that person's presence?"""

from collections.abc import Iterator
from datetime import date

from services.validator.case_view import CaseView, Days, FormCopy, SlotView
from services.validator.dates import day_of, days_in, last_day_of_receipt
from services.validator.findings import about_slot
from services.validator.sources import rule_of
from services.validator.wording import day_text, place_text, who, whose
from wetink.contracts.judgement import Finding

_HELPERS = frozenset({"interpreter", "preparer"})


def check(case: CaseView, days: Days) -> Iterator[Finding]:
    """Every helper's date before the first date of a signer of the form, or unlike one that it must be like."""
    for copy, slot, day in days_in(case):
        signers = _signers(copy, days)
        first = min(signers.values(), default=None)
        witnessed = signers.get(slot.requirement.signed_in_presence_of)
        if slot.requirement.signed_in_presence_of and witnessed and day != witnessed:
            yield _finding(copy, slot, day, witnessed, "on the day of the signature that it witnesses")
        elif slot.reading.party in _HELPERS and first and day < first:
            yield _finding(copy, slot, day, first, "not before the signer")


def _signers(copy: FormCopy, days: Days) -> dict[str | None, date]:
    """The days of the required signatures by the signature's id; one in the future is a slip of its own."""
    return {
        slot.requirement.pair_of(slot.reading): day
        for slot in copy.slots
        if slot.reading.kind == "date" and slot.requirement.need == "required" and slot.verdict == "signed"
        if (day := day_of(slot)) and day <= last_day_of_receipt(days.received[slot.page.document.id])
    }


def _finding(copy: FormCopy, slot: SlotView, day: date, other: date, rightly: str) -> Finding:
    return about_slot(
        copy,
        slot,
        code="date_wrong_order",
        severity="medium",
        title=f"{whose(slot.reading.party)} date does not go with the signer's ({place_text(slot)})",
        expected=f"A date on which {who(slot.reading.party)} signed {rightly}.",
        found=f"The place says {day_text(day)}; the signer's date is {day_text(other)}.",
        rule=rule_of(slot.requirement, "date-order"),
    )
