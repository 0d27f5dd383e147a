"""What a rule looks at: a case's documents and the forms gathered from them, as immutable values.

Place in the pipeline: built from readings by `services.validator.view`, handed to every rule with `Days`.
Trust level: shapes are ours; everything read from paper is untrusted text. Residual risk: what perception
misread is judged as it was read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from services.validator.requirements.accepted_editions import AcceptedEdition
from services.validator.requirements.checklist import Checklist
from services.validator.requirements.policy import Policy
from services.validator.requirements.schema import Requirement
from wetink.contracts.case_record import CaseDetails
from wetink.contracts.events import ReadingOutcome
from wetink.contracts.judgement import Verdict
from wetink.contracts.reading import PageReading, PageText, SlotReading

CLOSED: frozenset[ReadingOutcome] = frozenset({"locked", "unreadable", "hostile"})
"""Outcomes after which no page of the document will come."""


@dataclass(frozen=True)
class Days:
    """The days that rules compare with: today, and the day of receipt of each document (by document id)."""

    today: date
    received: Mapping[str, date]


@dataclass(frozen=True)
class DocumentView:
    """One announcement of a document: the same `id` announced again comes with a higher `number`.

    `replaces` is the id of the document it corrects. A page that could not be read is in `pages` too, with its
    outcome. `texts_awaited` are the pages (no known form)
    whose text belongs to the review.
    """

    id: str
    number: int
    received_on: date
    outcome: ReadingOutcome
    pages_total: int
    reason: str | None = None
    replaces: str | None = None
    pages: Mapping[int, PageReading] = field(default_factory=dict)
    texts: Mapping[int, PageText] = field(default_factory=dict)
    texts_awaited: frozenset[int] = frozenset()

    @property
    def is_final(self) -> bool:
        """Nothing more will be read of it."""
        is_read = len(self.pages) >= self.pages_total and self.texts_awaited <= self.texts.keys()
        return self.outcome in CLOSED or is_read

    @property
    def is_unreadable(self) -> bool:
        """It is final and no page of it could be read."""
        return self.is_final and not any(page.outcome in ("read", "partial") for page in self.pages.values())


@dataclass(frozen=True)
class SeenPage:
    """A page that says which form it is. `form_page` is null when it does not say which page of it."""

    document: DocumentView
    reading: PageReading
    form: str
    edition: str | None
    form_page: int | None

    @property
    def place(self) -> tuple[int, int]:
        """Where it is: number of the document and of the page in it; what is newer is greater."""
        return self.document.number, self.reading.number


@dataclass(frozen=True)
class SlotView:
    """A place to sign or date on the newest version of its page, with what is required of it."""

    page: SeenPage
    reading: SlotReading
    requirement: Requirement
    verdict: Verdict

    @property
    def place(self) -> str:
        """Where it is in the case: document, page, slot."""
        document, page = self.page.place
        return f"{document}/{page}/{self.reading.id}"


@dataclass(frozen=True)
class FormCopy:
    """One person's one form in the case, page by page in its newest version.

    `pages` is by form page (a page without a number has a key below zero); `form_pages` is null for a form that
    was never learned; `is_bundled` says that one document brought two or more of its pages; `policy` is that of
    the agency it is for. What does not belong to it although it came with it: pages `of_other_edition`,
    `of_other_person`, and `repeated` (once more in the same document). `outdated_by` is what is accepted in place
    of its edition; `is_unassigned` says that it is a single page that may belong to two other copies.
    """

    id: str
    form: str
    edition: str | None
    form_pages: int | None
    pages: Mapping[int, SeenPage]
    is_bundled: bool
    policy: Policy
    slots: tuple[SlotView, ...]
    unlearned: tuple[SeenPage, ...]
    places: frozenset[tuple[int, int]]
    of_other_edition: tuple[SeenPage, ...] = ()
    of_other_person: tuple[SeenPage, ...] = ()
    repeated: tuple[SeenPage, ...] = ()
    outdated_by: AcceptedEdition | None = None
    is_unassigned: bool = False

    @property
    def newest(self) -> SeenPage:
        """The page that came last."""
        return max(self.pages.values(), key=lambda page: page.place)


@dataclass(frozen=True)
class UnreadPage:
    """A page that could not be read; its neighbours may tell which page of which form copy it is."""

    document: DocumentView
    reading: PageReading
    copy: FormCopy | None
    form_page: int | None


@dataclass(frozen=True)
class RepeatedDocument:
    """A document that brings nothing but what the document with the id `of` brought."""

    document: DocumentView
    of: str


@dataclass(frozen=True)
class MisfiledDocument:
    """A document whose forms name nobody of the case; `belongs_to` are the ids of cases that have that person."""

    document: DocumentView
    copies: tuple[FormCopy, ...]
    belongs_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class MarkElsewhere:
    """A signature in another case of the organisation."""

    id: str
    case_id: str
    form: str
    slot_id: str


@dataclass(frozen=True)
class CaseView:
    """A case as rules see it.

    `documents` are those that count, in upload order (replaced ones are gone); `is_settled` says that nothing
    more is expected for now, so that what is missing may be told; `checklist` is that of what is being filed;
    `is_unread_in_doubt` says that what is missing may be in what could not be read;
    `copied_from` has the mark in another case of which the mark in a place here is a copy, by `SlotView.place`.
    """

    details: CaseDetails
    documents: tuple[DocumentView, ...]
    copies: tuple[FormCopy, ...]
    unread_pages: tuple[UnreadPage, ...]
    is_settled: bool
    repeated: tuple[RepeatedDocument, ...] = ()
    misfiled: tuple[MisfiledDocument, ...] = ()
    checklist: Checklist | None = None
    is_unread_in_doubt: bool = True
    copied_from: Mapping[str, MarkElsewhere] = field(default_factory=dict)
