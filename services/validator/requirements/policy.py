"""What an agency holds true for every form: dates, marks, and who may sign for a child; one YAML file for each.

Place in the pipeline: validates the files in `policies/`; rules find it on each form copy.
Trust level: written by people, checked here. Residual risk: agencies change their minds; `as_of` tells when each
statement was last checked.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.validator.requirements.files import read_rules_file
from services.validator.requirements.schema import Source
from wetink.contracts.case_record import CaseDetails, Channel, Jurisdiction
from wetink.contracts.judgement import Severity
from wetink.contracts.reading import Mark

Grammar = Literal["mm/dd/yyyy", "yyyy-mm-dd"]


class _Statement(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    source: Source


class BlankDates(_Statement):
    """How grave it is that a signature has no date."""

    severity: Severity


class OldDates(_Statement):
    """After how many days a signature is too old to be filed; null: never."""

    after_days: Annotated[int, Field(ge=1)] | None
    severity: Severity


class Guardians(_Statement):
    """Under which age (years) a parent or guardian may sign."""

    below_age: Annotated[int, Field(ge=1, le=21)]


class ValidMarks(_Statement):
    """The kinds of mark that count as a signature, by the way of filing."""

    by_channel: Mapping[Channel, frozenset[Mark]]

    @model_validator(mode="after")
    def _is_complete(self) -> "ValidMarks":
        missing = set(get_args(Channel)) - set(self.by_channel)
        if missing:
            raise ValueError(f"no marks are named for {', '.join(sorted(missing))}")
        return self


class Policy(BaseModel):
    """One file: the rules of the agency of a jurisdiction, as far as they hold for every form.

    `grammar` is how its forms write a day.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    jurisdiction: Jurisdiction
    grammar: Grammar
    blank_dates: BlankDates
    old_dates: OldDates
    guardians: Guardians
    valid_marks: ValidMarks


Policies = Mapping[Jurisdiction, Policy]


@cache
def shipped_policies() -> Policies:
    """Those in `policies/`."""
    return read_policies(Path(__file__).parent / "policies")


def read_policies(folder: Path) -> Policies:
    """The policies in a folder; raises `RequirementsFileError` for a file that is wrong."""
    policies = (read_rules_file(path, Policy) for path in sorted(folder.glob("*.yaml")))
    return {policy.jurisdiction: policy for policy in policies}


def policy_of(form: str, details: CaseDetails, policies: Policies) -> Policy:
    """The policy of the agency that a form is for: IRCC's forms are Canadian whatever the case says."""
    return policies["CA" if form.startswith("IMM") else details.jurisdiction]
