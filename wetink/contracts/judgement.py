"""What the validator says of a case: findings, and where each document stands.

Place in the pipeline: written by the validator as an encrypted blob named by `document.reviewed`, read by the
notifier; findings are what `wetink check --json` prints.
Trust level: our own judgement, which quotes untrusted text in `found`.
Residual risk: whoever shows `found` must escape it.
"""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from wetink.contracts.case_record import Filing, Role
from wetink.contracts.events import DocumentState
from wetink.ids import consequence_id

Severity = Literal["critical", "high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low")
Verdict = Literal["signed", "empty", "unsure", "invalid", "not_required", "must_be_empty"]


class Rule(BaseModel):
    """The rule behind a finding and where it is written; `as_of` is the day the source was last checked."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    id: str
    citation: str
    url: str | None = None
    as_of: date


class Finding(BaseModel):
    """One thing that a case manager should know.

    `form_copy` is one person's one form in the case (for papers that are no form: document and page);
    `subject` the other thing meant (a second slot, a missing form and person); `slot` a slot's id. `document_id`,
    `document_page` and `edition` say where it was seen. `evidence` is the blob name of a picture.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    code: str
    severity: Severity
    title: str
    expected: str
    found: str
    form: str | None = None
    form_copy: str | None = None
    edition: str | None = None
    form_page: int | None = None
    document_id: str | None = None
    document_page: int | None = None
    slot: str | None = None
    party: str | None = None
    subject: str | None = None
    rule: Rule
    due_on: date | None = None
    evidence: str | None = None

    def identity(self, case_id: str) -> str:
        """The flag's identity: one hash of case, code, form copy, form page, slot and subject."""
        return _identity(case_id, self.code, self.form_copy, self.form_page, self.slot, self.subject)


LineState = Literal["present", "missing", "not_required", "unsure", "filed_separately"]
"""`filed_separately` is what a person said of a missing one: the validator does not know it."""


class Seen(BaseModel):
    """Where a form or paper was seen: pages of a document."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    document_id: str
    pages: list[int]


class ChecklistLine(BaseModel):
    """One form or paper that belongs to what is being filed, and whether it is there.

    `id` is unique in the checklist, and the subject of the finding that it is missing. `why` explains the state;
    `severity` is that of the flag, null where no flag is raised. `confidence` says how well the rule is founded.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    id: str
    title: str
    form: str | None = None
    role: Role
    state: LineState
    why: str
    severity: Severity | None = None
    seen: list[Seen] = Field(default_factory=list)
    rule: Rule
    confidence: str

    def flag_identity(self, case_id: str) -> str:
        """The identity of the flag that says that it is missing."""
        return _identity(case_id, "form_missing", subject=self.id)


class Judgement(BaseModel):
    """Everything that is to say of a case in one revision; a finding that is no longer here is resolved.

    `documents_in_flight` counts the documents the validator knows of that are not final; `record_blob` names the
    case's record (`CaseRecord`) that was judged by, so that nobody shows a judgement before knowing the case.
    `checklist` is empty where `filing` is null.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    organisation_id: str
    case_id: str
    case_revision: int = Field(ge=1)
    findings: list[Finding] = Field(default_factory=list)
    filing: Filing | None = None
    checklist: list[ChecklistLine] = Field(default_factory=list)
    documents: list[DocumentState] = Field(default_factory=list)
    documents_in_flight: int = Field(default=0, ge=0)
    record_blob: str | None = None


def _identity(  # noqa: PLR0913, PLR0917 - what a flag is consists of as many words
    case_id: str,
    code: str,
    form_copy: str | None = None,
    form_page: int | None = None,
    slot: str | None = None,
    subject: str | None = None,
) -> str:
    return consequence_id(("flag", case_id, code, form_copy, form_page, slot, subject))
