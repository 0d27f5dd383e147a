"""Builds packets of forms and papers for tests of checklists: one page each, named as perception names them.

And asks what is said of them: `missing`, `subjects`, `lines`, `states`.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from services.validator.case_view import DocumentView
from services.validator.checklists.comparing import checklist_of
from tests.support.filing import TODAY, case, document, findings, letter
from wetink.contracts.judgement import ChecklistLine, Finding
from wetink.contracts.reading import FieldReading, PageReading, PageText


def form(name: str, person: str | None = None, fields: Iterable[FieldReading] = (), **changes: Any) -> PageReading:
    """A whole form of one page; `person` is the name on it."""
    named = [FieldReading(purpose="person.name", is_filled=True, value=person)] if person else []
    reading = PageReading(
        number=1,
        source="scan",
        form=name,
        edition="2025-01-20",
        form_page=1,
        form_pages=1,
        is_learned=True,
        identified_by="barcode",
        seconds=0,
        fields=[*named, *fields],
    )
    return reading.model_copy(update=changes)


def packet(*names: str) -> list[DocumentView]:
    """A document with a form of each name."""
    return [document(1, [form(name) for name in names])]


def papers(number: int, *said: dict[str, Any]) -> DocumentView:
    """Document `doc-<number>` of papers that are no forms; each says of a page what its text tells."""
    texts = {
        place: PageText.model_validate({"number": place, "outcome": "read", **text})
        for place, text in enumerate(said, 1)
    }
    pages = document(number, [letter() for _ in said])
    return replace(pages, texts=texts, texts_awaited=frozenset(texts))


def category(*boxes: str | None) -> list[FieldReading]:
    """The three boxes of an I-765's eligibility category; None is one that could not be read."""
    return [
        FieldReading(
            purpose="eligibility_category", is_filled=None if box is None else bool(box), value=box or None
        )
        for box in boxes
    ]


def missing(*documents: DocumentView, **details: Any) -> list[Finding]:
    """The findings `form_missing` of a case with these documents."""
    return [one for one in findings(*documents, **details) if one.code == "form_missing"]


def subjects(*documents: DocumentView, **details: Any) -> list[str]:
    """Their subjects, sorted."""
    return sorted(one.subject or "" for one in missing(*documents, **details))


def lines(*documents: DocumentView, **details: Any) -> dict[str, ChecklistLine]:
    """The checklist by the ids of its lines."""
    return {line.id: line for line in checklist_of(case(*documents, **details), TODAY)}


def states(*documents: DocumentView, **details: Any) -> dict[str, str]:
    """The state of each line."""
    return {name: line.state for name, line in lines(*documents, **details).items()}
