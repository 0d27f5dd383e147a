"""Deleting a case: its key, its rows and blobs, and knowing when every service has forgotten it.

Place in the pipeline: `DELETE /v1/cases/{case_id}`, the retention timer and what a restore brings back all come
here. The key goes first: from then on nothing of the case opens, here or in a copy. Rows, tombstone, audit entry
and `case.deleted` follow in one transaction, then the blobs. A timer finishes what was interrupted and what is
waited for; it is done when every service has said `case.forgotten`.
Trust level: the caller may delete; ids are ours. Residual risk: what a file system or disk keeps of overwritten
blocks is ciphertext whose key was wrapped; ids of the case stay in tombstone and audit log.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import Connection, delete, insert, select, update

from services.intake.access import visible_case
from services.intake.ports import Ports, PortsHere
from services.intake.tables import (
    audit,
    cases,
    deletions,
    documents,
    first_answers,
    senders,
    upload_links,
    withdrawals,
)
from wetink.audit import Entry, add_entry
from wetink.contracts.events import CaseDeleted, CaseForgotten, Event
from wetink.errors import RetryError
from wetink.faults import reach
from wetink.http.authentication import CallerHere, require_role
from wetink.http.problems import ProblemError, responses
from wetink.keystore import CaseHeldError
from wetink.stream.forgetting import forget_case, mark_forgotten
from wetink.stream.handler import Handler

SERVICES = frozenset({"ocr", "validator", "notifier"})
"""Who must say that it has forgotten the case."""

router = APIRouter(prefix="/v1/cases", tags=["cases"])


class DeletionAnswer(BaseModel):
    """The case can no longer be opened; copies of its data are being removed."""

    id: str


@router.delete("/{case_id}", status_code=202, responses=responses(403, 404, 409))
def delete_case_for_good(case_id: str, caller: CallerHere, ports: PortsHere) -> DeletionAnswer:
    """Delete a case with all its documents and flags, for good. Needs an admin key."""
    with ports.database.reading() as connection:
        case = visible_case(connection, caller, case_id)
    require_role(caller, "admin")
    try:
        delete_case(ports, case.organisation_id, case.case_id, by=caller.id)
    except CaseHeldError:
        raise on_hold() from None
    return DeletionAnswer(id=case.case_id)


def on_hold() -> ProblemError:
    """Nothing of the case may be deleted."""
    return ProblemError(
        409, "The case is on legal hold", "End the hold first: wetink cases release, on the server."
    )


def delete_case(ports: Ports, organisation_id: str, case_id: str, *, by: str) -> None:
    """Destroy the case's key and remove what intake has of it; `by` goes into the audit log.

    Repeating it is harmless. Raises `CaseHeldError` for a case on legal hold.
    """
    ports.keystore.destroy_case_key(organisation_id, case_id)
    ports.keep_deleted_list()
    reach("deletion.key_destroyed")
    event = CaseDeleted(organisation_id=organisation_id, case_id=case_id, occurred_at=ports.clock.now())
    with ports.database.transaction() as transaction:
        if _has_row(transaction, case_id):
            _remove_rows(transaction, case_id)
            _leave_tombstone(transaction, ports, event, by)
    reach("deletion.rows_removed")
    with suppress(RetryError):  # somebody is writing there; the timer comes again
        ports.blobs.delete_case(organisation_id, case_id)
    ports.wake_relay()


def finish_deletions(ports: Ports) -> None:
    """Go on with deletions that were interrupted, that a restore undid, or that services still work on."""
    ports.keep_deleted_list()
    deleted = ports.keystore.deleted_cases()
    with ports.database.reading() as connection:
        left = [case for case in deleted if _has_row(connection, case.case_id)]
    for case in left:
        delete_case(ports, case.organisation_id, case.case_id, by="recovery")
    with ports.database.reading() as connection:
        pending = connection.execute(select(deletions).where(deletions.c.done_at.is_(None))).all()
    for row in pending:
        ports.keystore.destroy_case_key(row.organisation_id, row.case_id)
        ports.blobs.delete_case(row.organisation_id, row.case_id)
        if set(row.forgotten_by.split()) >= SERVICES:
            _end(ports, row.case_id)


def forgotten_handler() -> Handler[CaseForgotten, object, None]:
    """Notes that a service is done."""

    def handle(event: CaseForgotten, _result: None, transaction: Connection) -> Sequence[Event]:
        chosen = deletions.c.case_id == event.case_id
        said = transaction.execute(select(deletions.c.forgotten_by).where(chosen)).scalar()
        if said is not None:
            services = " ".join(sorted({*said.split(), event.service}))
            transaction.execute(update(deletions).where(chosen).values(forgotten_by=services))
        return ()

    def nothing(*_: Any) -> None:  # noqa: ANN401 - whatever a handler is given
        return None

    def no_events(*_: Any) -> Sequence[Event]:  # noqa: ANN401 - whatever a handler is given
        return ()

    return Handler(CaseForgotten, nothing, handle, no_events)


def _has_row(connection: Connection, case_id: str) -> bool:
    return connection.execute(select(cases.c.case_id).where(cases.c.case_id == case_id)).first() is not None


def _remove_rows(transaction: Connection, case_id: str) -> None:
    of_case = select(documents.c.document_id).where(documents.c.case_id == case_id)
    transaction.execute(delete(senders).where(senders.c.document_id.in_(of_case)))
    for table in (documents, withdrawals, upload_links, first_answers, cases):
        transaction.execute(delete(table).where(table.c.case_id == case_id))
    forget_case(transaction, case_id)


def _leave_tombstone(transaction: Connection, ports: Ports, event: CaseDeleted, by: str) -> None:
    entry = Entry(event.organisation_id, by, "intake:case:delete", event.case_id)
    add_entry(transaction, audit, entry, event.occurred_at)
    transaction.execute(delete(deletions).where(deletions.c.case_id == event.case_id))
    transaction.execute(
        insert(deletions).values(
            case_id=event.case_id,
            organisation_id=event.organisation_id,
            deleted_at=event.occurred_at,
            forgotten_by="",
        )
    )
    ports.announce(transaction, [event])
    mark_forgotten(transaction, event, event.occurred_at)


def _end(ports: Ports, case_id: str) -> None:
    with ports.database.transaction() as transaction:
        transaction.execute(
            update(deletions).where(deletions.c.case_id == case_id).values(done_at=ports.clock.now())
        )
