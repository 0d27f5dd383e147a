"""Documents as they are answered, and their names, which only the case's key opens.

Place in the pipeline: used by the routes of documents and upload links.
Trust level: names were cleaned before they were sealed. Residual risk: who shows a name in HTML must escape it.
"""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import Row

from services.intake.access import CaseRow
from services.intake.ports import Ports
from wetink.contracts.events import DocumentStatus


class DocumentAnswer(BaseModel):
    """A document as its upload is answered."""

    id: str
    case_id: str
    filename: str = Field(
        description="The first file's name, without separators, control and direction characters."
    )
    size_bytes: int = Field(description="All files together.")
    sha256: str = Field(description="Of one file its own, of several that of their digests in order; hexadecimal.")
    status: DocumentStatus
    received_at: datetime
    duplicate_of: str | None = Field(
        default=None, description="The same as `id` when these bytes were in the case already."
    )


class Pages(BaseModel):
    """`total` is null until the document was opened."""

    total: int | None
    read: int


class DocumentStatusAnswer(DocumentAnswer):
    """A document as it stands."""

    pages: Pages


def document_answer(ports: Ports, row: Row[Any], *, duplicate_of: str | None = None) -> DocumentAnswer:
    """The answer for a row of `documents`."""
    return DocumentAnswer(**_fields(ports, row), duplicate_of=duplicate_of)


def status_answer(ports: Ports, row: Row[Any]) -> DocumentStatusAnswer:
    """The same with the pages' counts."""
    return DocumentStatusAnswer(**_fields(ports, row), pages=Pages(total=row.pages_total, read=row.pages_read))


def seal_filename(ports: Ports, case: CaseRow, document_id: str, filename: str) -> bytes:
    """The name as the database may keep it."""
    return ports.seal_of(case.organisation_id, case.case_id).seal(_name(document_id), filename)


def open_filename(ports: Ports, row: Row[Any]) -> str:
    """The name of the document in `row`."""
    return ports.seal_of(row.organisation_id, row.case_id).open(_name(row.document_id), row.sealed_filename)


def _fields(ports: Ports, row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.document_id,
        "case_id": row.case_id,
        "filename": open_filename(ports, row),
        "size_bytes": row.size_bytes,
        "sha256": row.sha256,
        "status": row.status,
        "received_at": row.received_at,
    }


def _name(document_id: str) -> str:
    return f"documents {document_id}"
