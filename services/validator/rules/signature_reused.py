"""Is the same picture of a signature in two places?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days, FormCopy, SlotView
from services.validator.findings import about_slot
from services.validator.same_picture import is_same_picture
from services.validator.sources import ink_rule
from services.validator.wording import place_text, whose
from wetink.contracts.judgement import Finding


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Each signature that is the same picture as one that came before it; two that one person made never are."""
    earlier: list[tuple[FormCopy, SlotView]] = []
    for copy, slot in sorted(_fingerprinted(case), key=lambda place: place[1].page.place):
        first = next((place for place in earlier if _is_same(place[1], slot)), None)
        if first:
            yield _finding(copy, slot, *first)
        else:
            earlier.append((copy, slot))


def _fingerprinted(case: CaseView) -> Iterator[tuple[FormCopy, SlotView]]:
    for copy in case.copies:
        for slot in copy.slots:
            if slot.reading.kind == "signature" and slot.reading.ink == "present" and slot.reading.fingerprint:
                yield copy, slot


def _is_same(one: SlotView, other: SlotView) -> bool:
    return is_same_picture(one.reading.fingerprint or "", other.reading.fingerprint or "")


def _finding(copy: FormCopy, slot: SlotView, first_copy: FormCopy, first: SlotView) -> Finding:
    finding = about_slot(
        copy,
        slot,
        code="signature_reused",
        severity="critical",
        title=f"{whose(slot.reading.party)} signature is a copy of another one ({place_text(slot)})",
        expected="A signature that was made in this place, or a scan of one.",
        found=f"It is the same picture as in another place: {place_text(first)}.",
        rule=ink_rule(copy.form, slot.requirement),
    )
    return finding.model_copy(update={"subject": f"{first_copy.id} {first.reading.id}"})
