"""One made-up example of every event, for the schemas' readers and their tests.

Place in the pipeline: beside it; read by the AsyncAPI generator. Trust level: our own, no real case behind it.
Residual risk: none.
"""

from datetime import UTC, datetime

from wetink.contracts import events

_NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
_ORGANISATION, _CASE, _DOCUMENT = "org_0a1b", "case_2c3d", "doc_4e5f"
_STATE = events.DocumentState(
    document_id=_DOCUMENT, document_number=1, status="reviewed", codes=["signature_missing"]
)

EXAMPLES: tuple[events.Event, ...] = (
    events.CaseChanged(
        organisation_id=_ORGANISATION,
        case_id=_CASE,
        occurred_at=_NOON,
        case_version=3,
        record_blob=f"{_CASE}/record-3",
    ),
    events.CaseDeleted(organisation_id=_ORGANISATION, case_id=_CASE, occurred_at=_NOON),
    events.CaseForgotten(organisation_id=_ORGANISATION, case_id=_CASE, occurred_at=_NOON, service="ocr"),
    events.DocumentReceived(
        organisation_id=_ORGANISATION,
        case_id=_CASE,
        occurred_at=_NOON,
        document_id=_DOCUMENT,
        document_number=1,
        blob=f"{_CASE}/{_DOCUMENT}/original",
        size_bytes=481_516,
        received_on="2026-11-24",
    ),
    events.DocumentCutRequested(
        organisation_id=_ORGANISATION,
        case_id=_CASE,
        occurred_at=_NOON,
        document_id=_DOCUMENT,
        document_number=1,
        first_page=9,
    ),
    events.DocumentOpened(
        organisation_id=_ORGANISATION,
        case_id=_CASE,
        occurred_at=_NOON,
        document_id=_DOCUMENT,
        document_number=1,
        outcome="read",
        pages_total=7,
        received_on="2026-11-24",
    ),
    events.PageRequested(
        organisation_id=_ORGANISATION,
        case_id=_CASE,
        occurred_at=_NOON,
        document_id=_DOCUMENT,
        document_number=1,
        page_number=4,
        page_blob=f"{_CASE}/{_DOCUMENT}/page-4",
    ),
    events.TextRequested(
        organisation_id=_ORGANISATION,
        case_id=_CASE,
        occurred_at=_NOON,
        document_id=_DOCUMENT,
        document_number=1,
        page_number=4,
        page_blob=f"{_CASE}/{_DOCUMENT}/page-4",
    ),
    events.PageRead(
        organisation_id=_ORGANISATION,
        case_id=_CASE,
        occurred_at=_NOON,
        document_id=_DOCUMENT,
        document_number=1,
        page_number=4,
        outcome="read",
        reading_blob=f"{_CASE}/{_DOCUMENT}/reading-4",
    ),
    events.TextRead(
        organisation_id=_ORGANISATION,
        case_id=_CASE,
        occurred_at=_NOON,
        document_id=_DOCUMENT,
        document_number=1,
        page_number=4,
        outcome="unreadable",
        reason="text_time_limit",
    ),
    events.DocumentReviewed(
        organisation_id=_ORGANISATION,
        case_id=_CASE,
        occurred_at=_NOON,
        case_revision=5,
        judgement_blob=f"{_CASE}/judgement-5",
        documents=[_STATE],
    ),
    events.DocumentFlagged(
        organisation_id=_ORGANISATION,
        case_id=_CASE,
        occurred_at=_NOON,
        case_revision=5,
        documents=[_STATE],
    ),
)
