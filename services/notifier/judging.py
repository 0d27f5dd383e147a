"""A judgement becomes flags: insert what is new, keep what stays, resolve what is gone.

Place in the pipeline: answers `document.reviewed` of the validator; what is committed here is in the queue, and
`document.flagged` says so to intake.
Trust level: the judgement is our own, its texts quote paper and are sealed. A judgement handled twice changes no
row, an older one than the last is ignored.
Residual risk: a judgement that cannot be read leaves one flag that says so instead of its findings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Row, delete, select, update

from services.notifier.cases import known_case, read_record, take_record, tell_of_flag, tell_whether_clear
from services.notifier.checklists import take_checklist
from services.notifier.feed import News, NewsType, tell
from services.notifier.flags import after_finding, finding_of, flag_id_of
from services.notifier.ports import Ports
from services.notifier.tables import NEVER, cases, documents, flags
from wetink.blobs.port import BlobRef
from wetink.contracts.case_record import CaseRecord
from wetink.contracts.events import DocumentFlagged, DocumentReviewed, DocumentState, Event
from wetink.contracts.judgement import SEVERITIES, Finding, Judgement, Rule
from wetink.errors import CaseDeletedError, PoisonError
from wetink.logs import Log
from wetink.sealing import CaseSeal
from wetink.stream.handler import Handler

_log = Log("notifier.judging")
RESOLVED_BY_REVIEW = "wetink"
"""`resolved_by` of a flag whose finding is gone."""
_FINAL: dict[str, NewsType] = {"reviewed": "document.reviewed", "unreadable": "document.unreadable"}


@dataclass(frozen=True)
class Judged:
    """A judgement ready to be applied; `record` is the case's record it was judged by, None when that is lost."""

    judgement: Judgement
    record: CaseRecord | None
    seal: CaseSeal


def judging_handler(ports: Ports) -> Handler[DocumentReviewed, Ports, Judged]:
    """The handler of `document.reviewed`."""

    def handle(event: DocumentReviewed, judged: Judged, transaction: Connection) -> Sequence[Event]:
        return apply(event, judged, transaction, ports)

    def give_up(event: DocumentReviewed, _reason: str, transaction: Connection) -> Sequence[Event]:
        return apply_unread(event, transaction, ports)

    return Handler(DocumentReviewed, prepare, handle, give_up)


def prepare(event: DocumentReviewed, ports: Ports) -> Judged:
    """Read judgement, record and key; raises `PoisonError` when the judgement is none or another case's."""
    seal = ports.seal_of(event.organisation_id, event.case_id)
    content = ports.blobs.get(BlobRef(event.organisation_id, event.case_id, event.judgement_blob))
    try:
        judgement = Judgement.model_validate_json(content)
    except ValidationError:
        raise PoisonError("judgement_malformed") from None
    told = (event.organisation_id, event.case_id, event.case_revision)
    if (judgement.organisation_id, judgement.case_id, judgement.case_revision) != told:
        raise PoisonError("judgement_of_another_case")
    return Judged(judgement, _record(judgement, ports), seal)


def _record(judgement: Judgement, ports: Ports) -> CaseRecord | None:
    """Read with each judgement, which may come before `case.changed`: it tells whether the case is protected."""
    if judgement.record_blob is None:
        return None
    ref = BlobRef(judgement.organisation_id, judgement.case_id, judgement.record_blob)
    try:
        return read_record(ports, ref)
    except PoisonError as error:
        _log.error("record_lost", case_id=judgement.case_id, error=error)
        return None


def apply(event: DocumentReviewed, judged: Judged, transaction: Connection, ports: Ports) -> Sequence[Event]:
    """Turn the judgement into flags; returns `document.flagged`, or nothing for an older revision."""
    judgement = judged.judgement
    case = known_case(transaction, event.organisation_id, event.case_id)
    if case.deleted_at is not None or event.case_revision <= case.case_revision:
        return []
    if judged.record:
        take_record(transaction, ports, judged.seal, judged.record)
    _note_revision(transaction, event, len(judgement.documents), judgement.documents_in_flight)
    take_checklist(transaction, judged.seal, judgement)
    case_flags = CaseFlags(transaction, ports, judged.seal, event.organisation_id, event.case_id)
    case_flags.see(judgement.findings)
    case_flags.resolve_all_but(judgement.findings)
    _note_documents(transaction, ports, event, judgement.documents)
    tell_whether_clear(transaction, ports, event.case_id)
    return [_flagged(event, judgement.documents, ports)]


def apply_unread(event: DocumentReviewed, transaction: Connection, ports: Ports) -> Sequence[Event]:
    """The judgement cannot be read: every flag stays, one more says so, and the documents end all the same."""
    case = known_case(transaction, event.organisation_id, event.case_id)
    try:
        seal = ports.seal_of(event.organisation_id, event.case_id)
    except CaseDeletedError:
        return []
    if case.deleted_at is not None or event.case_revision <= case.case_revision:
        return []
    in_flight = sum(document.status not in _FINAL for document in event.documents)
    _note_revision(transaction, event, len(event.documents), in_flight)
    case_flags = CaseFlags(transaction, ports, seal, event.organisation_id, event.case_id)
    case_flags.see([_unread_finding(event, ports)])
    _note_documents(transaction, ports, event, event.documents)
    tell_whether_clear(transaction, ports, event.case_id)
    return [_flagged(event, event.documents, ports)]


class CaseFlags:
    """The flags of one case inside one transaction."""

    def __init__(
        self, transaction: Connection, ports: Ports, seal: CaseSeal, organisation_id: str, case_id: str
    ) -> None:
        self._transaction = transaction
        self._ports = ports
        self._seal = seal
        self._organisation_id = organisation_id
        self._case_id = case_id
        rows = transaction.execute(select(flags).where(flags.c.case_id == case_id)).all()
        self._known = {row.identity: row for row in rows}
        due_on = select(cases.c.due_on).where(cases.c.case_id == case_id)
        self._case_due_on = transaction.execute(due_on).scalar() or NEVER

    def see(self, findings: Sequence[Finding]) -> None:
        """Insert the flags of new findings and bring the known ones up to date."""
        for identity, finding in {finding.identity(self._case_id): finding for finding in findings}.items():
            row = self._known.get(identity)
            if row is None:
                self._insert(identity, finding)
            else:
                self._update(row, finding)

    def resolve_all_but(self, findings: Sequence[Finding]) -> None:
        """Resolve every flag whose finding is not among `findings`."""
        there = {finding.identity(self._case_id) for finding in findings}
        for identity, row in self._known.items():
            if identity not in there and row.status != "resolved":
                changed = {
                    "status": "resolved",
                    "status_before_resolved": row.status,
                    "resolved_at": self._ports.clock.now(),
                    "resolved_by": RESOLVED_BY_REVIEW,
                    "snoozed_until": None,
                }
                self._write(row, changed, "flag.resolved")

    def _insert(self, identity: str, finding: Finding) -> None:
        flag_id = flag_id_of(identity)
        values = self._shown(flag_id, finding) | {
            "flag_id": flag_id,
            "identity": identity,
            "organisation_id": self._organisation_id,
            "case_id": self._case_id,
            "code": finding.code,
            "status": "open",
            "version": 1,
            "opened_at": self._ports.clock.now(),
        }
        row = self._transaction.execute(flags.insert().values(values).returning(flags)).one()
        tell_of_flag(self._transaction, self._ports, "flag.opened", row)

    def _update(self, row: Row[Any], finding: Finding) -> None:
        status = after_finding(row, finding)
        if status == row.status and finding == finding_of(row, self._seal):
            return
        changed = self._shown(row.flag_id, finding)
        if status != row.status:
            changed |= {"status": status, "resolved_at": None, "resolved_by": None}
        is_opened = status == "open" and row.status != "open"
        if is_opened:
            changed |= {"opened_at": self._ports.clock.now(), "decided_by": None}
        self._write(row, changed, "flag.opened" if is_opened else "flag.changed")

    def _write(self, row: Row[Any], changed: dict[str, Any], news_type: NewsType) -> None:
        change = update(flags).where(flags.c.flag_id == row.flag_id).values(changed | {"version": row.version + 1})
        tell_of_flag(
            self._transaction, self._ports, news_type, self._transaction.execute(change.returning(flags)).one()
        )

    def _shown(self, flag_id: str, finding: Finding) -> dict[str, Any]:
        """The columns that follow from the finding."""
        return {
            "document_id": finding.document_id,
            "document_page": finding.document_page,
            "severity": finding.severity,
            "severity_rank": SEVERITIES.index(finding.severity),
            "due_on": finding.due_on or self._case_due_on,
            "has_own_due_day": finding.due_on is not None,
            "sealed": self._seal.seal(flag_id, finding.model_dump_json()),
        }


def _note_revision(transaction: Connection, event: DocumentReviewed, total: int, in_flight: int) -> None:
    transaction.execute(
        update(cases)
        .where(cases.c.case_id == event.case_id)
        .values(case_revision=event.case_revision, documents_total=total, documents_in_flight=in_flight)
    )


def _note_documents(
    transaction: Connection, ports: Ports, event: DocumentReviewed, states: Sequence[DocumentState]
) -> None:
    """Remember where the documents stand, and tell of those that became final."""
    rows = transaction.execute(select(documents).where(documents.c.case_id == event.case_id)).all()
    known = {row.document_id: (row.document_number, row.status) for row in rows}
    transaction.execute(delete(documents).where(documents.c.case_id == event.case_id))
    for state in states:
        transaction.execute(
            documents.insert().values(
                document_id=state.document_id,
                case_id=event.case_id,
                organisation_id=event.organisation_id,
                document_number=state.document_number,
                status=state.status,
                pages_total=state.pages_total,
            )
        )
        if state.status in _FINAL and known.get(state.document_id) != (state.document_number, state.status):
            news = News(
                _FINAL[state.status],
                event.organisation_id,
                event.case_id,
                event.case_revision,
                document_id=state.document_id,
            )
            tell(transaction, news, queue_url=ports.queue_url, now=ports.clock.now())


def _flagged(event: DocumentReviewed, states: Sequence[DocumentState], ports: Ports) -> DocumentFlagged:
    return DocumentFlagged(
        organisation_id=event.organisation_id,
        case_id=event.case_id,
        occurred_at=ports.clock.now(),
        case_revision=event.case_revision,
        case_version=event.case_version,
        documents=list(states),
    )


def _unread_finding(event: DocumentReviewed, ports: Ports) -> Finding:
    newest = max(event.documents, key=lambda document: document.document_number, default=None)
    return Finding(
        code="document_unreadable",
        severity="high",
        title="The last review of this case could not be shown: look at its documents yourself",
        expected="A review that can be read",
        found="A review that is damaged",
        document_id=newest.document_id if newest else None,
        subject="review",
        rule=Rule(
            id="document_unreadable.review",
            citation="Wetink: nothing that a client sent ends in silence",
            as_of=ports.clock.now().date(),
        ),
    )
