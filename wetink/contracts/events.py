"""Events: past-tense facts that travel through Kafka, one type per topic.

Place in the pipeline: between all services. Trust level: written by our own services, validated on arrival;
ids and codes only, never client data (a test plants canaries). Residual risk: ids tell that two events belong
to one case.

Every event has a `version`: readers accept all versions up to their own; a field may be added with a default,
never renamed or given another meaning.
"""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from wetink.ids import consequence_id

Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
BlobName = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9_./-]+$")]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,63}$")]
PageNumber = Annotated[int, Field(ge=1, le=100_000)]
ReadingOutcome = Literal["read", "partial", "locked", "unreadable", "hostile"]
"""How reading a document or page ended; out of memory or time alone is `unreadable`."""
READABLE: frozenset[ReadingOutcome] = frozenset({"read", "partial"})
"""Outcomes with something to judge. What ended otherwise may still be read, when a dead letter is replayed: that
is another fact, so its event has another id, and who has heard of a reading does not go back behind it."""
DocumentStatus = Literal["received", "reading", "reviewed", "unreadable"]


class Event(BaseModel):
    """What every event carries.

    `organisation_id` and `case_id` say whose it is; `occurred_at` (UTC) when it was decided.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    topic: ClassVar[str]
    """The one topic that carries this type."""

    version: int = 1
    organisation_id: Id
    case_id: Id
    occurred_at: datetime

    @property
    def key(self) -> str:
        """Kafka key: events with the same key stay in order."""
        return self.case_id

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes this event the one it is; the same identity sent twice is the same event."""
        raise NotImplementedError

    @property
    def id(self) -> str:
        """Deterministic id: topic and identity, so that a repeated cause repeats the id."""
        return self.id_of(*self.identity)

    @classmethod
    def id_of(cls, *identity: object) -> str:
        """The id of the event that has this identity, for who knows only that."""
        return consequence_id((cls.topic, *identity))


def _ended(identity: tuple[object, ...], outcome: ReadingOutcome) -> tuple[object, ...]:
    return identity if outcome in READABLE else (*identity, outcome)


class DocumentEvent(Event):
    """An event about one document. `document_number` is the upload's number in its case: it orders versions."""

    document_id: Id
    document_number: int = Field(ge=1)


class PageEvent(DocumentEvent):
    """An event about one page of a document; `page_number` counts from 1 in the document."""

    page_number: PageNumber

    @property
    def identity(self) -> tuple[object, ...]:
        """Case, document, its number in the case (a document announced again has a new one) and page."""
        return (self.case_id, self.document_id, self.document_number, self.page_number)


class CaseChanged(Event):
    """The case's record has a new version, to be found in `record_blob` (a `CaseRecord`)."""

    topic: ClassVar[str] = "case.changed"
    case_version: int = Field(ge=1)
    record_blob: BlobName

    @property
    def identity(self) -> tuple[object, ...]:
        """Case and version of its record."""
        return (self.case_id, self.case_version)


class CaseDeleted(Event):
    """The case's key is destroyed; every service forgets the case."""

    topic: ClassVar[str] = "case.deleted"

    @property
    def identity(self) -> tuple[object, ...]:
        """The case: it is deleted once."""
        return (self.case_id,)


class CaseForgotten(Event):
    """A service has forgotten a deleted case; the deletion is done when all have said so."""

    topic: ClassVar[str] = "case.forgotten"
    service: Code

    @property
    def identity(self) -> tuple[object, ...]:
        """Case and service."""
        return (self.case_id, self.service)


class DocumentReceived(DocumentEvent):
    """A client's file is safely stored in `blob`. `received_on` is the day in the organisation's time zone."""

    topic: ClassVar[str] = "document.received"
    blob: BlobName
    parts: list[BlobName] = Field(default_factory=list, max_length=1_000)
    """Further files of the same upload, in order: one document, pages in their order."""
    size_bytes: int = Field(ge=0)
    received_on: str = Field(pattern=r"^\d{4}-\d\d-\d\d$")
    replaces_document_id: Id | None = None
    is_reread: bool = False
    """True when pages that were read shall be read again, for what is known of forms has grown since."""

    @property
    def identity(self) -> tuple[object, ...]:
        """Case, document and its number: current again means a new number."""
        return (self.case_id, self.document_id, self.document_number)


class DocumentCutRequested(DocumentEvent):
    """The rest of a long document is to be cut into pages, from `first_page` on."""

    topic: ClassVar[str] = "document.cut_requested"
    first_page: PageNumber

    @property
    def key(self) -> str:
        """By document: a long one is cut in order."""
        return self.document_id

    @property
    def identity(self) -> tuple[object, ...]:
        """Document, number and where the cutting goes on."""
        return (self.case_id, self.document_id, self.document_number, self.first_page)


class DocumentOpened(DocumentEvent):
    """The document was opened in the sandbox: how that ended and how many pages it has (0 when none).

    `received_on` and `replaces_document_id` are handed on from `document.received`.
    """

    topic: ClassVar[str] = "document.opened"
    outcome: ReadingOutcome
    reason: Code | None = None
    pages_total: int = Field(ge=0, le=100_000)
    received_on: str = Field(pattern=r"^\d{4}-\d\d-\d\d$")
    replaces_document_id: Id | None = None

    @property
    def identity(self) -> tuple[object, ...]:
        """Case, document and its number, and how it ended when nothing can be read."""
        return _ended((self.case_id, self.document_id, self.document_number), self.outcome)


class PageRequested(PageEvent):
    """One page, cut out into a blob of its own, waits to be read."""

    topic: ClassVar[str] = "page.requested"
    page_blob: BlobName

    @property
    def key(self) -> str:
        """By page: the pages of one document spread over all workers."""
        return f"{self.document_id}-{self.page_number}"


class TextRequested(PageEvent):
    """The full text and the picture for people of one page are wanted, on the slow lane."""

    topic: ClassVar[str] = "text.requested"
    page_blob: BlobName

    @property
    def key(self) -> str:
        """By page."""
        return f"{self.document_id}-{self.page_number}"


class PageRead(PageEvent):
    """A page was read (or given up): its `PageReading` is in `reading_blob`, null when there is none."""

    topic: ClassVar[str] = "page.read"
    outcome: ReadingOutcome
    reason: Code | None = None
    reading_blob: BlobName | None = None
    is_text_awaited: bool = False
    """True for a page that is no known form: the review of the document waits for its `text.read`."""
    is_reread: bool = False
    """True when the page had ended before, unreadable, under the same number: it counts as one page."""

    @property
    def identity(self) -> tuple[object, ...]:
        """That of the page, and how it ended when it was not read."""
        return _ended(super().identity, self.outcome)


class TextRead(PageEvent):
    """The page's full text (`PageText`) is in `text_blob`, null when it could not be had."""

    topic: ClassVar[str] = "text.read"
    outcome: ReadingOutcome
    reason: Code | None = None
    text_blob: BlobName | None = None

    @property
    def identity(self) -> tuple[object, ...]:
        """That of the page, and how it ended when there is no text."""
        return _ended(super().identity, self.outcome)


class DocumentState(BaseModel):
    """Where one document of a judged case stands; `codes` are those of its findings."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    document_id: Id
    document_number: int = Field(ge=1)
    status: DocumentStatus
    codes: list[Code] = Field(default_factory=list)
    pages_total: int = Field(default=0, ge=0)
    is_superseded: bool = False
    """A later document corrects all that this one says: the same bytes sent again make it current again."""


class DocumentReviewed(Event):
    """The case was judged: the `Judgement` is in `judgement_blob`. `case_revision` only grows.

    `documents` are all documents of the case with their state in this revision.
    """

    topic: ClassVar[str] = "document.reviewed"
    case_revision: int = Field(ge=1)
    case_version: int = Field(default=0, ge=0)
    """The version of the case's record that it was judged by."""
    judgement_blob: BlobName
    documents: list[DocumentState]

    @property
    def identity(self) -> tuple[object, ...]:
        """Case and revision."""
        return (self.case_id, self.case_revision)


class DocumentFlagged(Event):
    """The flags of this revision are in the queue; only now may a document's final status be shown."""

    topic: ClassVar[str] = "document.flagged"
    case_revision: int = Field(ge=1)
    case_version: int = Field(default=0, ge=0)
    """The version of the case's record that it was judged by."""
    documents: list[DocumentState]

    @property
    def identity(self) -> tuple[object, ...]:
        """Case and revision."""
        return (self.case_id, self.case_revision)


EVENT_TYPES: tuple[type[Event], ...] = (
    CaseChanged,
    CaseDeleted,
    CaseForgotten,
    DocumentReceived,
    DocumentCutRequested,
    DocumentOpened,
    PageRequested,
    TextRequested,
    PageRead,
    TextRead,
    DocumentReviewed,
    DocumentFlagged,
)
