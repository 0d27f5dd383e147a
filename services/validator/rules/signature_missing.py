"""Is a signature that is required not there?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days
from services.validator.findings import about_slot
from services.validator.sources import rule_of
from services.validator.wording import place_text, who, whose
from wetink.contracts.judgement import Finding


def check(case: CaseView, _days: Days) -> Iterator[Finding]:
    """Every empty signature slot that somebody must sign."""
    for copy in case.copies:
        for slot in copy.slots:
            if slot.reading.kind == "signature" and slot.verdict == "empty":
                required = slot.requirement
                yield about_slot(
                    copy,
                    slot,
                    code="signature_missing",
                    severity=required.severity or ("critical" if required.need == "required" else "high"),
                    title=f"{whose(slot.reading.party)} signature is missing ({place_text(slot)})",
                    expected=f"A signature of {who(slot.reading.party)}: {required.reason}.",
                    found="The place for the signature is empty.",
                    rule=rule_of(required, "signature-required"),
                )
