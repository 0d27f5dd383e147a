"""Was a place signed that is signed only later, before an officer or a judge?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days
from services.validator.findings import about_slot
from services.validator.sources import rule_of
from services.validator.wording import place_text
from wetink.contracts.judgement import Finding


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Every signature slot that must be empty at filing and certainly is not."""
    for copy in case.copies:
        for slot in copy.slots:
            is_signature = slot.reading.kind == "signature"
            if is_signature and slot.verdict == "must_be_empty" and slot.reading.ink == "present":
                yield about_slot(
                    copy,
                    slot,
                    code="signature_must_be_empty",
                    severity=slot.requirement.severity or "high",
                    title=f"A place that must stay empty is signed ({place_text(slot)})",
                    expected=f"Nothing in this place at filing: {slot.requirement.reason}.",
                    found="There is a mark in the place.",
                    rule=rule_of(slot.requirement, "signature-later"),
                )
