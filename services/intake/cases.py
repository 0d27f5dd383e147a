"""The routes of cases: open, list, look, change, complete.

Place in the pipeline: where portals and case managers begin. Trust level: bodies are validated as `CaseDetails`; a
client's key sees only the cases it opened. Residual risk: none.
"""

from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError
from pydantic.json_schema import SkipJsonSchema
from sqlalchemy import select, tuple_
from sqlalchemy.exc import IntegrityError

from services.intake.access import CaseRow, visible_case, visible_cases
from services.intake.audit import note
from services.intake.case_records import (
    change_details,
    enter_case,
    forget_case,
    prepare_case,
    read_record,
    set_completed,
)
from services.intake.idempotency import IdempotencyKey, first_answer, remember
from services.intake.ports import Ports, PortsHere
from services.intake.tables import cases
from wetink.contracts.case_record import (
    CaseDetails,
    CaseRecord,
    Channel,
    Filing,
    Jurisdiction,
    Language,
    Line,
    People,
)
from wetink.contracts.written import Day
from wetink.http.authentication import CallerHere
from wetink.http.problems import responses
from wetink.keystore.port import Caller

router = APIRouter(prefix="/v1/cases", tags=["cases"])


class CaseAnswer(CaseDetails):
    """A case as it is answered: its details, and what was added to them."""

    id: str
    version: int = Field(description="Grows with every change.")
    opened_at: datetime
    completed_at: datetime | None = Field(description="Since when nothing more is expected for now.")


class CaseList(BaseModel):
    """Some cases, the newest first; `next_cursor` asks for those that follow, null at the end."""

    items: list[CaseAnswer]
    next_cursor: str | None


def _without_defaults(schema: dict[str, Any]) -> None:
    """What is left out stays as it is, so that a change has no defaults to tell of."""
    for field in schema["properties"].values():
        field.pop("default", None)


_Stays = SkipJsonSchema[None]
"""The value of what was left out; sent as null it is refused with the changed details."""


class CaseChange(BaseModel):
    """What is to be different; what is not named stays. `people` are replaced as a whole."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra=_without_defaults)
    reference: Line | _Stays = None
    client_language: Language | None = None
    jurisdiction: Jurisdiction | _Stays = None
    channel: Channel | _Stays = None
    filing: Filing | None = None
    due_on: Day | None = None
    protected: StrictBool | _Stays = None
    people: People | _Stays = None


@router.post("", status_code=201, responses=responses(409, 507))
def open_case(
    details: CaseDetails,
    caller: CallerHere,
    ports: PortsHere,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> CaseAnswer:
    """Open a case; everything but `reference` may be left out."""
    fingerprint = sha256(f"case {details.model_dump_json()}".encode()).hexdigest()
    answer = _known(ports, caller, idempotency_key, fingerprint)
    if answer is None:
        try:
            answer = _open(ports, caller, details, idempotency_key, fingerprint)
        except IntegrityError:
            # The same key at the same moment: the other request was first.
            answer = _known(ports, caller, idempotency_key, fingerprint)
            if answer is None:
                raise
    response.headers["Location"] = f"/v1/cases/{answer.id}"
    return answer


@router.get("", responses=responses(404))
def list_cases(
    caller: CallerHere,
    ports: PortsHere,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[
        str | None, Query(pattern="^case_[0-9a-f]{32}$", description="`next_cursor` of the last answer")
    ] = None,
) -> CaseList:
    """List the cases that the key may see, the newest first; 404 when the cursor's case is gone: start again."""
    newest_first = (cases.c.opened_at.desc(), cases.c.case_id.desc())
    query = select(cases).where(visible_cases(caller)).order_by(*newest_first).limit(limit + 1)
    with ports.database.reading() as connection:
        if cursor is not None:
            last = visible_case(connection, caller, cursor)
            query = query.where(tuple_(cases.c.opened_at, cases.c.case_id) < tuple_(last.opened_at, last.case_id))
        rows = connection.execute(query).all()
    items = [_answer(read_record(ports, row)) for row in rows[:limit]]
    _note(ports, caller, "intake:case:list", caller.organisation_id)
    return CaseList(items=items, next_cursor=items[-1].id if len(rows) > limit else None)


@router.get("/{case_id}", responses=responses(404))
def get_case(case_id: str, caller: CallerHere, ports: PortsHere) -> CaseAnswer:
    """Look at a case."""
    answer = _answer(read_record(ports, _row(ports, caller, case_id)))
    _note(ports, caller, "intake:case:read", answer.id)
    return answer


@router.patch("/{case_id}", responses=responses(404, 507))
def change_case(case_id: str, change: CaseChange, caller: CallerHere, ports: PortsHere) -> CaseAnswer:
    """Change some of a case's details."""
    changed = change.model_dump(mode="json", exclude_unset=True)

    def merge(details: CaseDetails) -> CaseDetails:
        try:
            return CaseDetails.model_validate(details.model_dump(mode="json") | changed)
        except ValidationError as error:
            raise RequestValidationError(error.errors()) from None

    answer = _answer(change_details(ports, _row(ports, caller, case_id), merge))
    _note(ports, caller, "intake:case:change", answer.id)
    return answer


@router.post("/{case_id}/complete", responses=responses(404, 507))
def complete_case(case_id: str, caller: CallerHere, ports: PortsHere) -> CaseAnswer:
    """Say that nothing more will come for now: what is missing is judged at once. A later upload takes it back."""
    row = _row(ports, caller, case_id)
    return _answer(set_completed(ports, row, row.completed_at or ports.clock.now()))


def _note(ports: Ports, caller: Caller, tag: str, object_id: str) -> None:
    with ports.database.transaction() as transaction:
        note(transaction, caller, tag, object_id, ports.clock.now())


def _row(ports: Ports, caller: Caller, case_id: str) -> CaseRow:
    with ports.database.reading() as connection:
        return visible_case(connection, caller, case_id)


def _known(ports: Ports, caller: Caller, key: str | None, fingerprint: str) -> CaseAnswer | None:
    with ports.database.reading() as connection:
        known: Any = first_answer(connection, ports, caller.id, key, fingerprint)
    return CaseAnswer.model_validate(known) if known else None


def _open(ports: Ports, caller: Caller, details: CaseDetails, key: str | None, fingerprint: str) -> CaseAnswer:
    case = prepare_case(ports, caller, details)
    answer = _answer(case.record)
    try:
        with ports.database.transaction() as transaction:
            remember(
                transaction,
                ports,
                sender_id=caller.id,
                key=key,
                organisation_id=caller.organisation_id,
                case_id=case.record.case_id,
                fingerprint=fingerprint,
                answer=answer.model_dump(mode="json"),
            )
            enter_case(transaction, ports, caller, case)
    except BaseException:
        forget_case(ports, case)
        raise
    ports.wake_relay()
    return answer


def _answer(record: CaseRecord) -> CaseAnswer:
    return CaseAnswer(
        id=record.case_id,
        version=record.case_version,
        opened_at=record.opened_at,
        completed_at=record.completed_at,
        **dict(record.details),
    )
