"""Upload links: an address that takes documents for one case, without a key, until it ends.

Place in the pipeline: made by who may see the case, used by a client with nothing but the address. The page shows
only what came through the link.
Trust level: whoever has the address is let in; of its 256 random bits only the SHA-256 is kept, and logs never
hold the path. Residual risk: a forwarded address works for seven days, or until it is revoked.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from pydantic import BaseModel, Field
from sqlalchemy import Row, insert, select, update

from services.intake import link_page
from services.intake.access import visible_case, was_sent_by
from services.intake.answers import DocumentAnswer, open_filename
from services.intake.audit import note
from services.intake.idempotency import IdempotencyKey
from services.intake.ports import Ports, PortsHere
from services.intake.tables import documents, upload_links
from services.intake.uploads.accepting import UPLOAD_OPENAPI, UPLOAD_RESPONSES, accept
from services.intake.uploads.registering import Sender
from wetink.http.authentication import CallerHere
from wetink.http.problems import ProblemError, not_found, responses
from wetink.ids import new_id

router = APIRouter(tags=["upload links"])
PATH = "/u/"
"""Links live below this path, which needs no key."""
_LIFETIME = timedelta(days=7)
_PAGES: dict[int | str, dict[str, Any]] = {
    404: {"description": "No such link, as a page", "content": {"text/html": {}}},
    410: {"description": "The link has ended, as a page", "content": {"text/html": {}}},
}

_UPLOAD_RESPONSES: dict[int | str, dict[str, Any]] = {
    status: answer | {"content": answer["content"] | {"text/html": {}}}
    for status, answer in (responses(400, 408, 410, 413, 422) | UPLOAD_RESPONSES).items()
}
"""To browsers a refusal is a page."""


class UploadLink(BaseModel):
    """An upload link, its address told only here."""

    id: str
    url: str = Field(description="The client's page; POST to it uploads.")
    expires_at: datetime


@router.post("/v1/cases/{case_id}/upload-links", status_code=201, responses=responses(404))
def create_link(case_id: str, caller: CallerHere, ports: PortsHere, response: Response) -> UploadLink:
    """Make an address that takes documents for this case alone for seven days."""
    token = secrets.token_urlsafe(32)
    now = ports.clock.now()
    link = UploadLink(id=new_id("link"), url=f"{ports.public_url}{PATH}{token}", expires_at=now + _LIFETIME)
    with ports.database.transaction() as transaction:
        case = visible_case(transaction, caller, case_id)
        transaction.execute(
            insert(upload_links).values(
                link_id=link.id,
                case_id=case.case_id,
                organisation_id=case.organisation_id,
                access_key_id=caller.id,
                token_sha256=_hash(token),
                created_at=now,
                expires_at=link.expires_at,
            )
        )
        note(transaction, caller, "intake:link:create", link.id, now)
    response.headers["Location"] = f"/v1/cases/{case_id}/upload-links/{link.id}"
    return link


@router.delete("/v1/cases/{case_id}/upload-links/{link_id}", status_code=204, responses=responses(404))
def revoke_link(case_id: str, link_id: str, caller: CallerHere, ports: PortsHere) -> None:
    """End a link at once; nothing happens when it has ended."""
    with ports.database.transaction() as transaction:
        case = visible_case(transaction, caller, case_id)
        statement = (
            update(upload_links)
            .where(upload_links.c.link_id == link_id, upload_links.c.case_id == case.case_id)
            .values(revoked_at=ports.clock.now())
        )
        if transaction.execute(statement).rowcount == 0:
            raise not_found("upload link")


@router.get(PATH + "{token}", response_class=HTMLResponse, responses=_PAGES)
def show_page(token: str, ports: PortsHere) -> HTMLResponse:
    """Show the client's page: what was sent through the link, and a form to send more."""
    try:
        link = _open_link(ports, token)
    except ProblemError as problem:
        return HTMLResponse(link_page.refusal(problem), problem.status_code)
    return HTMLResponse(link_page.page(_sent(ports, link), ports.max_upload_bytes))


@router.post(
    PATH + "{token}",
    status_code=202,
    response_model=DocumentAnswer,
    responses=_UPLOAD_RESPONSES | {303: {"description": "Sent; for browsers, back to the page"}},
    openapi_extra=UPLOAD_OPENAPI,
)
async def upload_through_link(
    request: Request, token: str, ports: PortsHere, idempotency_key: IdempotencyKey = None
) -> Response:
    """Upload a document without a key."""
    is_browser = "text/html" in request.headers.get("accept", "")
    try:
        link = await to_thread.run_sync(_open_link, ports, token)
        answer = await accept(request, ports, _sender(link, idempotency_key))
    except ProblemError as problem:
        if not is_browser:
            raise
        return HTMLResponse(link_page.refusal(problem), problem.status_code)
    if is_browser:
        return RedirectResponse(f"{PATH}{token}", 303)
    return JSONResponse(answer.model_dump(mode="json"), 202)


def _open_link(ports: Ports, untrusted_token: str) -> Row[Any]:
    """The link's row; raises 404 for an unknown link, 410 for one that has ended."""
    query = select(upload_links).where(upload_links.c.token_sha256 == _hash(untrusted_token))
    with ports.database.reading() as connection:
        link = connection.execute(query).first()
    if link is None:
        raise ProblemError(404, "This link is not known", "Check that it is complete, or ask for a new one.")
    if link.revoked_at is not None or link.expires_at <= ports.clock.now():
        raise ProblemError(410, "This link has ended", "Ask the office that sent it to you for a new one.")
    return link


def _sender(link: Row[Any], idempotency_key: str | None) -> Sender:
    return Sender(
        id=link.link_id,
        access_key_id=link.access_key_id,
        organisation_id=link.organisation_id,
        case_id=link.case_id,
        idempotency_key=idempotency_key,
    )


def _sent(ports: Ports, link: Row[Any]) -> list[link_page.Sent]:
    query = select(documents).where(was_sent_by(link.link_id)).order_by(documents.c.received_at)
    with ports.database.reading() as connection:
        rows = connection.execute(query).all()
    return [link_page.Sent(open_filename(ports, row), row.received_at) for row in rows]


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
