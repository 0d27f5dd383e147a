"""Is there a mark that does not count where ink is required?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days
from services.validator.findings import about_slot
from services.validator.sources import ink_rule
from services.validator.wording import place_text, who, whose
from wetink.contracts.judgement import Finding

_MARKS = {
    "typed": "a typed name",
    "stamped": "a stamp",
    "pasted": "a picture of a signature",
    "digital": "a digital signature",
}


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Every signature slot whose verdict is `invalid`."""
    for copy in case.copies:
        for slot in copy.slots:
            if slot.reading.kind == "signature" and slot.verdict == "invalid":
                yield about_slot(
                    copy,
                    slot,
                    code="signature_not_handwritten",
                    severity=slot.requirement.severity or "critical",
                    title=f"{whose(slot.reading.party)} signature is not handwritten ({place_text(slot)})",
                    expected=f"A handwritten signature of {who(slot.reading.party)}, or a scan of one.",
                    found=f"The place holds {_MARKS.get(slot.reading.mark or '', 'a mark that does not count')}.",
                    rule=ink_rule(copy.form, slot.requirement),
                )
