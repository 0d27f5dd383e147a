"""Asking for documents to be read again: a form that was not known is learned, or the reading has become better.

Place in the pipeline: behind `wetink reread`. A document that is read again gets a new number, as one that is sent
again does; so that it corrects nothing that came after it, all later documents of its case get new numbers too, in
their order, and are announced as they were read.
Trust level: our own rows. Residual risk: a case in which something is being read is left alone; asked again later
it is read.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from services.intake.in_flight import received_id
from services.intake.status import FINAL
from services.intake.tables import cases, documents
from services.intake.uploads.registering import next_number
from wetink.contracts.events import DocumentReceived
from wetink.stream.outbox import announce, announced

_CAUSE = "reread"


def read_again(transaction: Connection, document_ids: Collection[str], process: str, now: datetime) -> list[str]:
    """Announce these documents so that they are read again; returns the ids of those that will be.

    Documents that are superseded or gone, and those of a case that is not at rest, are left out.
    """
    wanted = select(documents.c.case_id).where(documents.c.document_id.in_(document_ids)).distinct()
    asked: list[str] = []
    for case_id in sorted(transaction.scalars(wanted)):
        transaction.execute(select(cases).where(cases.c.case_id == case_id).with_for_update())
        current = documents.c.case_id == case_id, documents.c.is_superseded.is_(False)
        rows = transaction.execute(select(documents).where(*current).order_by(documents.c.number)).all()
        if all(row.status in FINAL for row in rows):
            asked += _announce_from_first(transaction, rows, document_ids, process, now)
    return asked


def _announce_from_first(
    transaction: Connection, rows: Collection[Row[Any]], document_ids: Collection[str], process: str, now: datetime
) -> list[str]:
    """Announce the wanted ones of a case's documents, and what came after the first of them."""
    asked: list[str] = []
    for row in rows:
        is_reread = row.document_id in document_ids
        if is_reread or asked:
            event = _announced_anew(transaction, row, now).model_copy(update={"is_reread": is_reread})
            announce(transaction, [event], cause_id=_CAUSE, process=process, now=now)
        if is_reread:
            asked.append(row.document_id)
    return asked


def _announced_anew(transaction: Connection, row: Row[Any], now: datetime) -> DocumentReceived:
    """What was announced of the document, under a new number; the day it came stays."""
    (told,) = announced(transaction, [received_id(row)])
    number = next_number(transaction, row.case_id)
    ours = update(documents).where(documents.c.document_id == row.document_id)
    transaction.execute(ours.values(number=number, status="received", pages_total=None, pages_read=0))
    before = DocumentReceived.model_validate_json(told.value)
    return before.model_copy(update={"document_number": number, "occurred_at": now})
