"""The verdict on one place to sign or date: what is there against what is required.

Place in the pipeline: a pure function used by rules and printed by `wetink check`.
Trust level: reads what perception found. Residual risk: a part whose name box cannot be told and that bears no
other sign of use counts as unused.
"""

from collections.abc import Iterable, Mapping

from services.validator.requirements.schema import CaseFact, Requirement
from wetink.contracts.case_record import CaseDetails
from wetink.contracts.judgement import Verdict
from wetink.contracts.reading import FieldReading, SlotReading

_NEVER_INK = frozenset({"typed", "stamped", "pasted"})

Filled = Mapping[str, bool | None]
"""Purpose of a field to whether any field of that purpose is filled; null when it cannot be told."""


def filled_purposes(fields: Iterable[FieldReading]) -> dict[str, bool | None]:
    """Which purposes are filled on a form copy: one filled field is enough, one doubtful field is a doubt."""
    filled: dict[str, bool | None] = {}
    for field in fields:
        before = filled.get(field.purpose, False)
        filled[field.purpose] = True if before or field.is_filled else _both_known(before, field.is_filled)
    return filled


def verdict_of(
    slot: SlotReading, pair: SlotReading | None, requirement: Requirement, filled: Filled, details: CaseDetails
) -> Verdict:
    """The verdict on `slot`; `pair` is the date beside a signature or the signature beside a date."""
    if requirement.need == "must_be_empty":
        return "must_be_empty"
    relief = requirement.by_channel.get(details.channel)
    if relief == "not_required":
        return "not_required"
    verdict = _verdict(slot, pair, requirement, filled, details)
    if relief == "unsure" and verdict in ("empty", "invalid"):
        # What is not on the form may be elsewhere: somebody looks for the signature, and for its date with it.
        return "unsure" if slot.kind == "signature" else "not_required"
    return verdict


def contradicting_statements(requirement: Requirement, filled: Filled) -> list[str]:
    """Statements that are ticked although every other sign says that the part was left empty."""
    statements = [purpose for purpose in requirement.used_when if purpose.endswith(".statement")]
    others = [filled.get(purpose) for purpose in requirement.used_when if purpose not in statements]
    is_left_empty = bool(others) and all(value is False for value in others)
    return [purpose for purpose in statements if is_left_empty and filled.get(purpose)]


def holds(fact: CaseFact, details: CaseDetails) -> bool:
    """Whether the case's record says so; silence is no."""
    match fact:
        case "spouse_abroad":
            return any(
                person.lives_abroad for person in details.people if person.role in ("spouse", "beneficiary")
            )


def _verdict(
    slot: SlotReading, pair: SlotReading | None, requirement: Requirement, filled: Filled, details: CaseDetails
) -> Verdict:
    if requirement.unless and holds(requirement.unless, details) and slot.ink != "present":
        return "not_required"
    if requirement.need == "conditional" and slot.ink != "present":
        return _verdict_without_ink(slot, pair, requirement, filled)
    return _verdict_by_ink(slot, details)


def _both_known(before: bool | None, now: bool | None) -> bool | None:  # noqa: FBT001 - a fold over answers
    return None if before is None or now is None else False


def _verdict_without_ink(
    slot: SlotReading, pair: SlotReading | None, requirement: Requirement, filled: Filled
) -> Verdict:
    """A conditional place that bears no certain ink: required only when its part was used."""
    if contradicting_statements(requirement, filled):
        return "not_required"
    if any(filled.get(purpose) for purpose in requirement.used_when):
        return "unsure" if slot.ink == "unsure" else "empty"
    if pair is None or pair.ink != "present":
        return "not_required"
    return "empty" if slot.kind == "date" and slot.ink == "absent" else "unsure"


def _verdict_by_ink(slot: SlotReading, details: CaseDetails) -> Verdict:
    if slot.ink == "absent":
        return "empty"
    if slot.ink == "unsure":
        return "unsure"
    if slot.kind == "date":
        return "signed"
    if slot.mark in _NEVER_INK or (slot.mark == "digital" and details.channel == "paper"):
        return "invalid"
    return "unsure" if slot.mark == "unsure" else "signed"
