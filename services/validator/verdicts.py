"""The verdict on one place to sign or date: what is there against what is required.

Place in the pipeline: a pure function used by rules and printed by `wetink check`.
Trust level: reads what perception found. Residual risk: a part whose name box cannot be told and that bears no
other sign of use counts as unused.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from services.validator.requirements.policy import Policy
from services.validator.requirements.schema import CaseFact, Requirement
from wetink.contracts.case_record import CaseDetails
from wetink.contracts.judgement import Verdict
from wetink.contracts.reading import FieldReading, SlotReading

Filled = Mapping[str, bool | None]
"""Purpose of a field to whether any field of that purpose is filled; null when it cannot be told."""


def filled_purposes(fields: Iterable[FieldReading]) -> dict[str, bool | None]:
    """Which purposes are filled on a form copy: one filled field is enough, one doubtful field is a doubt."""
    filled: dict[str, bool | None] = {}
    for field in fields:
        before = filled.get(field.purpose, False)
        filled[field.purpose] = True if before or field.is_filled else _both_known(before, field.is_filled)
    return filled


class Context(NamedTuple):
    """What a verdict depends on beside the place itself: the form's other fields, the case and the agency."""

    filled: Filled
    details: CaseDetails
    policy: Policy


def verdict_of(slot: SlotReading, pair: SlotReading | None, requirement: Requirement, context: Context) -> Verdict:
    """The verdict on `slot`; `pair` is the date beside a signature or the signature beside a date."""
    if requirement.need == "must_be_empty":
        return "must_be_empty"
    relief = requirement.by_channel.get(context.details.channel)
    if relief == "not_required":
        return "not_required"
    verdict = _verdict(slot, pair, requirement, context)
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


def denying(requirement: Requirement, filled: Filled) -> list[str]:
    """Fields that are filled and say that nobody signs in this place."""
    return [purpose for purpose in requirement.denied_by if filled.get(purpose)]


def is_used(requirement: Requirement, filled: Filled) -> bool:
    """Whether the part itself is filled, whatever a statement elsewhere says of it."""
    return any(filled.get(purpose) for purpose in requirement.used_when if not purpose.endswith(".statement"))


def holds(fact: CaseFact, details: CaseDetails) -> bool:
    """Whether the case's record says so; silence is no."""
    match fact:
        case "spouse_abroad":
            return any(
                person.lives_abroad for person in details.people if person.role in ("spouse", "beneficiary")
            )


def _verdict(slot: SlotReading, pair: SlotReading | None, requirement: Requirement, context: Context) -> Verdict:
    if slot.ink == "present":
        return "signed" if slot.kind == "date" else _verdict_by_mark(slot, requirement, context)
    is_freed = requirement.unless and holds(requirement.unless, context.details)
    if is_freed or denying(requirement, context.filled):
        return "not_required"
    if requirement.need == "conditional":
        return _verdict_without_ink(slot, pair, requirement, context.filled)
    is_doubtful = any(context.filled.get(purpose, False) is None for purpose in requirement.denied_by)
    return "unsure" if slot.ink == "unsure" or is_doubtful else "empty"


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


def _verdict_by_mark(slot: SlotReading, requirement: Requirement, context: Context) -> Verdict:
    """A place that certainly bears a mark: does its kind count, filed this way?"""
    channel = context.details.channel
    valid = requirement.valid_marks.get(channel) or context.policy.valid_marks.by_channel[channel]
    if slot.mark is None or slot.mark in valid:
        return "signed"
    return "unsure" if slot.mark == "unsure" else "invalid"
