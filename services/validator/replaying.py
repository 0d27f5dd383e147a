"""What would change? Judges stored readings again and compares with what each case was told last.

Place in the pipeline: beside it, for `wetink rules replay`: changed rules, requirements or catalogue are tried on
past cases before they go live. No file is opened, nothing is written.
Trust level: our own rows and blobs. Residual risk: days count too, so a date that has become stale since the last
judgement is a difference as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, select

from services.validator.judging import judge_rows
from services.validator.ports import Ports
from services.validator.state import CaseRow, read_all, read_case
from services.validator.tables import cases
from wetink.blobs.port import BlobNotFoundError, BlobRef
from wetink.contracts.events import DocumentReviewed
from wetink.contracts.judgement import Finding, Judgement
from wetink.stream.tables import outbox


@dataclass(frozen=True)
class Difference:
    """A finding of one case that would be new, or gone; ids and codes alone."""

    case_id: str
    change: Literal["new", "gone"]
    code: str
    severity: str
    form: str | None
    form_page: int | None
    slot: str | None


@dataclass(frozen=True)
class Replayed:
    """One case: how many findings it had, and what would differ."""

    case_id: str
    findings: int
    differences: tuple[Difference, ...]


def replay(ports: Ports) -> Iterator[Replayed]:
    """Every case that was judged, one after the other."""
    with ports.database.reading() as connection:
        wanted = select(cases.c.case_id, cases.c.organisation_id).where(cases.c.is_deleted.is_(False))
        known = connection.execute(wanted.order_by(cases.c.case_id)).all()
    for case_id, organisation_id in known:
        replayed = _replay_case(case_id, organisation_id, ports)
        if replayed:
            yield replayed


def _replay_case(case_id: str, organisation_id: str, ports: Ports) -> Replayed | None:
    """None for a case that was never judged, or whose last judgement is lost."""
    with ports.database.reading() as connection:
        case = read_case(connection, case_id, organisation_id)
        documents, pages = read_all(connection, case_id)
        review = _last_review(connection, case_id)
    if review is None:
        return None
    before = _judgement(case, review, ports)
    now = judge_rows(case, documents, pages, ports)
    if before is None or now is None:
        return None
    return Replayed(case_id, len(before), tuple(_differences(case_id, before, now.findings)))


def _last_review(connection: Connection, case_id: str) -> DocumentReviewed | None:
    of_case = select(outbox.c.value).where(outbox.c.case_id == case_id, outbox.c.topic == DocumentReviewed.topic)
    value = connection.scalar(of_case.order_by(outbox.c.sequence.desc()).limit(1))
    return DocumentReviewed.model_validate_json(value) if value else None


def _judgement(case: CaseRow, review: DocumentReviewed, ports: Ports) -> list[Finding] | None:
    try:
        content = ports.blobs.get(BlobRef(case.organisation_id, case.case_id, review.judgement_blob))
    except BlobNotFoundError:
        return None
    return Judgement.model_validate_json(content).findings


def _differences(case_id: str, before: list[Finding], now: list[Finding]) -> Iterator[Difference]:
    identities = [{finding.identity(case_id): finding for finding in findings} for findings in (before, now)]
    was, would_be = identities
    for finding in (would_be[identity] for identity in would_be if identity not in was):
        yield _difference(case_id, "new", finding)
    for finding in (was[identity] for identity in was if identity not in would_be):
        yield _difference(case_id, "gone", finding)


def _difference(case_id: str, change: Literal["new", "gone"], finding: Finding) -> Difference:
    return Difference(
        case_id, change, finding.code, finding.severity, finding.form, finding.form_page, finding.slot
    )
