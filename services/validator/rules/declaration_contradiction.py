"""Does a statement name a helper whose part was left empty?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days, SlotView
from services.validator.findings import about_slot
from services.validator.sources import rule_of
from services.validator.verdicts import contradicting_statements, filled_purposes
from services.validator.wording import place_text, who
from wetink.contracts.judgement import Finding


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Each signature of a helper that a ticked statement names, while every box of the helper's part is empty."""
    for copy in case.copies:
        filled = filled_purposes(field for page in copy.pages.values() for field in page.reading.fields)
        for slot in copy.slots:
            if _is_left_empty(slot) and contradicting_statements(slot.requirement, filled):
                helper = who(slot.reading.party)
                yield about_slot(
                    copy,
                    slot,
                    code="declaration_contradiction",
                    severity="high",
                    title=f"A statement names {helper}, but the part is empty ({place_text(slot)})",
                    expected=f"Either the part of {helper} filled and signed, or no such statement.",
                    found="The statement is ticked; name and signature in the part are empty.",
                    rule=rule_of(slot.requirement, "statement-and-part"),
                )


def _is_left_empty(slot: SlotView) -> bool:
    return slot.reading.kind == "signature" and slot.reading.ink == "absent"
