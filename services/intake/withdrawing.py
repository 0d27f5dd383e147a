"""Taking a document out of its case: deleted for good, or moved to the case that it belongs to.

Place in the pipeline: `DELETE /v1/documents/{document_id}` and `.../move`. The case's record names what was taken
out, so that the next judgement is made without it and its flags close; the document's row goes with it. Its blobs
go when that judgement is in the queue, by a timer, for until then somebody may be reading them. A moved document
is a new one of the other case, with the same bytes.
Trust level: the caller may do so; ids are ours. Residual risk: pictures of single slots and what Kafka holds (ids)
stay until the case is deleted; they are encrypted under its key.
"""

from collections.abc import AsyncIterator
from datetime import timedelta

from anyio import to_thread
from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy import Connection, delete, insert, select
from starlette.concurrency import iterate_in_threadpool

from services.intake.access import CaseRow, DocumentRow, visible_case, visible_document
from services.intake.answers import DocumentAnswer, open_filename
from services.intake.audit import note
from services.intake.case_records import take_out
from services.intake.deletion import on_hold
from services.intake.ports import Ports, PortsHere
from services.intake.status import FINAL
from services.intake.tables import cases, documents, senders, withdrawals
from services.intake.uploads.accepting import keep
from services.intake.uploads.parts import FileEnded, FileStarted, Part, Piece
from services.intake.uploads.registering import Sender, add_senders
from wetink.blobs import names
from wetink.blobs.port import BlobRef
from wetink.contracts.case_record import CaseRecord
from wetink.contracts.events import Id
from wetink.http.authentication import CallerHere, require_role
from wetink.http.problems import ProblemError, responses
from wetink.keystore.port import Caller

router = APIRouter(prefix="/v1/documents", tags=["documents"])
_READ_FOR_AT_MOST = timedelta(days=1)


class WithdrawalAnswer(BaseModel):
    """The document is out of its case; its pages are being removed."""

    id: str


class Move(BaseModel):
    """The case to which the document belongs."""

    case_id: Id


@router.delete("/{document_id}", status_code=202, responses=responses(403, 404, 409))
def delete_document(document_id: str, caller: CallerHere, ports: PortsHere) -> WithdrawalAnswer:
    """Delete a document for good; its flags close. Needs a manager's or admin's key."""
    document, case = _found(ports, caller, document_id)
    _withdraw(ports, caller, document, case)
    return WithdrawalAnswer(id=document.document_id)


@router.post("/{document_id}/move", status_code=202, responses=responses(403, 404, 409))
async def move_document(
    document_id: str, move: Move, caller: CallerHere, ports: PortsHere, response: Response
) -> DocumentAnswer:
    """Move a document to another case, where it gets a new id. Needs a manager's or admin's key."""
    document, case = await to_thread.run_sync(_found, ports, caller, document_id)
    target = await to_thread.run_sync(_case, ports, caller, move.case_id)
    if target.case_id == case.case_id:
        raise ProblemError(409, "The document is in this case", "Name the case that it shall be moved to.")
    sender = Sender(caller.id, caller.id, target.organisation_id, target.case_id, sees_all=True)
    answer = await keep(
        _parts(ports, document),
        ports,
        sender,
        max_bytes=document.size_bytes,
        received_at=document.received_at,
    )
    await to_thread.run_sync(_hand_on_senders, ports, document.document_id, answer.id)
    await to_thread.run_sync(_withdraw, ports, caller, document, case)
    response.headers["Location"] = f"/v1/documents/{answer.id}"
    return answer


def remove_withdrawn(ports: Ports) -> None:
    """Remove the blobs of documents without which their case was judged."""
    is_judged = cases.c.judged_version >= withdrawals.c.case_version
    with ports.database.reading() as connection:
        query = select(withdrawals).join(cases, cases.c.case_id == withdrawals.c.case_id)
        due = connection.execute(query.where(is_judged, withdrawals.c.due_at <= ports.clock.now())).all()
    for row in due:
        for name in _blobs(row.document_id, row.files, row.pages):
            ports.blobs.delete(BlobRef(row.organisation_id, row.case_id, name))
        with ports.database.transaction() as transaction:
            transaction.execute(delete(withdrawals).where(withdrawals.c.document_id == row.document_id))


def _found(ports: Ports, caller: Caller, untrusted_document_id: str) -> tuple[DocumentRow, CaseRow]:
    with ports.database.reading() as connection:
        document = visible_document(connection, caller, untrusted_document_id)
        case = connection.execute(select(cases).where(cases.c.case_id == document.case_id)).one()
    require_role(caller, "manager", "admin")
    if case.case_id in ports.keystore.held_cases():
        raise on_hold()
    return document, case


def _case(ports: Ports, caller: Caller, untrusted_case_id: str) -> CaseRow:
    with ports.database.reading() as connection:
        return visible_case(connection, caller, untrusted_case_id)


def _hand_on_senders(ports: Ports, old_id: str, new_id: str) -> None:
    """Who sent the document still sees where it stands."""
    with ports.database.transaction() as transaction:
        query = select(senders.c.sender_id).where(senders.c.document_id == old_id)
        add_senders(transaction, transaction.execute(query).scalars().all(), new_id)


def _withdraw(ports: Ports, caller: Caller, document: DocumentRow, case: CaseRow) -> None:
    now = ports.clock.now()
    ours = document.document_id

    def remove_row(transaction: Connection, record: CaseRecord) -> None:
        transaction.execute(
            insert(withdrawals).values(
                document_id=ours,
                case_id=document.case_id,
                organisation_id=document.organisation_id,
                case_version=record.case_version,
                files=document.files,
                pages=document.pages_total or 0,
                due_at=now if document.status in FINAL else now + _READ_FOR_AT_MOST,
            )
        )
        transaction.execute(delete(senders).where(senders.c.document_id == ours))
        transaction.execute(delete(documents).where(documents.c.document_id == ours))
        note(transaction, caller, "intake:document:delete", ours, now)

    take_out(ports, case, ours, remove_row)


async def _parts(ports: Ports, document: DocumentRow) -> AsyncIterator[Part]:
    """The document's files as they were sent."""
    filename = await to_thread.run_sync(open_filename, ports, document)
    for number in range(1, document.files + 1):
        ref = BlobRef(document.organisation_id, document.case_id, names.original(document.document_id, number))
        yield FileStarted(filename)
        async for piece in iterate_in_threadpool(ports.blobs.stream(ref)):
            yield Piece(piece)
        yield FileEnded()


def _blobs(document_id: str, files: int, pages: int) -> list[str]:
    originals = [names.password(document_id)]
    originals += [names.original(document_id, number) for number in range(1, files + 1)]
    kinds = (names.page, names.reading, names.text, names.page_picture)
    return originals + [name(document_id, number) for number in range(1, pages + 1) for name in kinds]
