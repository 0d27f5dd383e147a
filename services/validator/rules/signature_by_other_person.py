"""Is somebody so young that a parent or guardian may have signed instead?"""

from collections.abc import Iterator

from services.validator.case_view import CaseView, Days
from services.validator.findings import about_slot
from services.validator.signers import age_when_signed, birth_of_signer
from services.validator.sources import rule_from
from services.validator.wording import place_text, who, whose
from wetink.contracts.judgement import Finding

_GUARDIANS = ("guardian", "mother", "father")


def check(case: CaseView, days: Days) -> Iterator[Finding]:
    """Every signature of a child for whom others may sign: ink does not tell who did, so somebody looks."""
    for copy in case.copies:
        guardians = copy.policy.guardians
        for slot in copy.slots:
            if slot.reading.kind != "signature" or slot.verdict != "signed":
                continue
            birth = birth_of_signer(case, copy, slot)
            age = age_when_signed(birth, copy, slot, days) if birth else guardians.below_age
            if age < guardians.below_age:
                signer = who(slot.reading.party)
                yield about_slot(
                    copy,
                    slot,
                    code="signature_by_other_person",
                    severity="low",
                    title=f"{whose(slot.reading.party)} signature may be a guardian's ({place_text(slot)})",
                    expected=f"A signature of {signer} or, under {guardians.below_age}, of a parent or guardian.",
                    found=f"The place is signed; {signer} was {age} years old. {_known(case)}",
                    rule=rule_from(guardians.source, "guardian-may-sign"),
                )


def _known(case: CaseView) -> str:
    if any(person.role in _GUARDIANS for person in case.details.people):
        return "The case names a parent or guardian."
    return "The case names no parent or guardian."
