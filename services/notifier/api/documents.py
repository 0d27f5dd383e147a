"""Documents as people look at them: pictures of pages, their words, and the original as a download.

Place in the pipeline: `/v1/documents`. Trust level: the original is hostile: it is only ever a download, sniffing
and scripts forbidden. Pictures are made by ourselves. Each reading of either leaves an audit row.
Residual risk: who opens a downloaded original does so on their own machine.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import Connection, Row, select

from services.notifier.api.access import ViewerHere
from services.notifier.audit import note
from services.notifier.ports import Ports
from services.notifier.tables import documents
from services.notifier.visibility import may_see
from wetink.blobs.names import original, page_picture, text
from wetink.blobs.port import BlobNotFoundError, BlobRef
from wetink.contracts.reading import PageText
from wetink.http.problems import not_found, responses
from wetink.keystore import Caller

PageNumber = Annotated[int, Path(ge=1, le=100_000)]


def document_routes(ports: Ports) -> APIRouter:
    """The routes under `/v1/documents`."""
    router = APIRouter(prefix="/v1/documents", tags=["documents"])

    @router.get(
        "/{document_id}/pages/{number}.webp",
        response_class=Response,
        responses=responses(404) | {200: {"content": {"image/webp": {}}}},
    )
    def get_page(document_id: str, number: PageNumber, caller: ViewerHere) -> Response:
        """The picture of a page; 404 until it is made."""
        with ports.database.reading() as connection:
            document = _find(connection, caller, document_id)
        try:
            picture = ports.blobs.get(_ref(document, page_picture(document_id, number)))
        except BlobNotFoundError:
            raise not_found("page") from None
        with ports.database.transaction() as transaction:
            note(transaction, caller, "queue:page:read", f"{document_id}/{number}", ports.clock.now())
        return Response(picture, media_type="image/webp")

    @router.get("/{document_id}/pages/{number}/text", responses=responses(404))
    def get_page_text(document_id: str, number: PageNumber, caller: ViewerHere) -> PageText:
        """The words of a page with their boxes on its picture, and what paper it is; 404 until it is read."""
        with ports.database.reading() as connection:
            document = _find(connection, caller, document_id)
        try:
            content = ports.blobs.get(_ref(document, text(document_id, number)))
        except BlobNotFoundError:
            raise not_found("text") from None
        with ports.database.transaction() as transaction:
            note(transaction, caller, "queue:text:read", f"{document_id}/{number}", ports.clock.now())
        return PageText.model_validate_json(content)

    @router.get(
        "/{document_id}/original",
        response_class=Response,
        responses=responses(404) | {200: {"content": {"application/octet-stream": {}}}},
    )
    def get_original(
        document_id: str, caller: ViewerHere, part: Annotated[int, Query(ge=1, le=1_000)] = 1
    ) -> Response:
        """The file as the client sent it, to be saved; `part` counts the files of one upload."""
        with ports.database.reading() as connection:
            document = _find(connection, caller, document_id)
        ref = _ref(document, original(document_id, part))
        if not ports.blobs.exists(ref):
            raise not_found("file")
        with ports.database.transaction() as transaction:
            note(transaction, caller, "queue:original:read", document_id, ports.clock.now())
        headers = {
            "Content-Disposition": f'attachment; filename="{document_id}-{part}"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
        content = ports.blobs.stream(ref)
        return StreamingResponse(content, media_type="application/octet-stream", headers=headers)

    return router


def _find(connection: Connection, caller: Caller, document_id: str) -> Row[Any]:
    chosen = select(documents).where(documents.c.document_id == document_id, may_see(documents, caller))
    row = connection.execute(chosen).first()
    if row is None:
        raise not_found("document")
    return row


def _ref(document: Row[Any], name: str) -> BlobRef:
    return BlobRef(document.organisation_id, document.case_id, name)
