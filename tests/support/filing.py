"""Builds readings of I-765 forms and documents of them, for tests of the validator.

Seven pages as the catalogue knows them: the applicant signs on page 4, an interpreter on 5, a preparer on 6.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from services.validator.case_view import CaseView, Days, DocumentView
from services.validator.judge import judge
from services.validator.requirements import shipped_requirements
from services.validator.view import build_case_view
from wetink.contracts.case_record import CaseDetails
from wetink.contracts.judgement import Finding
from wetink.contracts.reading import FieldReading, PageReading, SlotReading

TODAY = date(2026, 3, 10)
PAGES = range(1, 8)
_SLOTS = {
    4: ("3", "7", "applicant"),
    5: ("4", "7", "interpreter"),
    6: ("5", "8", "preparer"),
}


def slot(kind: str, party: str, part: str, item: str, **changes: Any) -> SlotReading:
    """A slot named as the catalogue does; empty unless `changes` say otherwise."""
    values = {
        "id": f"part-{part}.item-{item}.{kind}".lower(),
        "kind": kind,
        "party": party,
        "part": part,
        "item": item,
        "box_pt": (0, 0, 1, 1),
        "ink": "absent",
        "confidence": 0.9,
        "picture": f"documents/doc/slot-{part}-{kind}",
    }
    return SlotReading.model_validate(values | changes)


def signed(**changes: Any) -> dict[str, Any]:
    """The changes of a slot that holds handwriting."""
    return {"ink": "present", "mark": "handwritten"} | changes


def i765_page(
    number: int,
    *,
    signature: dict[str, Any] | None = None,
    day: dict[str, Any] | None = None,
    name: str | None = "Ana Lima",
    fields: Iterable[FieldReading] = (),
    **changes: Any,
) -> PageReading:
    """Page `number` of an I-765; `signature` and `day` are what its slots hold, `name` who page 1 is about."""
    slots = []
    if number in _SLOTS:
        part, item, party = _SLOTS[number]
        is_signed = {"applicant": signed()}.get(party, {})
        slots = [
            slot("signature", party, part, f"{item}.a", **(is_signed if signature is None else signature)),
            slot("date", party, part, f"{item}.b", **(is_signed if day is None else day)),
        ]
    named = _name_fields(name) if name and number == 1 else []
    reading = PageReading(
        number=number,
        source="scan",
        form="I-765",
        edition="2025-08-21",
        form_page=number,
        form_pages=7,
        is_learned=True,
        identified_by="barcode",
        seconds=0,
        slots=slots,
        fields=[*named, *fields],
    )
    return reading.model_copy(update=changes)


def _name_fields(name: str) -> list[FieldReading]:
    """The last word is the family name."""
    given, _, family = name.rpartition(" ")
    names = {"person.family_name": family, "person.given_name": given}
    return [
        FieldReading(purpose=purpose, is_filled=True, value=value) for purpose, value in names.items() if value
    ]


def i765(**page_4: Any) -> list[PageReading]:
    """A whole I-765 of Ana Lima; `page_4` is what `i765_page` is given for the applicant's page."""
    return [i765_page(number, **(page_4 if number == 4 else {})) for number in PAGES]


def unread_page(outcome: str = "unreadable", reason: str | None = None) -> PageReading:
    """A page that could not be read."""
    return PageReading.model_validate(
        {"number": 1, "outcome": outcome, "reason": reason, "source": "scan", "seconds": 0}
    )


def letter() -> PageReading:
    """A page that is no form."""
    return PageReading(number=1, source="scan", seconds=0)


def document(number: int, pages: Iterable[PageReading], **changes: Any) -> DocumentView:
    """Document `doc-<number>` with `pages` in this order, wholly read."""
    numbered = {place: page.model_copy(update={"number": place}) for place, page in enumerate(pages, 1)}
    whole = DocumentView(
        id=f"doc-{number}",
        number=number,
        received_on=TODAY,
        outcome="read",
        pages_total=len(numbered),
        pages=numbered,
    )
    return replace(whole, **changes)


def case(*documents: DocumentView, is_settled: bool = True, **details: Any) -> CaseView:
    """A case with these documents; nothing more is expected unless `is_settled` is False."""
    record = CaseDetails.model_validate({"reference": "R-1", **details})
    return build_case_view(record, documents, shipped_requirements(), is_settled=is_settled)


def findings(*documents: DocumentView, is_settled: bool = True, **details: Any) -> list[Finding]:
    """What is to say of a case with these documents."""
    view = case(*documents, is_settled=is_settled, **details)
    return judge(view, Days(TODAY, {document.id: document.received_on for document in documents}))


def codes(*documents: DocumentView, is_settled: bool = True, **details: Any) -> list[str]:
    """The codes of those findings, sorted."""
    return sorted(finding.code for finding in findings(*documents, is_settled=is_settled, **details))
