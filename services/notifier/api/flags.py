"""Flags over HTTP: the list, one flag, its picture, decisions.

Place in the pipeline: `/v1/flags`. Trust level: bodies are checked by shape, what people type is sealed.
Residual risk: none of its own.
"""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import Connection

from services.notifier.api.access import ExpectedVersion, StaffHere, ViewerHere
from services.notifier.audit import note
from services.notifier.decisions import Desk, find_flag
from services.notifier.flags import Flag, FlagStatus, finding_of, flag_of
from services.notifier.ports import Ports
from services.notifier.queue import CURSOR, CURSOR_MAX, Seals, Wanted, open_rows, rows_in_order
from wetink.blobs.port import BlobNotFoundError, BlobRef
from wetink.contracts.judgement import Severity
from wetink.contracts.written import Time
from wetink.http.problems import ProblemError, not_found, responses
from wetink.keystore import Caller

MOST = 200
Short = Annotated[str, Query(max_length=100)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]

Reason = Annotated[str, StringConstraints(max_length=2_000)]


class FlagList(BaseModel):
    """One page of the queue."""

    items: list[Flag]
    next_cursor: str | None = Field(description="Ask again with it for what follows; null at the end.")


class Verdict(BaseModel):
    """What a case manager decides."""

    decision: Literal["confirm", "dismiss", "duplicate"]
    reason: Reason | None = None
    until: None = None


class Snooze(BaseModel):
    """The flag is put off."""

    decision: Literal["snooze"]
    reason: Reason | None = None
    until: Time = Field(description="When the flag comes back; a time to come.")


DecisionBody = Annotated[Verdict | Snooze, Field(discriminator="decision")]


class AssignBody(BaseModel):
    """Who is to look at the flag: a name, or null for nobody."""

    user: Name | None


def flag_routes(ports: Ports) -> APIRouter:
    """The routes under `/v1/flags`, the stream excepted."""
    router = APIRouter(prefix="/v1/flags", tags=["flags"])

    @router.get("", responses=responses(403))
    def list_flags(  # noqa: PLR0913, PLR0917 - one parameter for each filter
        caller: StaffHere,
        status: FlagStatus | Literal["all", ""] = "",
        case_id: Short = "",
        code: Short = "",
        severity: Severity | Literal[""] = "",
        assignee: Short = "",
        limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
        cursor: Annotated[str, Query(max_length=CURSOR_MAX, pattern=CURSOR)] = "",
    ) -> FlagList:
        """Flags, most urgent first (severity, due date, opened); the open ones unless `status` says else."""
        wanted = Wanted(status, case_id, code, severity, assignee)
        with ports.database.reading() as connection:
            rows, next_cursor = rows_in_order(connection, caller, wanted, limit=limit, cursor=cursor)
        return FlagList(items=open_rows(Seals(ports), rows), next_cursor=next_cursor)

    @router.get("/{flag_id}", responses=responses(404))
    def get_flag(flag_id: str, caller: ViewerHere, response: Response) -> Flag:
        """One flag; its version is the `ETag`."""
        with ports.database.reading() as connection:
            flag = _shown(ports, connection, caller, flag_id)
        return _tagged(flag, response)

    @router.get(
        "/{flag_id}/evidence.png",
        response_class=Response,
        responses=responses(404) | {200: {"content": {"image/png": {}}}},
    )
    def get_evidence(flag_id: str, caller: ViewerHere) -> Response:
        """The place on the page, with a little around it."""
        with ports.database.reading() as connection:
            row = find_flag(connection, caller, flag_id)
        finding = finding_of(row, ports.seal_of(row.organisation_id, row.case_id))
        if finding.evidence is None:
            raise not_found("picture")
        try:
            picture = ports.blobs.get(BlobRef(row.organisation_id, row.case_id, finding.evidence))
        except BlobNotFoundError:
            raise not_found("picture") from None
        with ports.database.transaction() as transaction:
            note(transaction, caller, "queue:evidence:read", flag_id, ports.clock.now())
        return Response(picture, media_type="image/png")

    @router.post("/{flag_id}/decision", responses=responses(403, 404, 409, 412))
    def decide(
        flag_id: str, body: DecisionBody, caller: StaffHere, version: ExpectedVersion, response: Response
    ) -> Flag:
        """Decide on an open flag; 409 when it is not open or `until` has passed, 412 when `If-Match` is stale."""
        if body.until is not None and body.until <= ports.clock.now():
            raise ProblemError(409, "This time has passed", "Give `until`, a time to come.")
        with ports.database.reading() as connection:
            row = find_flag(connection, caller, flag_id)
        seal = ports.seal_of(row.organisation_id, row.case_id)
        with ports.database.transaction() as transaction:
            decided = Desk(transaction, ports, caller).decide(
                flag_id,
                body.decision,
                until=body.until,
                reason=body.reason,
                seal=seal,
                expected_version=version,
            )
        return _tagged(flag_of(decided, seal), response)

    @router.post("/{flag_id}/decision/undo", responses=responses(403, 404, 409, 412))
    def undo(flag_id: str, caller: StaffHere, version: ExpectedVersion, response: Response) -> Flag:
        """Take the last decision back; 409 when there is none or it is older than ten minutes."""
        with ports.database.transaction() as transaction:
            Desk(transaction, ports, caller).undo(flag_id, version)
            flag = _shown(ports, transaction, caller, flag_id)
        return _tagged(flag, response)

    @router.post("/{flag_id}/assign", responses=responses(403, 404, 412))
    def assign(
        flag_id: str, body: AssignBody, caller: StaffHere, version: ExpectedVersion, response: Response
    ) -> Flag:
        """Give the flag to somebody."""
        with ports.database.transaction() as transaction:
            Desk(transaction, ports, caller).assign(flag_id, body.user, version)
            flag = _shown(ports, transaction, caller, flag_id)
        return _tagged(flag, response)

    return router


def _shown(ports: Ports, connection: Connection, caller: Caller, flag_id: str) -> Flag:
    row = find_flag(connection, caller, flag_id)
    return flag_of(row, ports.seal_of(row.organisation_id, row.case_id))


def _tagged(flag: Flag, response: Response) -> Flag:
    response.headers["ETag"] = f'"{flag.version}"'
    return flag
