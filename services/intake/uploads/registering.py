"""Entering an upload: document, its number in the case, who sent it and `document.received` in one transaction.

Place in the pipeline: after the files have arrived; the blobs are on the disk before the transaction begins.
Trust level: everything but the file's name and `replaces` is ours by now.
Residual risk: a process killed between the two leaves a blob that nothing names, until the case is deleted.

The same bytes in the same case are one document. If it was superseded or could not be read it gets a new number
and is announced again; otherwise nothing is done.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from services.intake.access import CaseRow, was_sent_by
from services.intake.answers import DocumentAnswer, document_answer, seal_filename
from services.intake.case_records import set_completed
from services.intake.idempotency import first_answer, remember
from services.intake.ports import Ports
from services.intake.tables import cases, documents, senders
from services.intake.uploads.receiving import Upload
from wetink.blobs import names
from wetink.blobs.port import BlobRef
from wetink.contracts.events import DocumentReceived
from wetink.errors import CaseDeletedError, RetryError
from wetink.faults import reach
from wetink.http.problems import ProblemError, not_found


@dataclass(frozen=True)
class Sender:
    """Who sends into which case.

    `id` is the access key's or the link's; `access_key_id` the key it counts for; `sees_all` is true for managers.
    """

    id: str
    access_key_id: str
    organisation_id: str
    case_id: str
    sees_all: bool = False
    idempotency_key: str | None = None


def register(ports: Ports, sender: Sender, document_id: str, upload: Upload) -> DocumentAnswer:
    """Keep and enter the upload, or find that it is there already; `document_id` is the one its blobs are under.

    Raises `ProblemError` 404 when the case or what it replaces is not there, 409 for a used Idempotency-Key; then,
    and after a `RetryError`, nothing is left of the upload.
    """
    entering = _Entering(ports, sender, document_id, upload)
    try:
        if _is_needed(ports, sender, upload):
            upload.keep()
        else:
            upload.discard()
        answer = entering.enter()
    except BaseException:
        upload.discard()
        entering.take_back()
        raise
    if answer.id != document_id:
        entering.remove_blobs()  # somebody sent the same bytes at the same moment
    reach("upload.entered")
    ports.wake_relay()
    return answer


@dataclass
class _Entering:
    """The one transaction of an upload, and what undoes its blobs when it fails."""

    ports: Ports
    sender: Sender
    document_id: str
    upload: Upload
    has_begun: bool = False

    def enter(self) -> DocumentAnswer:
        try:
            return self._enter()
        except IntegrityError:
            # The same Idempotency-Key at the same moment in two cases: now the other one is there to be seen.
            return self._enter()

    def take_back(self) -> None:
        """Remove the blobs unless the document may have been entered all the same."""
        with suppress(RetryError, CaseDeletedError):
            if not (self.has_begun and self._is_entered()):
                self.remove_blobs()

    def remove_blobs(self) -> None:
        for number in range(1, len(self.upload.names) + 1):
            name = names.original(self.document_id, number)
            self.ports.blobs.delete(BlobRef(self.sender.organisation_id, self.sender.case_id, name))

    def _enter(self) -> DocumentAnswer:
        with self.ports.database.transaction() as transaction:
            self.has_begun = True
            return _enter(transaction, self.ports, self.sender, self.document_id, self.upload)

    def _is_entered(self) -> bool:
        """Behind a lock on the case: a commit whose outcome was not heard (PostgreSQL) has ended by then."""
        with self.ports.database.transaction() as transaction:
            transaction.execute(
                select(cases).where(cases.c.case_id == self.sender.case_id).with_for_update()
            ).first()
            query = select(documents).where(documents.c.document_id == self.document_id)
            return transaction.execute(query).first() is not None


def _is_needed(ports: Ports, sender: Sender, upload: Upload) -> bool:
    """False when the bytes are kept already. A case that was complete is open again for new ones."""
    with ports.database.reading() as connection:
        if _answered(connection, ports, sender, upload) or _same_bytes(connection, sender, upload):
            return False
        case = _case(connection, sender)
        _replaced(connection, sender, upload)
    if case.completed_at is not None:
        set_completed(ports, case, None)
    return True


def _enter(
    transaction: Connection, ports: Ports, sender: Sender, document_id: str, upload: Upload
) -> DocumentAnswer:
    case = _case(transaction, sender, is_locked=True)
    known = _answered(transaction, ports, sender, upload)
    if known is not None:
        return known
    replaced = _replaced(transaction, sender, upload)
    first = _same_bytes(transaction, sender, upload)
    if first is None:
        if not upload.is_kept:
            raise RetryError("the same bytes, which were there already, are just being taken out")
        row = _insert(transaction, ports, case, document_id=document_id, upload=upload, replaced=replaced)
    else:
        row = announce_again(transaction, ports, first, replaced)
    add_senders(transaction, {sender.id, sender.access_key_id}, row.document_id)
    answer = document_answer(ports, row, duplicate_of=first.document_id if first else None)
    remember(
        transaction,
        ports,
        sender_id=sender.id,
        key=sender.idempotency_key,
        organisation_id=sender.organisation_id,
        case_id=sender.case_id,
        fingerprint=_fingerprint(sender, upload),
        answer=answer.model_dump(mode="json"),
    )
    return answer


def _insert(  # noqa: PLR0913 - the parts of a document's row
    transaction: Connection,
    ports: Ports,
    case: CaseRow,
    *,
    document_id: str,
    upload: Upload,
    replaced: str | None,
) -> Row[Any]:
    received_at = upload.received_at or ports.clock.now()
    transaction.execute(
        insert(documents).values(
            document_id=document_id,
            case_id=case.case_id,
            organisation_id=case.organisation_id,
            number=next_number(transaction, case.case_id),
            files=len(upload.names),
            sealed_filename=seal_filename(ports, case, document_id, upload.names[0]),
            size_bytes=upload.size_bytes,
            sha256=upload.sha256,
            received_at=received_at,
            replaces_document_id=replaced,
            status="received",
        )
    )
    return _announce(transaction, ports, document_id, received_at, replaced)


def announce_again(
    transaction: Connection, ports: Ports, first: Row[Any], replaced: str | None = None
) -> Row[Any]:
    """Announce the document under a new number when that changes something."""
    if not first.is_superseded and first.status != "unreadable":
        return first
    transaction.execute(
        update(documents)
        .where(documents.c.document_id == first.document_id)
        .values(
            number=next_number(transaction, first.case_id),
            status="received",
            is_superseded=False,
            pages_total=None,
            pages_read=0,
        )
    )
    replaced = replaced or _successor(transaction, first)
    return _announce(transaction, ports, first.document_id, ports.clock.now(), replaced)


def _announce(
    transaction: Connection, ports: Ports, document_id: str, received_at: datetime, replaced: str | None
) -> Row[Any]:
    row = transaction.execute(select(documents).where(documents.c.document_id == document_id)).one()
    if replaced is not None:
        transaction.execute(
            update(documents).where(documents.c.document_id == replaced).values(is_superseded=True)
        )
    organisation = ports.keystore.organisation(row.organisation_id)
    time_zone = ZoneInfo(organisation.time_zone if organisation else "UTC")
    event = DocumentReceived(
        organisation_id=row.organisation_id,
        case_id=row.case_id,
        occurred_at=ports.clock.now(),
        document_id=document_id,
        document_number=row.number,
        blob=names.original(document_id),
        parts=[names.original(document_id, number) for number in range(2, row.files + 1)],
        size_bytes=row.size_bytes,
        received_on=received_at.astimezone(time_zone).date().isoformat(),
        replaces_document_id=replaced,
    )
    ports.announce(transaction, [event])
    return row


def next_number(transaction: Connection, case_id: str) -> int:
    """The next number for a document of the case."""
    statement = (
        update(cases)
        .where(cases.c.case_id == case_id)
        .values(last_number=cases.c.last_number + 1)
        .returning(cases.c.last_number)
    )
    return int(transaction.execute(statement).scalar_one())


def _case(connection: Connection, sender: Sender, *, is_locked: bool = False) -> CaseRow:
    """The case's row; locked, uploads to one case wait for one another (PostgreSQL; SQLite has one writer)."""
    query = select(cases).where(cases.c.case_id == sender.case_id)
    row = connection.execute(query.with_for_update() if is_locked else query).first()
    if row is None:
        raise not_found("case")
    return row


def _answered(connection: Connection, ports: Ports, sender: Sender, upload: Upload) -> DocumentAnswer | None:
    known = first_answer(connection, ports, sender.id, sender.idempotency_key, _fingerprint(sender, upload))
    return DocumentAnswer.model_validate(known) if known else None


def _fingerprint(sender: Sender, upload: Upload) -> str:
    words = ("document", sender.case_id, upload.sha256, upload.untrusted_replaces, *upload.names)
    return sha256("\x1f".join(map(str, words)).encode()).hexdigest()


def _same_bytes(connection: Connection, sender: Sender, upload: Upload) -> Row[Any] | None:
    query = select(documents).where(documents.c.case_id == sender.case_id, documents.c.sha256 == upload.sha256)
    return connection.execute(query).first()


def _replaced(connection: Connection, sender: Sender, upload: Upload) -> str | None:
    """The document that the upload says it corrects."""
    if upload.untrusted_replaces is None:
        return None
    query = select(documents.c.document_id).where(
        documents.c.document_id == upload.untrusted_replaces, documents.c.case_id == sender.case_id
    )
    if not sender.sees_all:
        query = query.where(was_sent_by(sender.id))
    replaced = connection.execute(query).scalar()
    if replaced is None:
        raise ProblemError(
            404,
            "`replaces` names no document",
            "It must be the id of a document of this case. Leave it out if unsure.",
        )
    return str(replaced)


def _successor(transaction: Connection, document: Row[Any]) -> str | None:
    """The current document that replaced this one by its word."""
    query = (
        select(documents.c.document_id)
        .where(
            documents.c.replaces_document_id == document.document_id,
            documents.c.is_superseded.is_(False),
        )
        .order_by(documents.c.number.desc())
    )
    return transaction.execute(query).scalars().first()


def add_senders(transaction: Connection, sender_ids: Iterable[str], document_id: str) -> None:
    """These keys and links sent the document, too."""
    for sender_id in sorted(sender_ids):
        query = select(senders).where(senders.c.document_id == document_id, senders.c.sender_id == sender_id)
        if transaction.execute(query).first() is None:
            transaction.execute(insert(senders).values(document_id=document_id, sender_id=sender_id))
