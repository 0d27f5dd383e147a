"""What the notifier keeps of a case: its due day, whether it is protected, and whether it is clear.

Place in the pipeline: answers `case.changed` and `case.deleted`; `judging` and `decisions` ask and tell it.
Trust level: the record is intake's own; its reference, which may be a name, is sealed.
Residual risk: a case whose record is lost counts as protected: its news reaches no webhook until the next version.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Row, delete, func, select, update

from services.notifier.feed import News, NewsType, tell
from services.notifier.flags import ACTIVE
from services.notifier.ports import Ports
from services.notifier.tables import (
    NEVER,
    cases,
    decisions,
    deliveries,
    delivery_attempts,
    documents,
    feed,
    flags,
    readers,
)
from wetink.blobs.port import BlobRef
from wetink.contracts.case_record import CaseRecord
from wetink.contracts.events import CaseChanged, CaseDeleted, Event
from wetink.errors import PoisonError
from wetink.sealing import CaseSeal
from wetink.stream.forgetting import forget_case, forgotten
from wetink.stream.handler import Handler


def known_case(transaction: Connection, organisation_id: str, case_id: str) -> Row[Any]:
    """The case's row, made when it is new."""
    chosen = select(cases).where(cases.c.case_id == case_id)
    row = transaction.execute(chosen).first()
    if row is None:
        transaction.execute(cases.insert().values(case_id=case_id, organisation_id=organisation_id))
        row = transaction.execute(chosen).one()
    return row


def read_record(ports: Ports, ref: BlobRef) -> CaseRecord:
    """A version of the case's record; raises `PoisonError` when it is lost, damaged or another case's."""
    try:
        record = CaseRecord.model_validate_json(ports.blobs.get(ref))
    except ValidationError:
        raise PoisonError("record_malformed") from None
    if (record.organisation_id, record.case_id) != (ref.organisation_id, ref.case_id):
        raise PoisonError("record_of_another_case")
    return record


def take_record(transaction: Connection, ports: Ports, seal: CaseSeal, record: CaseRecord) -> None:
    """Remember `record`, unless a newer version is known or the case is deleted."""
    case = known_case(transaction, record.organisation_id, record.case_id)
    if case.deleted_at is not None or record.case_version <= case.case_version:
        return
    transaction.execute(
        update(cases)
        .where(cases.c.case_id == record.case_id)
        .values(
            case_version=record.case_version,
            is_protected=record.details.protected,
            due_on=record.details.due_on,
            sealed_reference=seal.seal(record.case_id, record.details.reference),
        )
    )
    if record.details.protected:
        _stop_deliveries(transaction, record.case_id)
    if record.details.due_on != case.due_on:
        _move_due_day(transaction, ports, record.case_id, record.details.due_on)


def tell_whether_clear(transaction: Connection, ports: Ports, case_id: str) -> None:
    """Tell, once in each revision, that nothing stands between case and filing; or that something does again."""
    case = transaction.execute(select(cases).where(cases.c.case_id == case_id)).one()
    active = select(func.count()).select_from(flags)
    active = active.where(flags.c.case_id == case_id, flags.c.status.in_(ACTIVE))
    is_settled = case.documents_total > 0 and case.documents_in_flight == 0
    is_clear = is_settled and transaction.execute(active).scalar_one() == 0
    told_revision = case.clear_told_revision
    if is_clear and told_revision < case.case_revision:
        _tell_of_case(transaction, ports, "case.clear", case)
        told_revision = case.case_revision
    elif case.is_clear and not is_clear:
        _tell_of_case(transaction, ports, "case.reopened", case)
    transaction.execute(
        update(cases)
        .where(cases.c.case_id == case_id)
        .values(is_clear=is_clear, clear_told_revision=told_revision)
    )


def _tell_of_case(transaction: Connection, ports: Ports, news_type: NewsType, case: Row[Any]) -> None:
    news = News(news_type, case.organisation_id, case.case_id, case.case_revision)
    tell(transaction, news, queue_url=ports.queue_url, now=ports.clock.now())


def tell_of_flag(transaction: Connection, ports: Ports, news_type: NewsType, row: Row[Any]) -> None:
    """Tell what happened to the flag in `row` (as it is now)."""
    revision = select(cases.c.case_revision).where(cases.c.case_id == row.case_id)
    news = News(
        news_type,
        row.organisation_id,
        row.case_id,
        transaction.execute(revision).scalar_one(),
        document_id=row.document_id,
        flag_id=row.flag_id,
        flag_version=row.version,
        code=row.code,
        severity=row.severity,
        path=f"/?flag={row.flag_id}",
    )
    tell(transaction, news, queue_url=ports.queue_url, now=ports.clock.now())


def case_handlers(ports: Ports) -> list[Handler[Any, Ports, Any]]:
    """The handlers of `case.changed` and `case.deleted`."""

    def prepare_change(event: CaseChanged, _: Ports) -> tuple[CaseSeal, CaseRecord]:
        seal = ports.seal_of(event.organisation_id, event.case_id)
        return seal, read_record(ports, BlobRef(event.organisation_id, event.case_id, event.record_blob))

    def change(_event: CaseChanged, result: tuple[CaseSeal, CaseRecord], transaction: Connection) -> list[Event]:
        seal, record = result
        take_record(transaction, ports, seal, record)
        return []

    def forget(event: CaseDeleted, _result: None, transaction: Connection) -> list[Event]:
        known_case(transaction, event.organisation_id, event.case_id)
        sent = select(deliveries.c.delivery_id).where(deliveries.c.case_id == event.case_id)
        transaction.execute(delete(delivery_attempts).where(delivery_attempts.c.delivery_id.in_(sent)))
        for table in (flags, decisions, documents, deliveries, feed, readers):
            transaction.execute(delete(table).where(table.c.case_id == event.case_id))
        transaction.execute(
            update(cases)
            .where(cases.c.case_id == event.case_id)
            .values(
                deleted_at=ports.clock.now(),
                due_on=None,
                sealed_reference=None,
                sealed_checklist=None,
                is_protected=True,
            )
        )
        forget_case(transaction, event.case_id)
        return [forgotten(event, "notifier")]

    def forget_all_the_same(event: CaseDeleted, _reason: str, transaction: Connection) -> list[Event]:
        return forget(event, None, transaction)

    return [
        Handler(CaseChanged, prepare_change, change, _nothing_to_end),
        Handler(CaseDeleted, lambda _event, _ports: None, forget, forget_all_the_same),
    ]


def _nothing_to_end(_event: Event, _reason: str, _transaction: Connection) -> Sequence[Event]:
    """No document waits for these events; the next version or the next start tells again."""
    return []


def _stop_deliveries(transaction: Connection, case_id: str) -> None:
    """The case became protected: what has not left the house stays in it."""
    transaction.execute(
        update(deliveries)
        .where(deliveries.c.case_id == case_id, deliveries.c.due_at.is_not(None))
        .values(status="cancelled", error="case_protected", due_at=None)
    )


def _move_due_day(transaction: Connection, ports: Ports, case_id: str, due_on: date | None) -> None:
    """Flags that are due with their case move with it; those with a day of their own stay."""
    moving = flags.c.case_id == case_id, flags.c.has_own_due_day.is_(False)
    transaction.execute(update(flags).where(*moving).values(due_on=due_on or NEVER, version=flags.c.version + 1))
    for row in transaction.execute(select(flags).where(*moving, flags.c.status.in_(ACTIVE))).all():
        tell_of_flag(transaction, ports, "flag.changed", row)
