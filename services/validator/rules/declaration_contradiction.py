"""Does what a statement says of a place to sign contradict what is there?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days, FormCopy, SlotView
from services.validator.findings import about_slot
from services.validator.sources import rule_of
from services.validator.verdicts import contradicting_statements, denying, filled_purposes, is_used
from services.validator.wording import place_text, who
from wetink.contracts.judgement import Finding


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Each place that a ticked statement says is used while it is empty, or that is used though one denies it."""
    for copy in case.copies:
        filled = filled_purposes(field for page in copy.pages.values() for field in page.reading.fields)
        for slot in copy.slots:
            if slot.reading.kind != "signature":
                continue
            is_empty = slot.reading.ink == "absent"
            if is_empty and contradicting_statements(slot.requirement, filled):
                yield _left_empty(copy, slot)
            elif denying(slot.requirement, filled) and (
                slot.reading.ink == "present" or is_used(slot.requirement, filled)
            ):
                yield _denied(copy, slot)


def _left_empty(copy: FormCopy, slot: SlotView) -> Finding:
    helper = who(slot.reading.party)
    return about_slot(
        copy,
        slot,
        code="declaration_contradiction",
        severity="high",
        title=f"A statement names {helper}, but the part is empty ({place_text(slot)})",
        expected=f"Either the part of {helper} filled and signed, or no such statement.",
        found="The statement is ticked; name and signature in the part are empty.",
        rule=rule_of(slot.requirement, "statement-and-part"),
    )


def _denied(copy: FormCopy, slot: SlotView) -> Finding:
    signer = who(slot.reading.party)
    return about_slot(
        copy,
        slot,
        code="declaration_contradiction",
        severity="high",
        title=f"The form says that {signer} does not sign here, but the part is used ({place_text(slot)})",
        expected=f"Either the place of {signer} left empty, or the form without what denies it.",
        found="The part is filled or signed, and an answer elsewhere on the form says that it is not used.",
        rule=rule_of(slot.requirement, "statement-and-part"),
    )
