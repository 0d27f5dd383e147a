"""The password of a locked document: the document is read again with it.

Place in the pipeline: `POST /v1/documents/{document_id}/password`. Only the sandbox opens a client's file, so the
password goes to ocr, as a blob under the case's key that is removed when the document was opened or did not open.
It is in no row, event or log.
Trust level: the caller may see the document; the password is whatever was typed. Residual risk: until it was
used, seconds as a rule, the password lies encrypted on the disk; a worker that dies between opening a document and
saying so has lost it, and it must be sent again.
"""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, SecretStr

from services.intake.access import visible_document
from services.intake.answers import DocumentAnswer, document_answer
from services.intake.ports import PortsHere
from services.intake.uploads.registering import announce_again
from wetink.blobs import names
from wetink.blobs.port import BlobRef
from wetink.http.authentication import CallerHere
from wetink.http.problems import ProblemError, responses

router = APIRouter(prefix="/v1/documents", tags=["documents"])
_LONGEST = 127
"""No PDF takes a longer one."""


class Unlocking(BaseModel):
    """What opens the document."""

    password: Annotated[SecretStr, Field(min_length=1, max_length=_LONGEST)]


@router.post("/{document_id}/password", status_code=202, responses=responses(404, 409))
def unlock_document(document_id: str, body: Unlocking, caller: CallerHere, ports: PortsHere) -> DocumentAnswer:
    """Read a locked document again with its password; 409 when it is not one that could not be read."""
    with ports.database.reading() as connection:
        document = visible_document(connection, caller, document_id)
    if document.status != "unreadable":
        raise ProblemError(409, "The document is not locked", "Look where it stands; send another one if need be.")
    ref = BlobRef(document.organisation_id, document.case_id, names.password(document_id))
    ports.blobs.put(ref, body.password.get_secret_value().encode())
    with ports.database.transaction() as transaction:
        row = announce_again(transaction, ports, visible_document(transaction, caller, document_id))
    return document_answer(ports, row)
