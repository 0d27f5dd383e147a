"""Which editions of a form an agency accepts on which day: data, YAML files in `editions/`, one a jurisdiction.

Place in the pipeline: read once at start; asked for each form copy. A firm's own files of the same shape stand for
the forms that they name.
Trust level: written by people, validated with line numbers. Residual risk: agencies announce editions at short
notice; a form that no file names is never called outdated.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.validator.requirements.files import read_rules_file
from services.validator.requirements.schema import Source
from wetink.contracts.reading import Edition


class AcceptedEdition(BaseModel):
    """An edition and the days on which it is accepted, both included; `until` null: no end is known."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    edition: Edition
    accepted_from: date
    until: date | None = None
    source: Source

    def is_accepted_on(self, day: date) -> bool:
        """Whether a filing received on that day may have it."""
        return self.accepted_from <= day and (self.until is None or day <= self.until)


class EditionsFile(BaseModel):
    """One file: form to its editions. An edition without a source of its own has that of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    source: Source
    forms: Mapping[str, Annotated[tuple[AcceptedEdition, ...], Field(min_length=1)]]

    @model_validator(mode="before")
    @classmethod
    def _hand_source_down(cls, untrusted_file: object) -> object:
        if not isinstance(untrusted_file, dict) or not isinstance(untrusted_file.get("forms"), dict):
            return untrusted_file
        source = untrusted_file.get("source")
        forms = {
            form: [{"source": source, **one} if isinstance(one, dict) else one for one in editions]
            if isinstance(editions, list)
            else editions
            for form, editions in untrusted_file["forms"].items()
        }
        return {**untrusted_file, "forms": forms}


class Editions:
    """All editions that are known; of two files that name a form the later one counts."""

    def __init__(self, files: Iterable[EditionsFile]) -> None:
        self._of_form = {form: editions for file in files for form, editions in file.forms.items()}

    def in_place_of(self, form: str, edition: str | None, day: date) -> AcceptedEdition | None:
        """What is accepted on that day in place of an edition that is too old; None when it is not too old.

        Nothing is too old on a day for which no accepted edition is known.
        """
        known = self._of_form.get(form, ())
        accepted = [one for one in known if one.is_accepted_on(day)]
        if edition is None or not accepted or any(one.edition == edition for one in accepted):
            return None
        newest = max(accepted, key=lambda one: one.edition)
        has_ended = any(one.edition == edition and one.until and one.until < day for one in known)
        is_older = all(edition < one.edition for one in accepted)
        return newest if is_older or has_ended else None


@cache
def shipped_editions() -> tuple[EditionsFile, ...]:
    """Those in `editions/`."""
    return read_editions(Path(__file__).parent / "editions")


def read_editions(folder: Path) -> tuple[EditionsFile, ...]:
    """The files in a folder; raises `RequirementsFileError` for one that is wrong."""
    return tuple(read_rules_file(path, EditionsFile) for path in sorted(folder.glob("*.yaml")))
