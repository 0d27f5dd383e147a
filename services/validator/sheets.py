"""Which of the pages that came for a form copy count: one edition, each page once, the newest.

Place in the pipeline: used by `copies` while it gathers, and for what rules say of pages that do not belong.
Trust level: identities come from perception. Residual risk: of a form that is half one edition and half another,
the newer edition is taken for the right one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.validator.case_view import SeenPage


@dataclass(frozen=True)
class Sheets:
    """The pages of one copy, sorted.

    `pages` are those that count, by form page (below zero when it has no number); `of_other_edition` do not belong
    to `edition`; `repeated` are those that came twice in one document.
    """

    edition: str | None
    form_pages: int | None
    pages: Mapping[int, SeenPage]
    of_other_edition: tuple[SeenPage, ...] = ()
    repeated: tuple[SeenPage, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Every page that the catalogue knows is there."""
        return bool(self.form_pages) and all(n in self.pages for n in range(1, (self.form_pages or 0) + 1))


def number_of(page: SeenPage) -> int:
    """The form page, or minus the page in the document when the form page is not known."""
    return page.form_page or -page.reading.number


def sort_sheets(seen: Sequence[SeenPage]) -> Sheets:
    """The pages of one copy in any order, sorted."""
    edition = _edition(seen)
    belonging = [page for page in seen if page.edition in (edition, None)]
    strangers = _newest(page for page in seen if page.edition not in (edition, None))
    pages = _newest(belonging)
    form_pages = max((page.reading.form_pages or 0 for page in belonging), default=0) or None
    others = [page for page in strangers.values() if _is_in_the_way(page, pages, form_pages)]
    return Sheets(edition, form_pages, pages, tuple(others), tuple(_repeated(belonging, pages)))


def _edition(seen: Sequence[SeenPage]) -> str | None:
    """The edition of most of the newest pages; of two the one that was learned, then the newer one."""
    times = Counter(page.edition for page in _newest(seen).values() if page.edition)
    learned = {page.edition for page in seen if page.reading.is_learned}
    return max(times, key=lambda edition: (times[edition], edition in learned, edition), default=None)


def _newest(seen: Iterable[SeenPage]) -> dict[int, SeenPage]:
    in_order = sorted(seen, key=lambda page: page.place)
    newest = {number_of(page): page for page in in_order}
    return dict(sorted(newest.items()))


def _is_in_the_way(page: SeenPage, pages: Mapping[int, SeenPage], form_pages: int | None) -> bool:
    """Whether it would be filed: no later document brought the right page, or the form in its right edition."""
    right = pages.get(number_of(page))
    if right:
        return page.document.number >= right.document.number
    is_beyond = number_of(page) > (form_pages or number_of(page))
    return not is_beyond or page.document.number >= min(right.document.number for right in pages.values())


def _repeated(belonging: Iterable[SeenPage], pages: Mapping[int, SeenPage]) -> list[SeenPage]:
    """The page that counts, where its document has the same page once more."""
    places = {number: page.place for number, page in pages.items()}
    twice = {
        number_of(page)
        for page in belonging
        if page.form_page and page.place < places[page.form_page] and page.place[0] == places[page.form_page][0]
    }
    return [pages[number] for number in sorted(twice)]
