"""The checklist of a case: the validator's lines, with what people decided about those that are missing.

Place in the pipeline: kept by `judging` with each judgement, read by the queue's API and page.
Trust level: our own words; a reason that a person typed is theirs. Both are sealed.
Residual risk: none of its own.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import Connection, Row, select, update

from services.notifier.flags import flag_id_of
from services.notifier.ports import Ports
from services.notifier.tables import cases, decisions, flags
from services.notifier.visibility import may_see
from wetink.contracts.case_record import Filing
from wetink.contracts.judgement import ChecklistLine, Judgement
from wetink.errors import CaseDeletedError
from wetink.http.problems import not_found
from wetink.keystore import Caller
from wetink.sealing import CaseSeal

_OPEN_STATES = ("missing", "unsure")


class Line(ChecklistLine):
    """A line as the queue shows it: a missing one that a person dismissed is filed separately.

    `flag_id` is the flag that it is missing, `decided_by` and `reason` belong to a decision that stands on it.
    """

    flag_id: str | None = None
    decided_by: str | None = None
    reason: str | None = None


class Checklist(BaseModel):
    """What belongs to the filing of a case, as of its last judgement."""

    case_id: str
    case_revision: int = Field(description="0 before the first judgement.")
    filing: Filing | None
    lines: list[Line] = Field(description="None without a filing, or before the first judgement.")


class _Kept(BaseModel):
    """What is sealed in the case's row."""

    filing: Filing | None = None
    lines: list[ChecklistLine] = Field(default_factory=list)


def take_checklist(transaction: Connection, seal: CaseSeal, judgement: Judgement) -> None:
    """Remember the judgement's checklist."""
    kept = _Kept(filing=judgement.filing, lines=judgement.checklist)
    sealed = seal.seal(_row(judgement.case_id), kept.model_dump_json())
    transaction.execute(update(cases).where(cases.c.case_id == judgement.case_id).values(sealed_checklist=sealed))


def find_checklist(ports: Ports, caller: Caller, case_id: str) -> Checklist:
    """The checklist of a case that the caller may see; raises 404."""
    chosen = select(cases).where(cases.c.case_id == case_id, may_see(cases, caller), cases.c.deleted_at.is_(None))
    with ports.database.reading() as connection:
        case = connection.execute(chosen).first()
        if case is None:
            raise not_found("case")
        try:
            seal = ports.seal_of(case.organisation_id, case.case_id)
        except CaseDeletedError:
            raise not_found("case") from None
        return _checklist(connection, case, seal)


def _checklist(connection: Connection, case: Row[Any], seal: CaseSeal) -> Checklist:
    kept = _Kept()
    if case.sealed_checklist is not None:
        kept = _Kept.model_validate_json(seal.open(_row(case.case_id), case.sealed_checklist))
    told = select(flags).where(flags.c.case_id == case.case_id, flags.c.code == "form_missing")
    known = {row.flag_id: row for row in connection.execute(told)}
    reasons = _reasons(connection, known, seal)
    lines = [_line(line, case.case_id, known, reasons) for line in kept.lines]
    return Checklist(case_id=case.case_id, case_revision=case.case_revision, filing=kept.filing, lines=lines)


def _line(line: ChecklistLine, case_id: str, known: Mapping[str, Row[Any]], reasons: Mapping[str, str]) -> Line:
    flag = known.get(flag_id_of(line.flag_identity(case_id)))
    if flag is None or line.state not in _OPEN_STATES:
        return Line(**line.model_dump())
    return Line(
        **line.model_dump(exclude={"state"}),
        state="filed_separately" if flag.status == "dismissed" else line.state,
        flag_id=flag.flag_id,
        decided_by=flag.decided_by,
        reason=reasons.get(flag.flag_id),
    )


def _reasons(connection: Connection, flag_ids: Iterable[str], seal: CaseSeal) -> dict[str, str]:
    """The reason of the decision that stands on each flag, where one was given."""
    standing = select(decisions).where(decisions.c.flag_id.in_(flag_ids), decisions.c.undone_at.is_(None))
    last = {row.flag_id: row for row in connection.execute(standing.order_by(decisions.c.sequence))}
    return {flag_id: seal.open(flag_id, row.sealed_reason) for flag_id, row in last.items() if row.sealed_reason}


def _row(case_id: str) -> str:
    return f"{case_id}/checklist"
