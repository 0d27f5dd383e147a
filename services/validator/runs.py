"""Finds the form copies inside one document: stretches of pages that are one person's one form.

Place in the pipeline: the first half of `copies`; a pure function of one document.
Trust level: identities come from perception. Residual risk: two people's forms whose pages are mixed in one
document, and of which few pages name anybody, are told apart by their order alone.

Words: a *block* is a stretch of ascending form pages; a *run* is one copy inside one document.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from services.validator.case_view import DocumentView, SeenPage
from services.validator.household import person_on
from services.validator.persons import Person, likeness
from services.validator.sheets import Sheets, number_of, sort_sheets


@dataclass(frozen=True)
class Run:
    """The pages of one copy that one document brings, in their order in it; `ordinal` counts from 1."""

    form: str
    ordinal: int
    seen: tuple[SeenPage, ...]
    person: Person

    @property
    def sheets(self) -> Sheets:
        """Which of them count."""
        return sort_sheets(self.seen)

    @property
    def is_single(self) -> bool:
        """One page of a form that has more."""
        return len(self.seen) == 1 and (self.seen[0].reading.form_pages or 0) > 1

    @property
    def numbers(self) -> frozenset[int]:
        """Its form pages."""
        return frozenset(map(number_of, self.seen))

    def with_block(self, block: Sequence[SeenPage]) -> "Run":
        """The run after it took a block in."""
        seen = (*self.seen, *block)
        return Run(self.form, self.ordinal, seen, self.person.with_more(person_on(block)))


def runs_of(document: DocumentView) -> list[Run]:
    """The copies inside one document; of a document that is not wholly read those that are whole and certain."""
    if document.is_final:
        return _runs(seen_pages(document))
    read = _prefix(document)
    return [run for run in _runs(read[: _settled(read)]) if run.sheets.is_whole]


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
        of_form = [page for page in pages if page.form == form]
        runs += _runs_of_form(form, _blocks(of_form), _copies_at_hand(of_form))
    return runs


def _runs_of_form(form: str, blocks: list[list[SeenPage]], copies: int) -> list[Run]:
    """Each block goes to the copy it continues, the latest first; with enough copies at hand also as a repeat."""
    runs: list[Run] = []
    for block in blocks:
        open_to = [run for run in reversed(runs) if likeness(run.person, person_on(block)) in ("same", "unknown")]
        numbers = set(map(number_of, block))
        free = [run for run in open_to if not run.numbers & numbers]
        if free or (open_to and len(runs) >= copies):
            run = (free or open_to)[0]
            runs[run.ordinal - 1] = run.with_block(block)
        else:
            runs.append(Run(form, len(runs) + 1, tuple(block), person_on(block)))
    return runs


def _copies_at_hand(pages: Sequence[SeenPage]) -> int:
    """How many copies explain the pages best: the fewest pages missing from a copy or there once too often."""
    times = Counter(page.form_page for page in pages if page.form_page)
    total = max((page.reading.form_pages or page.form_page or 0 for page in pages), default=0)

    def unexplained(copies: int) -> int:
        return sum(abs(times[number] - copies) for number in range(1, total + 1))

    return min(range(1, max(times.values(), default=1) + 1), key=unexplained)


def _blocks(pages: list[SeenPage]) -> list[list[SeenPage]]:
    """Stretches of ascending pages; a page that only interrupts one is a block of its own."""
    blocks: list[list[SeenPage]] = []
    between: list[list[SeenPage]] = []
    last: SeenPage | None = None
    for place, page in enumerate(pages):
        after = pages[place + 1] if place + 1 < len(pages) else None
        if last and after and _interrupts(last, page, after):
            between.append([page])
            continue
        if not blocks or (page.form_page and last and page.form_page <= (last.form_page or 0)):
            blocks += between
            between = []
            blocks.append([])
        blocks[-1].append(page)
        last = page if page.form_page else last
    return blocks + between


def _interrupts(last: SeenPage, page: SeenPage, after: SeenPage) -> bool:
    """Whether the form goes on behind the page as if it were not there: once more, or of another edition."""
    before, number, then = (one.form_page or 0 for one in (last, page, after))
    if not before or not number or number > before:
        return False
    is_stranger = last.edition == after.edition != page.edition
    return then == before + 1 or (is_stranger and then > before)
