"""Review cases: what a careful case manager would say of a filing, and nothing else.

The cases lie in `tests/review_cases/<flag code>.yaml`; each paper is a form as the shipped catalogue knows it,
complete and well signed unless the case says otherwise. Words of a case:

| word | meaning |
|---|---|
| `name` | what the case shows |
| `case` | body of `POST /v1/cases` without `reference` |
| `received` | day of receipt, default 2026-03-10 |
| `settled` | false: more may come |
| `papers` | documents in their order, each a list of the words below |
| `expect` | `code`, with the slot (`party.kind` or its id), `page N` or the form, if the finding has one |

| word of a paper | meaning |
|---|---|
| `form`, `edition`, `pages` | pages in their order, default all; `edition` null: could not be read |
| `person` | what its person fields say: `family_name`, `given_name`, `a_number`, `birth_date` |
| `slots` | `party.kind` or id: `absent`, `unsure`, a mark, a day, `text ...`, `picture N`, `illegible`, ... |
| `fields` | other fields by purpose: what they say, true, false, or null where it cannot be told |
| `text` | a page that is no form: what its text says; `document`: how the whole document ended; `unread`: why |
| `unlearned` | a form without a catalogue entry |
"""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from services.ocr.catalogue.model import Catalogue, Entry, SlotPlan
from services.validator.case_view import Days, DocumentView
from services.validator.judge import judge
from services.validator.requirements import shipped_requirements
from services.validator.view import build_case_view
from tests.support.marks import fingerprint
from wetink.contracts.case_record import CaseDetails
from wetink.contracts.judgement import Finding
from wetink.contracts.reading import FieldReading, PageReading, PageText, SlotReading

SAID = Path(__file__).parents[1] / "review_cases" / "SAID.md"
FOLDER = Path(__file__).parents[1] / "review_cases"
RECEIVED = date(2026, 3, 10)
SIGNED_ON = "2026-03-05"
_ENTRIES = {entry.form: entry for entry in Catalogue.load()}
_MARKS = ("handwritten", "typed", "stamped", "pasted", "digital")
_DAY = re.compile(r"^\d{4}-\d\d-\d\d$")


def all_cases() -> list[tuple[str, dict[str, Any]]]:
    """Code (the file's name) and case of every review case."""
    files = sorted(FOLDER.glob("*.yaml"))
    return [(path.stem, one) for path in files for one in yaml.safe_load(path.read_text(encoding="utf-8"))]


def found_in(review: dict[str, Any]) -> list[Finding]:
    """What is said of the case."""
    received = date.fromisoformat(str(review.get("received", RECEIVED)))
    details = CaseDetails.model_validate({"reference": "R", **review.get("case", {})})
    documents = [_document(number, papers, received) for number, papers in enumerate(review["papers"], 1)]
    view = build_case_view(details, documents, shipped_requirements(), is_settled=review.get("settled", True))
    return judge(view, Days(received, {document.id: received for document in documents}))


def in_short(finding: Finding) -> str:
    """A finding as `expect` writes it."""
    if finding.slot:
        return f"{finding.code} {finding.slot}"
    if finding.form_page:
        return f"{finding.code} page {finding.form_page}"
    return f"{finding.code} {finding.form}" if finding.form else finding.code


def in_full() -> str:
    """Every word that is said, for people to review; `python -m tests.support.review_cases` writes it."""
    parts = []
    for code, review in all_cases():
        said = [line for finding in found_in(review) for line in _lines(finding)]
        parts.append("\n".join([f"## {code}: {review['name']}", "", *(said or ["Nothing is said."]), ""]))
    return "\n".join(parts)


def _lines(finding: Finding) -> list[str]:
    about = [f"{name} {value}" for name, value in _about(finding).items() if value is not None]
    return [
        f"- {finding.severity} **{finding.title}**",
        f"  - expected: {finding.expected}",
        f"  - found: {finding.found}",
        f"  - rule: {finding.rule.id}: {finding.rule.citation} ({finding.rule.url}, {finding.rule.as_of})",
        f"  - {finding.code}: {', '.join(about)}",
    ]


def _about(finding: Finding) -> dict[str, object]:
    about = {
        "form",
        "form_copy",
        "edition",
        "form_page",
        "document_id",
        "document_page",
        "slot",
        "party",
        "subject",
    }
    return finding.model_dump(include=about)


def expected(review: dict[str, Any]) -> list[str]:
    """The findings that the case expects, with the ids of their slots."""
    forms = [paper["form"] for papers in review["papers"] for paper in papers if paper.get("form") in _ENTRIES]
    return sorted(_with_id(said, forms) for said in review["expect"])


def _with_id(said: str, forms: list[str]) -> str:
    code, _, place = said.partition(" ")
    plans = [plan for form in forms for plan in _ENTRIES[form].plan.slots]
    named = next((plan.id for plan in plans if place == _alias(plan)), place)
    return f"{code} {named}".rstrip()


def _alias(plan: SlotPlan) -> str:
    return f"{plan.party}.{plan.kind}"


def _document(number: int, papers: list[dict[str, Any]], received: date) -> DocumentView:
    ended = next((paper for paper in papers if "document" in paper), {})
    pages: list[PageReading] = []
    texts: dict[int, PageText] = {}
    for paper in papers:
        if "text" in paper:
            texts[len(pages) + 1] = PageText.model_validate({"number": 1, "outcome": "read", **paper["text"]})
        pages += _pages(paper)
    view = DocumentView(
        id=f"doc-{number}",
        number=number,
        received_on=received,
        outcome=ended.get("document", "read"),
        reason=ended.get("reason"),
        pages_total=len(pages),
        pages={place: page.model_copy(update={"number": place}) for place, page in enumerate(pages, 1)},
        texts=texts,
        texts_awaited=frozenset(texts),
    )
    return replace(view, replaces=ended.get("replaces"))


def _pages(paper: dict[str, Any]) -> list[PageReading]:
    if "document" in paper:
        return []
    if "text" in paper:
        return [PageReading(number=1, source="scan", seconds=0)]
    if "unread" in paper:
        return [PageReading(number=1, outcome="unreadable", reason=paper["unread"], source="scan", seconds=0)]
    if paper.get("unlearned"):
        return [_page(paper, number, None) for number in paper.get("pages", [1])]
    entry = _ENTRIES[paper["form"]]
    if not entry.plan.pages:
        return [_page(paper, None, entry)]
    return [_page(paper, number, entry) for number in paper.get("pages", [one.number for one in entry.plan.pages])]


def _page(paper: dict[str, Any], number: int | None, entry: Entry | None) -> PageReading:
    edition = paper.get("edition", entry.edition if entry else None)
    slots = [plan for plan in entry.plan.slots if plan.form_page == number] if entry else []
    fields = [plan for plan in entry.plan.fields if plan.form_page == number] if entry else []
    reading = PageReading(
        number=1,
        source="scan" if number or not entry else "xfa",
        form=paper["form"],
        edition=str(edition) if edition else None,
        form_page=number,
        form_pages=len(entry.plan.pages) or None if entry else None,
        is_learned=entry is not None,
        identified_by="barcode",
        seconds=0,
        slots=[_slot(plan, paper) for plan in slots],
    )
    said = _said(paper)
    told = [_field(plan.purpose, said.get(plan.purpose, False)) for plan in fields]
    return reading.model_copy(update={"fields": told})


def _said(paper: dict[str, Any]) -> dict[str, Any]:
    person = {f"person.{name}": value for name, value in paper.get("person", {}).items()}
    return {**person, **paper.get("fields", {})}


def _field(purpose: str, said: object) -> FieldReading:
    if said is None or isinstance(said, bool):
        return FieldReading(purpose=purpose, is_filled=said)
    return FieldReading(purpose=purpose, is_filled=True, value=str(said))


def _slot(plan: SlotPlan, paper: dict[str, Any]) -> SlotReading:
    empty = SlotReading(**plan.in_reading(), ink="absent", confidence=1)
    need = shipped_requirements().of_slot(paper["form"], None, empty).need
    default = (SIGNED_ON if plan.kind == "date" else "handwritten") if need == "required" else "absent"
    slots = paper.get("slots", {})
    said = slots.get(plan.id, slots.get(_alias(plan), default) if not plan.is_for_official else "absent")
    return empty.model_copy(update=_state(said))


def _state(said: Any) -> dict[str, Any]:
    if isinstance(said, dict):
        return {"ink": "present", **said}
    word, _, rest = str(said).partition(" ")
    if word in ("absent", "unsure"):
        return {"ink": word}
    if word == "picture":
        return {"ink": "present", "mark": "handwritten", "fingerprint": fingerprint(int(rest))}
    return {"ink": "present", **({"mark": word} if word in _MARKS else _date(word, rest))}


def _date(word: str, rest: str) -> dict[str, Any]:
    if _DAY.match(word):
        return {"mark": "typed", "value": word, "value_status": "read", "text": word}
    if word == "illegible":
        return {"mark": "handwritten", "value_status": "unsure"}
    return {"mark": "typed", "value_status": "unreadable", "text": rest}


if __name__ == "__main__":
    SAID.write_text(in_full(), encoding="utf-8")
