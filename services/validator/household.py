"""Who is in the case, and whose a paper is: the people of the case's record against what papers say.

Place in the pipeline: used by `copies` and `view`; pure.
Trust level: the record is the firm's, papers are untrusted; both are compared here and never shown.
Residual risk: a person whom the record does not name counts as a stranger once the record names whoever files such
forms.
"""

from collections.abc import Iterable

from services.validator.case_view import SeenPage
from services.validator.persons import Person, is_contradicted, likeness, person_in_case, person_of, shares_name
from wetink.contracts.case_record import CaseDetails, Role

_SPONSORS: frozenset[Role] = frozenset({"petitioner", "sponsor", "joint_sponsor"})
_APPLICANTS: frozenset[Role] = frozenset(
    {"applicant", "beneficiary", "requestor", "child", "mother", "father", "spouse"}
)
_SPOUSE_SPONSORS = ("family_adjustment", "i130_alone", "ircc_spousal")
"""Filings in which somebody with the role of spouse beside an applicant is the one who sponsors."""


class Household:
    """The people of one case."""

    def __init__(self, details: CaseDetails) -> None:
        self._people = [(person.role, person_in_case(person)) for person in details.people]
        self._filing = details.filing

    def known(self, person: Person) -> Person | None:
        """That person with what the record adds; None when it is nobody, or no certain one, of the record."""
        for wanted in (_is_same, _is_part):
            found = [one for _, one in self._people if wanted(one, person)]
            if found:
                return person.with_more(found[0]) if len(found) == 1 or wanted is _is_same else None
        return None

    def filers(self, parties: frozenset[str]) -> int:
        """How many people of the record may file a form that these parties sign."""
        roles = self._roles(parties)
        distinct: list[Person] = []
        for role, person in self._people:
            if role in roles and not any(_is_same(person, other) for other in distinct):
                distinct.append(person)
        return len(distinct)

    def is_stranger(self, person: Person, parties: frozenset[str]) -> bool:
        """Whether a form that these parties sign names somebody who is certainly nobody of the record.

        Never where the record does not say who files such forms, nor of an affidavit of support, which joint
        sponsors file too; a family name in common needs a number or a birth date that says otherwise, for children
        are often not in the record.
        """
        if "sponsor" in parties and "applicant" not in parties and not self._has("joint_sponsor"):
            return False
        roles = self._roles(parties)
        is_told = any(role in roles and likeness(one, person) == "other" for role, one in self._people)
        return is_told and not any(_may_be(one, person, is_filer=role in roles) for role, one in self._people)

    def _has(self, wanted: Role) -> bool:
        return any(role == wanted for role, _ in self._people)

    def _roles(self, parties: frozenset[str]) -> frozenset[Role]:
        if "client" in parties:
            return _SPONSORS | _APPLICANTS
        if parties & {"petitioner", "sponsor"}:
            return _SPONSORS
        is_sponsored = self._filing in _SPOUSE_SPONSORS and (self._has("applicant") or self._has("beneficiary"))
        return _APPLICANTS - {"spouse"} if is_sponsored else _APPLICANTS


def person_on(pages: Iterable[SeenPage]) -> Person:
    """The person whom these pages name."""
    return person_of(field for page in pages for field in page.reading.fields)


def parties_on(pages: Iterable[SeenPage]) -> frozenset[str]:
    """Who signs on these pages."""
    return frozenset(slot.party for page in pages for slot in page.reading.slots if slot.party)


def owner_of(pages: Iterable[SeenPage], household: Household) -> Person:
    """Whose form these pages are, with what the record knows of that person.

    It is the person whom most pages name; of two that of one in the record, or who is named by name.
    """
    named = [(page, household.known(person), person) for page in pages if (person := person_on([page])).is_known]
    people = [in_record or person for _, in_record, person in named]

    def weight(place: int) -> tuple[int, bool, bool, int]:
        agreeing = sum(_is_same(people[place], other) for other in people)
        return agreeing, named[place][1] is not None, bool(named[place][2].name), -place

    owner = Person()
    for place in sorted(range(len(people)), key=weight, reverse=True):
        if likeness(people[place], owner) != "other":
            owner = owner.with_more(people[place])
    return owner


def pages_of_others(pages: Iterable[SeenPage], owner: Person, household: Household) -> list[SeenPage]:
    """The pages that certainly name another person than the owner of their form."""
    named = [(page, person) for page in pages if (person := person_on([page])).is_known]
    return [page for page, person in named if likeness(household.known(person) or person, owner) == "other"]


def _is_same(one: Person, other: Person) -> bool:
    return likeness(one, other) == "same"


def _is_part(one: Person, other: Person) -> bool:
    """The names are alike as far as they go, and nothing contradicts it."""
    return bool(one.name and other.name) and likeness(one, other) == "unknown"


def _may_be(one: Person, person: Person, *, is_filer: bool) -> bool:
    """Whether the paper may still be that of somebody in the record, or of a family member who is not in it."""
    if not one.is_known:
        return is_filer
    return likeness(one, person) != "other" or (shares_name(one, person) and not is_contradicted(one, person))
