"""Which form copy is whose: hands the form copies of a case out to the lines of a checklist that ask for them.

Place in the pipeline: a pure function, used by `comparing`.
Trust level: names read from paper are compared and never shown.
Residual risk: a copy whose name cannot be read counts for whoever still lacks one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from services.validator.case_view import FormCopy
from services.validator.household import person_on
from services.validator.persons import likeness, person_in_case
from wetink.contracts import case_record


@dataclass(frozen=True)
class Seeker:
    """Who needs one of `forms`; `person` is null when nobody was recorded."""

    forms: Collection[str]
    person: case_record.Person | None


@dataclass(frozen=True)
class Match:
    """The copy that somebody has; `is_certain` is False when the name on it is another one."""

    copy: FormCopy
    is_certain: bool


def hand_out(seekers: Sequence[Seeker], copies: Sequence[FormCopy]) -> list[Match | None]:
    """For each seeker the copy that is theirs, or None; the first seekers choose first.

    First come the copies that name them, then those that may be theirs, then those that name nobody who seeks.
    """
    free = list(copies)
    matches: list[Match | None] = [None] * len(seekers)
    for wanted in (True, None, False):
        for place, seeker in enumerate(seekers):
            of_form = (copy for copy in free if copy.form in seeker.forms and matches[place] is None)
            copy = next((copy for copy in of_form if _is_of(copy, seeker) is wanted), None)
            if copy:
                free.remove(copy)
                matches[place] = Match(copy, is_certain=wanted is not False)
        free = [copy for copy in free if not _names_one_of(copy, seekers)]
    return matches


def _names_one_of(copy: FormCopy, seekers: Sequence[Seeker]) -> bool:
    """What names one of those who seek the form is no copy of another one's."""
    return any(copy.form in seeker.forms and _is_of(copy, seeker) for seeker in seekers)


def may_be_of_several(copy: FormCopy) -> bool:
    """Whether later pages took the place of earlier ones although no name tells that they are one person's."""
    return not person_on(copy.pages.values()).name and len(copy.places) > len(copy.pages)


def _is_of(copy: FormCopy, seeker: Seeker) -> bool | None:
    """None when it cannot be told, as where a slip may be all that differs."""
    if seeker.person is None:
        return None
    like = likeness(person_on(copy.pages.values()), person_in_case(seeker.person))
    return None if like in ("near", "unknown") else like == "same"
