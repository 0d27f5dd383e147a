"""Who signs and dates where, when, and what must stay empty: data, one YAML file a form.

Place in the pipeline: read once at start; asked for each slot that perception found.
Trust level: our own data and the firm's, validated with line numbers.
Residual risk: a form without a file gets defaults by party, marked unconfirmed.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from services.validator.requirements.accepted_editions import (
    Editions,
    EditionsFile,
    read_editions,
    shipped_editions,
)
from services.validator.requirements.checklist import Checklists, read_checklists, shipped_checklists
from services.validator.requirements.files import read_form_requirements
from services.validator.requirements.policy import Policies, read_policies, shipped_policies
from services.validator.requirements.schema import FormRequirements, Need, Requirement, Source
from wetink.contracts.reading import SlotReading

_SIGNS_OF_USE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "interpreter": {
        "used_when": ("interpreter.name", "interpreter.statement"),
        "denied_by": ("english.statement",),
    },
    "preparer": {"used_when": ("preparer.name", "preparer.statement")},
}
_OFFICIALS = ("officer", "judge", "official")
_DEFAULT_SOURCE = Source(
    citation="By default, from the party named on the form: no requirements file for this form and edition",
    as_of=date(2026, 11, 24),
    confidence="unconfirmed",
)


class Requirements:
    """All requirements that are known: `own` are the firm's, which go before those that come with the program.

    `policies` are what holds for every form of an agency, `editions` tells which editions are accepted when,
    `checklists` what belongs to a filing.
    """

    def __init__(
        self,
        forms: Iterable[FormRequirements],
        own: Iterable[FormRequirements] = (),
        policies: Policies | None = None,
        own_editions: Iterable[EditionsFile] = (),
        checklists: Checklists | None = None,
    ) -> None:
        self.own = tuple(own)
        self.forms = (*self.own, *forms)
        self.policies = policies or shipped_policies()
        self.editions = Editions((*shipped_editions(), *own_editions))
        self.checklists = checklists or shipped_checklists()

    def of_slot(self, form: str, edition: str | None, slot: SlotReading) -> Requirement:
        """What is required of a slot; when no file names it, by its party, with what another edition adds."""
        files = [file for file in self.forms if file.form == form]
        by_party = _by_party(slot)
        named = (
            place
            for file in files
            if file.covers(edition)
            and (place := file.of_slot(slot))
            and (file in self.own or _is_same_place(place, by_party))
        )
        return next(named, None) or _as_in_other_edition(by_party, slot, files) or by_party

    def is_own(self, requirement: Requirement) -> bool:
        """Whether a file of the firm says so."""
        return any(requirement in file.places for file in self.own)

    def tells_pages(self, form: str) -> bool:
        """Whether there is a file for the form, and it has pages (a dynamic form's places are on none)."""
        pages = [place.page for file in self.forms if file.form == form for place in file.places]
        return any(file.form == form for file in self.forms) and None not in pages

    def has_places(self, form: str, form_page: int | None) -> bool:
        """Whether somebody signs on that page, as far as a file tells; a page without a number may be any."""
        pages = {place.page for file in self.forms if file.form == form for place in file.places} - {None}
        return bool(pages) and (form_page is None or form_page in pages)


@cache
def shipped_requirements() -> Requirements:
    """Those in this folder."""
    return Requirements(_files_in(Path(__file__).parent))


def requirements_with(folder: Path) -> Requirements:
    """The shipped ones below the firm's own in `folder`; raises `RequirementsFileError` for a wrong file."""
    policies = {**shipped_policies(), **read_policies(folder / "policies")}
    own_editions = read_editions(folder / "editions")
    checklists = {**shipped_checklists(), **read_checklists(folder / "checklists")}
    return Requirements(shipped_requirements().forms, _files_in(folder), policies, own_editions, checklists)


def _files_in(folder: Path) -> list[FormRequirements]:
    return [read_form_requirements(path) for path in sorted(folder.glob("*.yaml"))]


def _is_same_place(place: Requirement, by_party: Requirement) -> bool:
    """False when a newer edition has another party's place under this name: parts are numbered anew."""
    if place.party is not None:
        return True
    is_later = place.need == "must_be_empty", by_party.need == "must_be_empty"
    return is_later[0] == is_later[1] and _helpers(place) == _helpers(by_party)


def _helpers(place: Requirement) -> set[str]:
    """Whose part it is, when it is a helper's."""
    return {helper for helper in _SIGNS_OF_USE if any(purpose.startswith(helper) for purpose in place.used_when)}


def _as_in_other_edition(
    by_party: Requirement, slot: SlotReading, files: Iterable[FormRequirements]
) -> Requirement | None:
    """The duty in another edition, for a signer of the form itself: slots move, duties seldom.

    It is the place of that name, or the only one that somebody must sign.
    """
    if by_party.need != "required":
        return None
    duties = [place for file in files for place in file.places if place.need == "required"]
    named = next((place for place in duties if place.covers(slot)), duties[0] if len(duties) == 1 else None)
    if named is None:
        return None
    ids = {"signature": by_party.signature, "date": by_party.date, "page": None}
    return named.model_copy(update={**ids, "source": _DEFAULT_SOURCE})


def _by_party(slot: SlotReading) -> Requirement:
    party = slot.party or ""
    helper = next((word for word in _SIGNS_OF_USE if word in party), None)
    if slot.is_for_official or any(word in party for word in _OFFICIALS):
        return _by_default(slot, "must_be_empty", "an official or an interview fills this place later")
    if helper:
        by_default = _by_default(slot, "conditional", f"a {helper} who helped signs and dates the part")
        return by_default.model_copy(update=_SIGNS_OF_USE[helper])
    return _by_default(slot, "required", "the form has a place for this signature")


def _by_default(slot: SlotReading, need: Need, reason: str) -> Requirement:
    signature, day = (slot.id, slot.pair) if slot.kind == "signature" else (slot.pair, slot.id)
    return Requirement(signature=signature, date=day, need=need, reason=reason, source=_DEFAULT_SOURCE)
