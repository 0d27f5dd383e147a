"""Taking in one upload, from the request to the answer.

Place in the pipeline: called by the routes of documents and upload links once they know who sends and into which
case. Trust level: the body is hostile. Residual risk: none of its own.
"""

from collections.abc import AsyncIterator
from contextlib import ExitStack
from datetime import datetime

from anyio import to_thread
from starlette.requests import Request

from services.intake.answers import DocumentAnswer
from services.intake.ports import Ports
from services.intake.uploads.parts import MAX_REPLACES, Part, parts_of
from services.intake.uploads.receiving import MAX_FILES, receive
from services.intake.uploads.registering import Sender, register
from wetink.blobs import names
from wetink.blobs.port import BlobRef, BlobWriter
from wetink.http.problems import responses
from wetink.ids import new_id

UPLOAD_RESPONSES = responses(404, 409, 415)
_FILE = {"type": "string", "format": "binary", "minLength": 1}
UPLOAD_OPENAPI = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "array",
                            "items": _FILE,
                            "minItems": 1,
                            "maxItems": MAX_FILES,
                            "description": "Several are one document.",
                        },
                        "replaces": {
                            "type": "string",
                            "maxLength": MAX_REPLACES,
                            "description": "The document that this one corrects.",
                        },
                    },
                },
                "encoding": {
                    "file": {
                        "contentType": "application/pdf, image/jpeg, image/png, image/tiff, image/heic, image/webp"
                    }
                },
            },
            "application/octet-stream": {"schema": _FILE},
        },
    }
}
"""The body, which the routes read themselves, for the OpenAPI document."""
FRAMING_BYTES = 64 << 10
"""What a multipart body may have beside its files."""


async def accept(
    request: Request, ports: Ports, sender: Sender, untrusted_replaces: str | None = None
) -> DocumentAnswer:
    """Receive, keep and enter the upload; raises `ProblemError` as `receive` and `register` do."""
    return await keep(parts_of(request), ports, sender, untrusted_replaces, max_bytes=ports.max_upload_bytes)


async def keep(  # noqa: PLR0913 - what, where, whose, and what is known of it besides
    parts: AsyncIterator[Part],
    ports: Ports,
    sender: Sender,
    untrusted_replaces: str | None = None,
    *,
    max_bytes: int,
    received_at: datetime | None = None,
) -> DocumentAnswer:
    """The same for files that come from elsewhere than a request, and first came at `received_at`."""
    document_id = new_id("doc")

    def open_writer(number: int, stack: ExitStack) -> BlobWriter:
        ref = BlobRef(sender.organisation_id, sender.case_id, names.original(document_id, number))
        return stack.enter_context(ports.blobs.writing(ref))

    upload = await receive(parts, open_writer, max_bytes)
    upload.untrusted_replaces = upload.untrusted_replaces or untrusted_replaces
    upload.received_at = received_at
    return await to_thread.run_sync(register, ports, sender, document_id, upload)
