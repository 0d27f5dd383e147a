"""Compares a checklist with a case: which forms and papers are there, which are missing, and why.

Place in the pipeline: a pure function of the case; `form_missing` makes findings of it, and the queue shows it.
Trust level: names of forms and kinds of papers come from perception. Residual risk: a paper that was taken for
another kind counts as missing, but a paper of no known kind leaves the line unsure.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from services.validator.case_view import CaseView, FormCopy
from services.validator.checklists.conditions import holds
from services.validator.checklists.matching import Match, Seeker, hand_out
from services.validator.checklists.papers import Papers
from services.validator.checklists.wording import name_of, title_of
from services.validator.requirements.checklist import Line
from wetink.contracts.case_record import CaseDetails, Person, Role
from wetink.contracts.judgement import ChecklistLine, LineState, Rule, Seen


@dataclass(frozen=True)
class _Entry:
    """A line for one person; `number` counts people of a role, null where the line is needed once."""

    line: Line
    role: Role
    person: Person | None
    number: int | None = None


@dataclass(frozen=True)
class _Answer:
    state: LineState
    why: str


def checklist_of(case: CaseView, today: date) -> list[ChecklistLine]:
    """Every line of the checklist for what is being filed; none without a filing."""
    lines = case.checklist.lines if case.checklist else ()
    entries = [entry for line in lines for entry in _entries(line, case.details)]
    needs = [_need(entry, case, today) for entry in entries]
    papers = Papers(case)
    matches = _matches(entries, needs, case.copies)
    return [
        _of_form(entry, need, match, papers) if entry.line.forms else _of_paper(entry, need, papers)
        for entry, need, match in zip(entries, needs, matches, strict=True)
    ]


def _entries(line: Line, details: CaseDetails) -> Iterator[_Entry]:
    people = {role: [one for one in details.people if one.role == role] for role in (*line.whose, *line.for_each)}
    for role in line.for_each:
        for number, person in enumerate(people[role], 1):
            yield _Entry(line, role, person, number)
    if line.whose:
        role = next((role for role in line.whose if people[role]), line.whose[0])
        yield _Entry(line, role, next(iter(people[role]), None))


def _need(entry: _Entry, case: CaseView, today: date) -> _Answer:
    """What the line asks for, before anybody looks whether it is there."""
    line = entry.line
    relief = line.by_channel.get(case.details.channel)
    is_needed = holds(line.when, entry.person, case, today)
    if is_needed is False or relief == "not_required":
        return _Answer("not_required", f"Not needed as the case stands: {line.reason}.")
    if is_needed is None:
        return _Answer("unsure", f"Whether it is needed cannot be told from the case: {line.reason}.")
    if line.need == "advised" or relief == "unsure":
        return _Answer("unsure", f"It was not seen and may be filed in another way: {line.reason}.")
    return _Answer("missing", f"It is needed: {line.reason}.")


def _matches(
    entries: Sequence[_Entry], needs: Sequence[_Answer], copies: Sequence[FormCopy]
) -> list[Match | None]:
    """The copy for each entry; who needs one for certain chooses first."""
    order = sorted(range(len(entries)), key=lambda place: needs[place].state != "missing")
    seekers = [Seeker(entries[place].line.forms, entries[place].person) for place in order]
    found = dict(zip(order, hand_out(seekers, copies), strict=True))
    return [found[place] for place in range(len(entries))]


def _of_form(entry: _Entry, need: _Answer, match: Match | None, papers: Papers) -> ChecklistLine:
    if match is None:
        doubt = papers.doubt_about_form(entry.line.forms) if need.state == "missing" else None
        return _line(entry, _Answer("unsure", doubt) if doubt else need)
    seen = _places((page.document.id, page.reading.number) for page in match.copy.pages.values())
    if match.is_certain:
        return _line(entry, _Answer("present", f"Form {match.copy.form} is there."), seen)
    return _line(entry, _Answer("unsure", f"The name on this Form {match.copy.form} is another one."), seen)


def _of_paper(entry: _Entry, need: _Answer, papers: Papers) -> ChecklistLine:
    if seen := _places(papers.of_kinds(entry.line.papers)):
        return _line(entry, _Answer("present", f"{name_of(entry.line)} is there.".capitalize()), seen)
    if need.state == "missing" and (doubt := papers.doubt_about_paper()):
        return _line(entry, _Answer("unsure", doubt))
    return _line(entry, need, is_flagged=papers.are_filed_here)


def _line(entry: _Entry, answer: _Answer, seen: Sequence[Seen] = (), *, is_flagged: bool = True) -> ChecklistLine:
    line = entry.line
    # Not the role as recorded: a person recorded under another word later is still the same line.
    whose = entry.role if line.for_each else line.whose[0]
    name = f"{line.name or (line.forms or line.papers)[0]} {whose}"
    source = line.source
    return ChecklistLine(
        id=f"{name}-{entry.number}" if entry.number else name,
        title=title_of(line, entry.role, entry.number),
        form=line.forms[0] if line.forms and not line.name else None,
        role=entry.role,
        state=answer.state,
        why=answer.why,
        severity=line.severity if is_flagged and answer.state == "missing" else None,
        seen=list(seen),
        rule=Rule(id="checklist", citation=source.citation, url=source.url, as_of=source.as_of),
        confidence=source.confidence,
    )


def _places(pages: Iterable[tuple[str, int]]) -> list[Seen]:
    by_document: dict[str, list[int]] = {}
    for document_id, number in sorted(pages):
        by_document.setdefault(document_id, []).append(number)
    return [Seen(document_id=document_id, pages=numbers) for document_id, numbers in by_document.items()]
