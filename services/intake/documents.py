"""The routes of documents: upload and look.

Place in the pipeline: the main door. The key was checked before; the case is looked up before a byte of the body
is read. Trust level: bodies are hostile and go to `uploads`. Residual risk: none of its own.
"""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response

from services.intake.access import visible_case, visible_document
from services.intake.answers import DocumentAnswer, DocumentStatusAnswer, status_answer
from services.intake.idempotency import IdempotencyKey
from services.intake.ports import Ports, PortsHere
from services.intake.uploads.accepting import UPLOAD_OPENAPI, UPLOAD_RESPONSES, accept
from services.intake.uploads.parts import MAX_REPLACES
from services.intake.uploads.registering import Sender
from wetink.http.authentication import CallerHere
from wetink.http.problems import responses
from wetink.keystore.port import Caller

router = APIRouter(prefix="/v1", tags=["documents"])

ReplacesQuery = Annotated[
    str | None,
    Query(max_length=MAX_REPLACES, description="The document that this one corrects (or a field of the form)."),
]


@router.post(
    "/cases/{case_id}/documents",
    status_code=202,
    responses=UPLOAD_RESPONSES,
    openapi_extra=UPLOAD_OPENAPI,
)
async def upload_document(  # noqa: PLR0913, PLR0917 - FastAPI names every part of a request
    request: Request,
    response: Response,
    case_id: str,
    caller: CallerHere,
    ports: PortsHere,
    replaces: ReplacesQuery = None,
    idempotency_key: IdempotencyKey = None,
) -> DocumentAnswer:
    """Upload a document: field `file` of a form (several: its pages in order), or the raw bytes."""
    sender = await to_thread.run_sync(_sender, ports, caller, case_id, idempotency_key)
    answer = await accept(request, ports, sender, replaces)
    response.headers["Location"] = f"/v1/documents/{answer.id}"
    return answer


@router.get("/documents/{document_id}", responses=responses(404))
def get_document(document_id: str, caller: CallerHere, ports: PortsHere) -> DocumentStatusAnswer:
    """Look where a document stands."""
    with ports.database.reading() as connection:
        row = visible_document(connection, caller, document_id)
    return status_answer(ports, row)


def _sender(ports: Ports, caller: Caller, case_id: str, idempotency_key: str | None) -> Sender:
    with ports.database.reading() as connection:
        case = visible_case(connection, caller, case_id)
    return Sender(
        id=caller.id,
        access_key_id=caller.id,
        organisation_id=case.organisation_id,
        case_id=case.case_id,
        sees_all=caller.role != "client",
        idempotency_key=idempotency_key,
    )
