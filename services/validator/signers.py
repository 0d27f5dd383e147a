"""How old is the person who should sign in a place? From what the form and the case's record say of birth dates.

Place in the pipeline: used by rules; pure.
Trust level: what forms say is untrusted text. Residual risk: of two people who may be the signer nothing is told.
"""

from collections.abc import Iterator
from datetime import date

from services.validator.case_view import CaseView, Days, FormCopy, SlotView
from services.validator.dates import day_of, first_day_of, last_day_of_receipt
from services.validator.persons import likeness, person_in_case, person_of
from wetink.contracts.case_record import Role

_ROLES: dict[str, tuple[Role, ...]] = {"applicant": ("applicant", "beneficiary", "child")}
"""Who in a case may sign as a party whose name is no role, or not one alone."""


def birth_of_signer(case: CaseView, copy: FormCopy, slot: SlotView) -> date | None:
    """When the signer was born, as the form says of its own person, or the record of the only one it can be."""
    person = person_of(field for page in copy.pages.values() for field in page.reading.fields)
    is_about_signer = slot is next(_required(copy), None)
    if is_about_signer and person.birth_date:
        return _as_day(person.birth_date)
    roles = _ROLES.get(slot.reading.party or "", (slot.reading.party,))
    likely = [one for one in case.details.people if one.role in roles]
    if is_about_signer and person.is_known:
        alike = {one: likeness(person_in_case(one), person) for one in likely}
        likely = [one for one in likely if alike[one] == "same"] or [
            one for one in likely if alike[one] == "unknown"
        ]
    return likely[0].birth_date if len(likely) == 1 else None


def age_when_signed(birth: date, copy: FormCopy, slot: SlotView, days: Days) -> int:
    """Whole years on the day of signature; on that of receipt where the date beside it cannot be believed."""
    last_day = last_day_of_receipt(received_on := days.received[slot.page.document.id])
    dates = (day_of(one) for one in copy.slots if one.reading.id == slot.requirement.pair_of(slot.reading))
    signed_on = next((day for day in dates if day), received_on)
    first_day = max(birth, first_day_of(slot.page.edition) or birth)
    day = signed_on if first_day <= signed_on <= last_day else received_on
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _required(copy: FormCopy) -> Iterator[SlotView]:
    """The signatures without which the form is none; the first is that of the person whom the form is about."""
    return (
        slot for slot in copy.slots if slot.reading.kind == "signature" and slot.requirement.need == "required"
    )


def _as_day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
