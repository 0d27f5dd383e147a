"""Gathers the pages of a case into form copies: one person's one form, page by page in its newest version.

Place in the pipeline: a pure function of the documents, so the order in which pages were read cannot matter;
the document's number alone says what is newer.
Trust level: identities come from perception. Residual risk: forms of two people whose names cannot be read, in a
case whose record names one person alone, count as versions of one (see docs/decisions/25).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from services.validator.case_view import DocumentView, SeenPage
from services.validator.echoes import bears_same_mark, is_echo
from services.validator.household import Household, owner_of, parties_on
from services.validator.persons import Person, likeness
from services.validator.runs import Run, runs_of, seen_pages
from services.validator.sheets import Sheets, number_of, sort_sheets


@dataclass
class GatheredCopy:
    """A form copy while it is gathered.

    `seen` are its pages, newer versions beside older ones; `of_others` single pages of strangers that came in
    their stead. `origins` are the ids of the documents that brought pages of it, `places` those pages (document
    number, page number), also those that were corrected since. `is_unassigned`: a single page that may belong to
    two copies.
    """

    id: str
    form: str
    person: Person = field(default_factory=Person)
    seen: list[SeenPage] = field(default_factory=list)
    of_others: list[SeenPage] = field(default_factory=list)
    origins: set[str] = field(default_factory=set)
    places: set[tuple[int, int]] = field(default_factory=set)
    is_bundled: bool = False
    is_unassigned: bool = False

    @property
    def sheets(self) -> Sheets:
        """Which of its pages count."""
        return sort_sheets(self.seen)

    def take(self, document: DocumentView, run: Run, *, is_current: bool) -> None:
        """Let a run correct this copy: a whole form takes the place of everything, single pages of their own."""
        self.person = run.person.with_more(self.person)
        self.origins.add(document.id)
        self.places.update(page.place for page in run.seen)
        if is_current:
            is_whole = run.sheets.is_whole
            self.is_bundled = (self.is_bundled and not is_whole) or len(run.numbers) > 1
            self.is_unassigned = self.is_unassigned and run.is_single
            self.seen = list(run.seen) if is_whole else [*self.seen, *run.seen]
            self.of_others = [] if is_whole else self.of_others

    def take_from_other(self, run: Run) -> None:
        """A stranger's page came where one of this copy belongs."""
        self.places.update(page.place for page in run.seen)
        self.of_others += run.seen


@dataclass(frozen=True)
class Gathered:
    """The copies of a case, and the documents (by number) that only bring again what an earlier (id) brought."""

    copies: list[GatheredCopy]
    repeats: dict[int, str]


def gather(documents: Sequence[DocumentView], current: Iterable[DocumentView], household: Household) -> Gathered:
    """The form copies of `documents` (all announcements), with pages of the `current` ones only.

    Replaced documents keep their part in the names, so that a copy's id never changes when one is replaced.
    """
    counting = {document.number for document in current}
    gathered = Gathered([], {})
    papers: dict[tuple[str, ...], str] = {}
    for document in sorted(documents, key=lambda document: document.number):
        runs = [replace(run, person=owner_of(run.seen, household)) for run in runs_of(document)]
        is_current = document.number in counting
        repeated = _repeated(document, runs, gathered.copies, papers) if is_current else None
        if repeated:
            gathered.repeats[document.number] = repeated
            continue
        for form in dict.fromkeys(run.form for run in runs):
            of_form = [run for run in runs if run.form == form]
            _Assignment(document, of_form, gathered.copies, household, is_current=is_current).assign()
    copies = [copy for copy in gathered.copies if copy.seen and not _is_settled_since(copy, gathered.copies)]
    return Gathered(copies, gathered.repeats)


class _Assignment:
    """Finds the copies of one form that the runs of one document correct, and makes those that are new."""

    def __init__(
        self,
        document: DocumentView,
        runs: list[Run],
        copies: list[GatheredCopy],
        household: Household,
        *,
        is_current: bool,
    ) -> None:
        self.document, self.runs, self.copies, self.household = document, runs, copies, household
        self.is_current = is_current
        of_form = [copy for copy in copies if copy.form == runs[0].form]
        self.replaced = [copy for copy in of_form if document.replaces in copy.origins]
        self.known = [copy for copy in of_form if not copy.is_unassigned]
        self.free = self.replaced or self.known
        seen = [page for copy in of_form for page in copy.seen] + [page for run in runs for page in run.seen]
        self.parties = parties_on(seen)
        self.is_one_to_one = len(runs) >= len(self.free) and (len(runs) > 1 or not self._may_be_others())

    def assign(self) -> None:
        """Let each run find its copy; pages of strangers come last, for they look for the place they took."""
        foreign = [run for run in self.runs if self._is_foreign(run)]
        for run in self.runs:
            if run not in foreign:
                self._take(run, self._corrected(run))
        for run in foreign:
            host = self._host(run)
            if host and self.is_current:
                host.take_from_other(run)
            elif not host:
                self._take(run, None)

    def _take(self, run: Run, copy: GatheredCopy | None) -> None:
        if copy:
            self.free = [other for other in self.free if other is not copy]
        else:
            copy = GatheredCopy(_copy_id(run, self.document), run.form, is_unassigned=self._is_ambiguous(run))
            self.copies.append(copy)
        copy.take(self.document, run, is_current=self.is_current)

    def _corrected(self, run: Run) -> GatheredCopy | None:
        """The copy that a run corrects; None when it is a new one, or when it may be either of two."""
        if self.replaced and len(self.free) == 1:
            return self.free[0]
        told = [copy for copy in self.free if likeness(copy.person, run.person) == "same"]
        if told:
            return told[0]
        possible = self._possible(run)
        same_paper = [copy for copy in possible if bears_same_mark(run, copy.sheets)]
        if len(same_paper) == 1:
            return same_paper[0]
        lacking = [copy for copy in possible if not copy.sheets.pages.keys() & run.numbers]
        if len(lacking) == 1 and (run.is_single or not self.is_one_to_one):
            return lacking[0]
        if run.is_single:
            return possible[0] if len(possible) == 1 and not self._may_be_others() else None
        return possible[0] if possible and self.is_one_to_one else None

    def _possible(self, run: Run) -> list[GatheredCopy]:
        return [copy for copy in self.free if likeness(copy.person, run.person) == "unknown"]

    def _is_ambiguous(self, run: Run) -> bool:
        """A single page without a copy of its own that may be a page of a copy that is there."""
        return run.is_single and bool(self._possible(run))

    def _may_be_others(self) -> bool:
        """Whether the case names more people who file such a form than there are copies of it."""
        return not self.replaced and bool(self.known) and self.household.filers(self.parties) > len(self.known)

    def _is_foreign(self, run: Run) -> bool:
        """A single page of somebody who is nobody of the record, or not the one whose form it lies in."""
        if not run.is_single or not run.person.is_known or self.replaced:
            return False
        if self.household.is_stranger(run.person, self.parties):
            return True
        others = [
            other for other in self.runs if other is not run and likeness(other.person, run.person) == "other"
        ]
        has_own = any(likeness(copy.person, run.person) != "other" for copy in self.known)
        return any(_lies_within(run, other) for other in others) and not has_own

    def _host(self, run: Run) -> GatheredCopy | None:
        """The copy in which a stranger's page lies or whose page it took."""
        beside = [copy for copy in self.copies if copy.form == run.form and self.document.id in copy.origins]
        lacking = [copy for copy in self.known if not copy.sheets.pages.keys() & run.numbers]
        return next(iter(beside or lacking), None)


def _repeated(
    document: DocumentView, runs: Sequence[Run], copies: Sequence[GatheredCopy], papers: dict[tuple[str, ...], str]
) -> str | None:
    """The id of the earlier document whose content this one brings once more, as a whole.

    `papers` are the contents of documents without forms, which this one is added to.
    """
    if document.replaces or not document.is_final:
        return None
    if not seen_pages(document):
        said = tuple(page.content or "" for _, page in sorted(document.pages.items()))
        before = papers.setdefault(said, document.id) if said and all(said) else document.id
        return before if before != document.id else None
    is_all_form = sum(len(run.seen) for run in runs) == len(document.pages) == len(seen_pages(document))
    if not is_all_form:
        return None
    origins: list[str] = []
    for run in runs:
        echoed = [copy for copy in copies if copy.form == run.form and is_echo(run, copy.sheets, copy.person)]
        if not echoed:
            return None
        pages = echoed[0].sheets.pages
        origins.append(pages[min(run.numbers)].document.id)
    return origins[0]


def _is_settled_since(unassigned: GatheredCopy, copies: Sequence[GatheredCopy]) -> bool:
    """Whether every form that the page may belong to has brought that page since."""
    if not unassigned.is_unassigned:
        return False
    (page,) = unassigned.sheets.pages.values()
    rivals = [
        copy.sheets.pages.get(number_of(page))
        for copy in copies
        if copy.form == unassigned.form and not copy.is_unassigned and copy.seen
    ]
    return bool(rivals) and all(rival and rival.place > page.place for rival in rivals)


def _lies_within(run: Run, other: Run) -> bool:
    places = [page.place for page in other.seen]
    return min(places) < run.seen[0].place < max(places)


def _copy_id(run: Run, document: DocumentView) -> str:
    name = f"{run.form.replace(' ', '-')}-{document.number}"
    return name if run.ordinal == 1 else f"{name}-{run.ordinal}"
