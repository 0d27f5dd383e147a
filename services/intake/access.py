"""Which cases and documents a caller may see.

Place in the pipeline: asked by every route before it does anything.
Trust level: ids come from callers and select rows only together with the caller's organisation; a client's key
sees what was made with it. What is not seen does not exist for the caller (404).
Residual risk: none.
"""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, select, true

from services.intake.tables import cases, documents, senders
from wetink.http.problems import not_found
from wetink.keystore.port import Caller

CaseRow = Row[Any]
DocumentRow = Row[Any]


def visible_cases(caller: Caller) -> ColumnElement[bool]:
    """The condition on `cases` that holds for what `caller` may see."""
    is_own = cases.c.access_key_id == caller.id if caller.role == "client" else true()
    return and_(cases.c.organisation_id == caller.organisation_id, is_own)


def visible_case(connection: Connection, caller: Caller, untrusted_case_id: str) -> CaseRow:
    """The case's row; raises 404."""
    query = select(cases).where(cases.c.case_id == untrusted_case_id, visible_cases(caller))
    row = connection.execute(query).first()
    if row is None:
        raise not_found("case")
    return row


def visible_document(connection: Connection, caller: Caller, untrusted_document_id: str) -> DocumentRow:
    """The document's row; raises 404."""
    is_own = was_sent_by(caller.id) if caller.role == "client" else true()
    query = select(documents).where(
        documents.c.document_id == untrusted_document_id,
        documents.c.organisation_id == caller.organisation_id,
        is_own,
    )
    row = connection.execute(query).first()
    if row is None:
        raise not_found("document")
    return row


def was_sent_by(sender_id: str) -> ColumnElement[bool]:
    """The condition on `documents` that holds for what a key or an upload link sent."""
    return exists().where(senders.c.document_id == documents.c.document_id, senders.c.sender_id == sender_id)
