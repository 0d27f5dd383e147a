"""The shape of a checklist: the forms and papers that belong to one kind of filing, and where that is written.

Place in the pipeline: validates the files in `checklists/` and a firm's own.
Trust level: written by people, checked here. Residual risk: agencies change what they want; `as_of` tells when
each line was last checked.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.validator.requirements.files import read_rules_file
from services.validator.requirements.schema import Relief, Source
from wetink.contracts.case_record import Channel, Filing, Role
from wetink.contracts.judgement import Severity
from wetink.contracts.reading import PaperKind


class Condition(BaseModel):
    """Facts of the case on which a line depends; all that are given must hold.

    `has` are roles of which one must be in the case, `open_with` roles that leave it open whether one is; a box of
    the purpose `ticked` on a form of the case says the same;
    `lives_abroad` and the ages (years, on the day of judgement) are those of the person whose line it is;
    `category` are eligibility categories of an I-765, as `c33`; `unless` is the purpose of boxes on the forms of
    the case of which none may be ticked.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    has: tuple[Role, ...] = ()
    open_with: tuple[Role, ...] = ()
    ticked: str | None = None
    lives_abroad: bool | None = None
    age_from: int | None = None
    category: tuple[str, ...] = ()
    unless: str | None = None


class Line(BaseModel):
    """One thing that belongs to the filing: one of `forms`, or a paper of one of the kinds `papers`.

    `name` stands for a list of forms that would be long to read.
    `whose` are the roles under which its person may be recorded (it is needed once, recorded or not), `for_each`
    roles of which every recorded person needs one. `advised`: it may be filed where nobody sees it here, so its
    absence is never flagged. `by_channel` are ways of filing in which it is no file. `severity` is that of the
    flag when it is missing; `reason` completes "because ...".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str | None = None
    forms: tuple[str, ...] = ()
    papers: tuple[PaperKind, ...] = ()
    whose: tuple[Role, ...] = ()
    for_each: tuple[Role, ...] = ()
    need: Literal["required", "advised"] = "required"
    when: Condition = Condition()
    by_channel: Mapping[Channel, Relief] = Field(default_factory=dict)
    severity: Severity
    reason: Annotated[str, Field(min_length=5)]
    source: Source

    @model_validator(mode="after")
    def _is_one_thing(self) -> "Line":
        if bool(self.forms) == bool(self.papers):
            raise ValueError("a line is about forms or about papers")
        if bool(self.whose) == bool(self.for_each):
            raise ValueError("a line is needed once (whose) or for each person (for_each)")
        if self.papers and self.for_each:
            raise ValueError("whose paper it is cannot be told: a line about papers says whose, not for_each")
        return self


class Checklist(BaseModel):
    """One file: what belongs to a kind of filing."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    filing: Filing
    source: Source
    lines: Annotated[tuple[Line, ...], Field(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _hand_source_down(cls, untrusted_file: object) -> object:
        """A line without a source of its own has that of the file."""
        if not isinstance(untrusted_file, dict) or not isinstance(untrusted_file.get("lines"), list):
            return untrusted_file
        source = untrusted_file.get("source")
        lines = [
            {"source": source, **line} if isinstance(line, dict) else line for line in untrusted_file["lines"]
        ]
        return {**untrusted_file, "lines": lines}


Checklists = Mapping[Filing, Checklist]


@cache
def shipped_checklists() -> Checklists:
    """Those in `checklists/`."""
    return read_checklists(Path(__file__).parent / "checklists")


def read_checklists(folder: Path) -> Checklists:
    """The checklists in a folder; raises `RequirementsFileError` for a file that is wrong."""
    checklists = (read_rules_file(path, Checklist) for path in sorted(folder.glob("*.yaml")))
    return {checklist.filing: checklist for checklist in checklists}
