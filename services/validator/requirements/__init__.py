"""Who signs and dates where, when, and what must stay empty: data, one YAML file a form.

Place in the pipeline: read once at start; asked for each slot that perception found.
Trust level: our own data and the firm's, validated with line numbers.
Residual risk: a form without a file gets defaults by party, marked unconfirmed.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

from services.validator.requirements.files import read_form_requirements
from services.validator.requirements.schema import FormRequirements, Requirement, Source
from wetink.contracts.reading import SlotReading

_HELPERS = ("interpreter", "preparer")
_OFFICIALS = ("officer", "judge", "official")
_DEFAULT_SOURCE = Source(
    citation="By default, from the party named on the form: no requirements file for this form and edition",
    as_of=date(2026, 11, 24),
    confidence="unconfirmed",
)


class Requirements:
    """All requirements that are known."""

    def __init__(self, forms: Iterable[FormRequirements]) -> None:
        self.forms = tuple(forms)

    def of_slot(self, form: str, edition: str | None, slot: SlotReading) -> Requirement:
        """What is required of a slot; by default by its party, when no file names it."""
        files = (file for file in self.forms if file.form == form and file.covers(edition))
        named = (requirement for file in files if (requirement := file.of_slot(slot.id)))
        return next(named, None) or _by_party(slot)

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
    return Requirements(map(read_form_requirements, sorted(Path(__file__).parent.glob("*.yaml"))))


def _by_party(slot: SlotReading) -> Requirement:
    party = slot.party or ""
    signature, day = (slot.id, slot.pair) if slot.kind == "signature" else (slot.pair, slot.id)
    helper = next((word for word in _HELPERS if word in party), None)
    if helper:
        return Requirement(
            signature=signature,
            date=day,
            need="conditional",
            used_when=(f"{helper}.name", f"{helper}.statement"),
            reason=f"a {helper} who helped signs and dates the part",
            source=_DEFAULT_SOURCE,
        )
    is_official = any(word in party for word in _OFFICIALS)
    return Requirement(
        signature=signature,
        date=day,
        need="must_be_empty" if is_official else "required",
        reason="an official signs here later" if is_official else "the form has a place for this signature",
        source=_DEFAULT_SOURCE,
    )
