"""Is the same picture of a signature in two places?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days, FormCopy, SlotView
from services.validator.findings import about_slot
from services.validator.same_picture import are_alike, comparable
from services.validator.sources import ink_rule
from services.validator.wording import place_text, whose
from wetink.contracts.judgement import Finding


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Each signature that is the same picture as an earlier one; two that one person made never are."""
    earlier: list[tuple[FormCopy, SlotView]] = []
    for copy, slot in comparable(case):
        first = next((place for place in earlier if are_alike(place[1], slot)), None)
        elsewhere = case.copied_from.get(slot.place)
        if first:
            subject = f"{first[0].id} {first[1].reading.id}"
            yield _finding(copy, slot, f"another place: {place_text(first[1])}", subject)
        elif elsewhere:
            found = f"the case {elsewhere.case_id}: Form {elsewhere.form}, {elsewhere.slot_id}"
            yield _finding(copy, slot, found, elsewhere.id)
        if not first:
            earlier.append((copy, slot))


def _finding(copy: FormCopy, slot: SlotView, where: str, subject: str) -> Finding:
    finding = about_slot(
        copy,
        slot,
        code="signature_reused",
        severity="critical",
        title=f"{whose(slot.reading.party)} signature is a copy of another one ({place_text(slot)})",
        expected="A signature that was made in this place, or a scan of one.",
        found=f"It is the same picture as in {where}.",
        rule=ink_rule(copy.form, slot.requirement),
    )
    return finding.model_copy(update={"subject": subject})
