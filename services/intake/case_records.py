"""The life of a case's record: opened, changed, completed; every version encrypted, numbered and announced.

Place in the pipeline: called by the routes of cases and by uploads. The blob of a version is written before the
transaction that makes it the current one and announces `case.changed`; its name holds a random part, so that two
changes at once never overwrite one another's blob: one of them starts again.
Trust level: details were validated. Residual risk: a lost race leaves a blob that nothing names, until the case
is deleted.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from services.intake.access import CaseRow
from services.intake.audit import note
from services.intake.ports import Ports
from services.intake.tables import cases
from wetink.blobs import names
from wetink.blobs.port import BlobRef
from wetink.contracts.case_record import CaseDetails, CaseRecord
from wetink.contracts.events import CaseChanged
from wetink.errors import RetryError
from wetink.ids import new_id
from wetink.keystore.port import Caller

_ATTEMPTS = 20
Besides = Callable[[Connection, CaseRecord], None]
"""What is written together with a new version of a case's record."""


@dataclass(frozen=True)
class NewCase:
    """A case whose key and record are safe, ready to be entered."""

    record: CaseRecord
    blob: BlobRef


def prepare_case(ports: Ports, caller: Caller, details: CaseDetails) -> NewCase:
    """Make the case's key and write its first record."""
    organisation = ports.keystore.organisation(caller.organisation_id)
    record = CaseRecord(
        organisation_id=caller.organisation_id,
        case_id=new_id("case"),
        case_version=1,
        details=details,
        time_zone=organisation.time_zone if organisation else "UTC",
        opened_at=ports.clock.now(),
    )
    try:
        ports.keystore.create_case_key(record.organisation_id, record.case_id)
        return NewCase(record, _write(ports, record))
    except RetryError:
        _forget(ports, record)
        raise


def enter_case(transaction: Connection, ports: Ports, caller: Caller, case: NewCase) -> None:
    """The case's row and its announcement."""
    transaction.execute(
        insert(cases).values(
            case_id=case.record.case_id,
            organisation_id=case.record.organisation_id,
            access_key_id=caller.id,
            version=1,
            record_blob=case.blob.name,
            opened_at=case.record.opened_at,
        )
    )
    note(transaction, caller, "intake:case:open", case.record.case_id, case.record.opened_at)
    _announce(transaction, ports, case.record, case.blob)


def forget_case(ports: Ports, case: NewCase) -> None:
    """Undo `prepare_case` for a case that was not entered."""
    _forget(ports, case.record)


def read_record(ports: Ports, row: CaseRow) -> CaseRecord:
    """The current record of the case in `row`."""
    content = ports.blobs.get(BlobRef(row.organisation_id, row.case_id, row.record_blob))
    return CaseRecord.model_validate_json(content)


def change_details(ports: Ports, row: CaseRow, change: Callable[[CaseDetails], CaseDetails]) -> CaseRecord:
    """A new version with other details; none when they stay the same."""
    return _change(ports, row, lambda record: record.model_copy(update={"details": change(record.details)}))


def set_completed(ports: Ports, row: CaseRow, completed_at: datetime | None) -> CaseRecord:
    """A new version with (or without) the mark that nothing more will come for now."""
    return _change(ports, row, lambda record: record.model_copy(update={"completed_at": completed_at}))


def take_out(ports: Ports, row: CaseRow, document_id: str, besides: Besides) -> CaseRecord:
    """A version without the document, and `besides` in its transaction; none when it was taken out already."""

    def change(record: CaseRecord) -> CaseRecord:
        if document_id in record.withdrawn:
            return record
        return record.model_copy(update={"withdrawn": [*record.withdrawn, document_id]})

    return _change(ports, row, change, besides)


def _nothing_besides(_transaction: Connection, _record: CaseRecord) -> None:
    return None


def _change(
    ports: Ports,
    row: CaseRow,
    change: Callable[[CaseRecord], CaseRecord],
    besides: Besides = _nothing_besides,
) -> CaseRecord:
    for _ in range(_ATTEMPTS):
        old = read_record(ports, row)
        changed = change(old)
        if changed == old:
            return old
        new = changed.model_copy(update={"case_version": row.version + 1})
        if _replace(ports, row, new, _write(ports, new), besides):
            ports.wake_relay()
            return new
        with ports.database.reading() as connection:
            row = connection.execute(select(cases).where(cases.c.case_id == row.case_id)).one()
    raise RetryError("the case is being changed by too many at once")


def _replace(ports: Ports, row: CaseRow, record: CaseRecord, blob: BlobRef, besides: Besides) -> bool:
    """Make `record` current unless somebody was faster."""
    statement = (
        update(cases)
        .where(cases.c.case_id == row.case_id, cases.c.version == row.version)
        .values(version=record.case_version, record_blob=blob.name, completed_at=record.completed_at)
    )
    with ports.database.transaction() as transaction:
        if transaction.execute(statement).rowcount == 0:
            return False
        besides(transaction, record)
        _announce(transaction, ports, record, blob)
    return True


def _forget(ports: Ports, record: CaseRecord) -> None:
    with suppress(RetryError):  # what made it fail may last
        ports.blobs.delete_case(record.organisation_id, record.case_id)
        ports.keystore.destroy_case_key(record.organisation_id, record.case_id)


def _write(ports: Ports, record: CaseRecord) -> BlobRef:
    name = new_id(names.case_record(record.case_version))
    blob = BlobRef(record.organisation_id, record.case_id, name)
    ports.blobs.put(blob, record.model_dump_json().encode())
    return blob


def _announce(transaction: Connection, ports: Ports, record: CaseRecord, blob: BlobRef) -> None:
    event = CaseChanged(
        organisation_id=record.organisation_id,
        case_id=record.case_id,
        occurred_at=ports.clock.now(),
        case_version=record.case_version,
        record_blob=blob.name,
    )
    ports.announce(transaction, [event])
