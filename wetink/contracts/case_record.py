"""The case's record: who is in the case and what is being filed.

Place in the pipeline: kept by intake, handed to validator and notifier as an encrypted blob named by
`case.changed`; the body of `POST /v1/cases` and the file of `wetink check --case`.
Trust level: written by the firm or its portal; validated here. Residual risk: people's names are what was typed.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from wetink.contracts.written import Day

Jurisdiction = Literal["US", "CA"]
Channel = Literal["paper", "online", "pr_portal"]
Filing = Literal[
    "family_adjustment",
    "i130_alone",
    "work_permit",
    "asylum",
    "naturalisation",
    "tps",
    "green_card_renewal",
    "fee_waiver",
    "ircc_spousal",
    "ircc_work_permit",
    "ircc_study_permit",
    "ircc_visitor",
]
Role = Literal[
    "applicant",
    "petitioner",
    "beneficiary",
    "spouse",
    "sponsor",
    "joint_sponsor",
    "cosigner",
    "mother",
    "father",
    "requestor",
    "guardian",
    "child",
    "interpreter",
    "preparer",
    "attorney",
]
Line = Annotated[str, Field(min_length=1, max_length=200)]

Language = Annotated[str, Field(min_length=2, max_length=35, pattern=r"^[A-Za-z0-9-]+$")]
"""As in BCP 47, e.g. `es` or `zh-Hans`."""


class Person(BaseModel):
    """Somebody in the case. All but the role may be unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    role: Role
    name: Line | None = None
    birth_date: Day | None = None
    a_number: Line | None = None
    lives_abroad: StrictBool | None = None


People = Annotated[list[Person], Field(max_length=50)]


class CaseDetails(BaseModel):
    """What a firm tells of a case; everything but `reference` is optional."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    reference: Line
    client_language: Language | None = None
    jurisdiction: Jurisdiction = "US"
    channel: Channel = "paper"
    filing: Filing | None = None
    due_on: Day | None = None
    protected: StrictBool = False
    people: People = Field(default_factory=list)


class CaseRecord(BaseModel):
    """A version of a case's record as it travels between services.

    `time_zone` is the organisation's (IANA name); `completed_at` is set when the client said that nothing more
    will come for now. `withdrawn` are documents that were taken out of the case: nothing of them counts.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    organisation_id: str
    case_id: str
    case_version: int = Field(ge=1)
    details: CaseDetails
    time_zone: str = "UTC"
    opened_at: datetime
    completed_at: datetime | None = None
    withdrawn: list[str] = Field(default_factory=list)
