"""A validator without Kafka: gives events to its handlers as the stream does, on fakes.

`Validator.take` prepares and handles one event in a transaction, `turn` runs the timer; `judgement` is the latest.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from services.validator.due import DUE_CASES
from services.validator.handlers import HANDLERS
from services.validator.ports import Ports
from services.validator.readings import Readings
from services.validator.requirements import shipped_requirements
from services.validator.tables import metadata
from wetink.blobs import names
from wetink.blobs.fake import FakeBlobs
from wetink.blobs.port import BlobRef
from wetink.clock import FakeClock
from wetink.contracts.case_record import CaseDetails, CaseRecord
from wetink.contracts.events import CaseChanged, DocumentOpened, DocumentReviewed, Event, PageRead, TextRead
from wetink.contracts.judgement import Judgement
from wetink.contracts.reading import PageReading, PageText
from wetink.database.fake import memory_database
from wetink.stream.tables import outbox, stream_metadata

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
_HANDLER = {handler.event_type: handler for handler in HANDLERS}


class Validator:
    """One validator and one case, `case-1` of `org-1`."""

    def __init__(self) -> None:
        self.database = memory_database(metadata, stream_metadata)
        self.blobs = FakeBlobs()
        self.clock = FakeClock(NOW)
        self.reviews: list[DocumentReviewed] = []
        self.ports = Ports(
            database=self.database,
            blobs=self.blobs,
            readings=Readings(self.blobs),
            requirements=shipped_requirements(),
            clock=self.clock,
            quiet_s=300,
            process="validator",
        )

    def prepare(self, event: Event) -> Any:
        """What `prepare` of the event's handler gives."""
        return _HANDLER[type(event)].prepare(event, self.ports)

    def handle(self, event: Event, result: Any) -> None:
        """Handle the event in a transaction."""
        with self.database.transaction() as transaction:
            self._keep(_HANDLER[type(event)].handle(event, result, transaction))

    def take(self, *events: Event) -> None:
        """Prepare and handle each event."""
        for event in events:
            self.handle(event, self.prepare(event))

    def give_up(self, event: Event) -> None:
        """The event became a dead letter."""
        with self.database.transaction() as transaction:
            self._keep(_HANDLER[type(event)].give_up(event, "bug", transaction))

    def turn(self, after_s: float = 0) -> None:
        """Let time pass, then run the timer once."""
        self.clock.moment += timedelta(seconds=after_s)
        DUE_CASES.run(self.ports)
        with self.database.reading() as view:
            announced = [DocumentReviewed.model_validate_json(row.value) for row in view.execute(select(outbox))]
        self._keep([review for review in announced if review not in self.reviews])

    @property
    def judgement(self) -> Judgement:
        """The latest one."""
        return Judgement.model_validate_json(self.blobs.get(_ref(self.reviews[-1].judgement_blob)))

    @property
    def codes(self) -> list[str]:
        """The codes of the latest judgement, sorted; none before the first."""
        return sorted(one.code for one in self.judgement.findings) if self.reviews else []

    def case_changed(
        self,
        version: int = 1,
        completed_at: datetime | None = None,
        withdrawn: Sequence[str] = (),
        time_zone: str = "UTC",
        **details: Any,
    ) -> CaseChanged:
        """The case's record has this version."""
        record = CaseRecord(
            organisation_id="org-1",
            case_id="case-1",
            case_version=version,
            details=CaseDetails.model_validate({"reference": "R-1", **details}),
            time_zone=time_zone,
            opened_at=NOW,
            completed_at=completed_at,
            withdrawn=list(withdrawn),
        )
        name = names.case_record(version)
        self.blobs.put(_ref(name), record.model_dump_json().encode())
        return CaseChanged(**_of_case(), case_version=version, record_blob=name)

    def other_case(self, case_id: str, organisation_id: str = "org-1", **details: Any) -> CaseChanged:
        """Another case has this record."""
        of_case = {"organisation_id": organisation_id, "case_id": case_id}
        known = CaseDetails.model_validate({"reference": case_id, **details})
        record = CaseRecord(**of_case, case_version=1, details=known, opened_at=NOW)
        self.blobs.put(BlobRef(*of_case.values(), "record-1"), record.model_dump_json().encode())
        return CaseChanged(**of_case, occurred_at=NOW, case_version=1, record_blob="record-1")

    def opened(self, number: int, pages_total: int, **changes: Any) -> DocumentOpened:
        """Document `doc-<number>` was opened."""
        values = {"outcome": "read", "pages_total": pages_total, "received_on": str(date(2026, 3, 10))}
        return DocumentOpened(**{**_of_document(number), **values, **changes})

    def read(self, number: int, page_number: int, page: PageReading, **changes: Any) -> PageRead:
        """Page `page_number` of `doc-<number>` was read."""
        name = names.reading(f"doc-{number}", page_number)
        numbered = page.model_copy(update={"number": page_number})
        self.blobs.put(_ref(name), numbered.model_dump_json().encode())
        values = {"page_number": page_number, "outcome": page.outcome, "reading_blob": name}
        return PageRead(**_of_document(number), **{**values, **changes})

    def text(self, number: int, page_number: int, **said: Any) -> TextRead:
        """The text of that page came."""
        name = names.text(f"doc-{number}", page_number)
        text = PageText.model_validate({"number": page_number, "outcome": "read", **said})
        self.blobs.put(_ref(name), text.model_dump_json().encode())
        return TextRead(**_of_document(number), page_number=page_number, outcome=text.outcome, text_blob=name)

    def document(self, number: int, pages: list[PageReading], **changes: Any) -> list[Event]:
        """All events of a document."""
        read = [self.read(number, place, page) for place, page in enumerate(pages, 1)]
        return [self.opened(number, len(pages), **changes), *read]

    def _keep(self, events: Any) -> None:
        self.reviews += events


def _ref(name: str) -> BlobRef:
    return BlobRef("org-1", "case-1", name)


def _of_case() -> dict[str, Any]:
    return {"organisation_id": "org-1", "case_id": "case-1", "occurred_at": NOW}


def _of_document(number: int) -> dict[str, Any]:
    return {**_of_case(), "document_id": f"doc-{number}", "document_number": number}
