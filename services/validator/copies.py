"""Gathers the pages of a case into form copies: one person's one form, page by page in its newest version.

Place in the pipeline: a pure function of the documents, so the order in which pages were read cannot matter;
the document's number alone says what is newer.
Trust level: identities come from perception. Residual risk: two people's copies of one form whose names cannot
be read and that come in different documents count as versions of one (see docs/decisions/08).

Words: a *block* is a stretch of ascending form pages in a document; a *run* is one copy inside one document.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from services.validator.case_view import DocumentView, SeenPage
from services.validator.persons import Person, is_same_person, person_of


@dataclass
class Run:
    """The pages of one copy that one document brings, by form page (below zero when it has no number)."""

    form: str
    ordinal: int
    pages: dict[int, SeenPage] = field(default_factory=dict)
    person: Person = field(default_factory=Person)

    @property
    def is_whole(self) -> bool:
        """Every page that the catalogue knows is there."""
        total = max(page.reading.form_pages or 0 for page in self.pages.values())
        return total > 0 and all(number in self.pages for number in range(1, total + 1))

    def add(self, block: dict[int, SeenPage]) -> None:
        """Take a block in."""
        self.pages.update(block)
        self.person = self.person.with_more(_person(block))


@dataclass
class GatheredCopy:
    """A form copy while it is gathered.

    `origins` are the ids of the documents that brought pages of it, `places` those pages (document number, page
    number), also those that were corrected since.
    """

    id: str
    form: str
    person: Person = field(default_factory=Person)
    pages: dict[int, SeenPage] = field(default_factory=dict)
    origins: set[str] = field(default_factory=set)
    places: set[tuple[int, int]] = field(default_factory=set)
    is_bundled: bool = False

    def take(self, document: DocumentView, run: Run, *, is_current: bool) -> None:
        """Let a run correct this copy: a whole form takes the place of everything, single pages of their own."""
        self.person = run.person.with_more(self.person)
        self.origins.add(document.id)
        self.places.update(page.place for page in run.pages.values())
        if is_current:
            self.is_bundled = (self.is_bundled and not run.is_whole) or len(run.pages) > 1
            self.pages = dict(run.pages) if run.is_whole else self.pages | run.pages


def gather(documents: Sequence[DocumentView], current: Iterable[DocumentView]) -> list[GatheredCopy]:
    """The form copies of `documents` (all announcements), with pages of the `current` ones only.

    Replaced documents keep their part in the names, so that a copy's id never changes when one is replaced.
    """
    counting = {document.number for document in current}
    copies: list[GatheredCopy] = []
    for document in sorted(documents, key=lambda document: document.number):
        runs = runs_of(document)
        for form in dict.fromkeys(run.form for run in runs):
            _assign(document, [run for run in runs if run.form == form], copies, document.number in counting)
    return [copy for copy in copies if copy.pages]


def runs_of(document: DocumentView) -> list[Run]:
    """The copies inside one document; of a document that is not wholly read those that are whole and certain."""
    if document.is_final:
        return _runs(seen_pages(document))
    read = _prefix(document)
    runs = _runs(read[: _settled(read)])
    return [run for run in runs if run.is_whole]


def seen_pages(document: DocumentView) -> list[SeenPage]:
    """The pages that say which form they are, in their order."""
    return [page for number in sorted(document.pages) if (page := seen_page(document, number))]


def seen_page(document: DocumentView, number: int) -> SeenPage | None:
    """Which form page `number` of the document is, by its reading or else by its text; None when neither says."""
    reading = document.pages.get(number)
    named = reading if reading and reading.form else document.texts.get(number)
    if not reading or not named or not named.form:
        return None
    return SeenPage(document, reading, named.form, named.edition, named.form_page)


def _prefix(document: DocumentView) -> list[SeenPage]:
    pages = []
    for number in range(1, len(document.pages) + 1):
        if number not in document.pages:
            break
        if page := seen_page(document, number):
            pages.append(page)
    return pages


def _settled(pages: list[SeenPage]) -> int:
    """How many of the first pages no later page can change: up to the last page that ends a form."""
    ends = [
        place
        for place, page in enumerate(pages, 1)
        if page.form_page and page.form_page == page.reading.form_pages
    ]
    return ends[-1] if ends else 0


def _runs(pages: list[SeenPage]) -> list[Run]:
    runs: list[Run] = []
    for form in dict.fromkeys(page.form for page in pages):
        of_form: list[Run] = []
        for block in _blocks([page for page in pages if page.form == form]):
            if not of_form or not _continues(of_form[-1], block):
                of_form.append(Run(form, len(of_form) + 1))
            of_form[-1].add(block)
        runs += of_form
    return runs


def _blocks(pages: list[SeenPage]) -> list[dict[int, SeenPage]]:
    blocks: list[dict[int, SeenPage]] = []
    last = 0
    for page in pages:
        number = page.form_page or 0
        if not blocks or (number and number <= last):
            blocks.append({})
        blocks[-1][number or -page.reading.number] = page
        last = number or last
    return blocks


def _continues(run: Run, block: dict[int, SeenPage]) -> bool:
    return not run.pages.keys() & block.keys() and is_same_person(run.person, _person(block)) is not False


def _person(block: dict[int, SeenPage]) -> Person:
    return person_of(field for page in block.values() for field in page.reading.fields)


def _assign(document: DocumentView, runs: list[Run], copies: list[GatheredCopy], is_current: bool) -> None:  # noqa: FBT001 - one word of state, passed once
    known = [copy for copy in copies if copy.form == runs[0].form]
    replaced = [copy for copy in known if document.replaces in copy.origins]
    free = replaced or known
    is_one_to_one = len(runs) >= len(free)
    for run in runs:
        copy = _corrected(run, free, is_named=bool(replaced), is_one_to_one=is_one_to_one)
        if copy:
            free = [other for other in free if other is not copy]
        else:
            copy = GatheredCopy(_copy_id(run, document), run.form)
            copies.append(copy)
        copy.take(document, run, is_current=is_current)


def _corrected(run: Run, free: list[GatheredCopy], *, is_named: bool, is_one_to_one: bool) -> GatheredCopy | None:
    """The copy that a run corrects; None when it is a new one, or when it may be either of two."""
    if is_named and len(free) == 1:
        return free[0]
    told = [copy for copy in free if is_same_person(copy.person, run.person)]
    if told:
        return told[0]
    possible = [copy for copy in free if is_same_person(copy.person, run.person) is None]
    return possible[0] if len(possible) == 1 or (possible and is_one_to_one) else None


def _copy_id(run: Run, document: DocumentView) -> str:
    name = f"{run.form.replace(' ', '-')}-{document.number}"
    return name if run.ordinal == 1 else f"{name}-{run.ordinal}"
