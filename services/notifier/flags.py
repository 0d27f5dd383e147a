"""What a flag is to the outside, and what becomes of it when a case is judged again. Pure, no I/O.

Place in the pipeline: `after_finding` is asked by `judging` for each finding; `Flag` is what the queue answers.
Trust level: `found` and `title` quote paper: whoever shows them must escape them.
Residual risk: a dismissal holds for the place where the person saw it; the same fault on another paper asks again.
"""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from services.notifier.tables import NEVER
from wetink.contracts.judgement import Finding, Rule, Severity
from wetink.sealing import CaseSeal

FlagStatus = Literal["open", "confirmed", "dismissed", "duplicate", "snoozed", "resolved"]
ACTIVE: tuple[FlagStatus, ...] = ("open", "confirmed", "snoozed")
"""Statuses of a flag that still stands between its case and the filing."""
_SETTLED = ("dismissed", "duplicate")


class Flag(BaseModel):
    """Something a case manager should look at."""

    id: str
    case_id: str
    document_id: str | None
    code: str
    severity: Severity
    status: FlagStatus
    title: str
    expected: str
    found: str = Field(description="May quote paper: untrusted text.")
    form: str | None
    form_copy: str | None
    edition: str | None
    form_page: int | None
    document_page: int | None
    slot: str | None
    party: str | None
    subject: str | None
    rule: Rule
    evidence_url: str | None = Field(description="Relative to the queue's address; null without a place.")
    due_on: date | None
    assignee: str | None
    version: int = Field(description="Grows with each change; send it as If-Match.")
    opened_at: datetime
    resolved_at: datetime | None
    resolved_by: str | None
    decided_by: str | None = Field(description="Name of who decided last, while the decision stands.")
    snoozed_until: datetime | None


def flag_id_of(identity: str) -> str:
    """The id follows from the identity, so that a replay names the same flag."""
    return "flag_" + identity.replace("-", "")


def evidence_path(flag_id: str) -> str:
    """Where the picture is, from the queue's root."""
    return f"/v1/flags/{flag_id}/evidence.png"


def finding_of(row: Row[Any], seal: CaseSeal) -> Finding:
    """The finding as it was seen last."""
    return Finding.model_validate_json(seal.open(row.flag_id, row.sealed))


def flag_of(row: Row[Any], seal: CaseSeal) -> Flag:
    """A row of `flags` as the queue answers it."""
    finding = finding_of(row, seal)
    seen = finding.model_dump(exclude={"evidence", "due_on"})
    return Flag(
        **seen,
        id=row.flag_id,
        case_id=row.case_id,
        status=row.status,
        evidence_url=evidence_path(row.flag_id) if finding.evidence else None,
        due_on=None if row.due_on == NEVER else row.due_on,
        assignee=row.assignee,
        version=row.version,
        opened_at=row.opened_at,
        resolved_at=row.resolved_at,
        resolved_by=row.resolved_by,
        decided_by=row.decided_by,
        snoozed_until=row.snoozed_until,
    )


def after_finding(row: Row[Any], finding: Finding) -> FlagStatus:
    """The status of a known flag whose finding is there (still or again).

    What a person settled stays settled while the finding is seen in the same place; confirmed and snoozed flags
    wait on; a resolved one opens again.
    """
    is_same_place = (row.document_id, row.document_page) == (finding.document_id, finding.document_page)
    settled: FlagStatus = row.status_before_resolved if row.status == "resolved" else row.status
    if settled in _SETTLED:
        return settled if is_same_place else "open"
    return "open" if row.status == "resolved" else settled
