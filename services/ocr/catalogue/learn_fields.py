"""Finds the other fields that rules need on a page of a blank form: names of helpers, statements, the person.

Place in the pipeline: part of `learn`. Trust level: a blank form chosen by the firm. Residual risk: labels are
understood by nearness and by words.
"""

import re

from services.ocr.catalogue.learn_slots import rounded
from services.ocr.catalogue.model import FieldPlan
from services.ocr.catalogue.parties import party_of
from services.ocr.catalogue.printed import Heading, Run, find_label, item_of, text_right_of
from services.ocr.catalogue.sheet import Sheet
from services.ocr.reading.blob import Widget

_HELPERS = ("interpreter", "preparer")
_HELPER_NAME = re.compile(
    r"(?P<who>Interpreter|Preparer)'s\s+(?:Family|Given|Last|First|Full)\s*Name"
    r"|Name of (?P<whom>Preparer|Interpreter)\b",
    re.IGNORECASE,
)
_NO_NAME = re.compile(r"business|organization|signature", re.IGNORECASE)
_STATEMENT = re.compile(r"\b(interpreter|preparer) named? in\b", re.IGNORECASE)
_NEEDS_NOBODY = re.compile(r"\bI can read and understand English\b", re.IGNORECASE)
_EXEMPTION = re.compile(r"\bRequest for Exemption for Intending Immigrant's Affidavit of Support\b", re.IGNORECASE)
_NOT_EXEMPT = re.compile(r"\bI am required to submit\b", re.IGNORECASE)
_ATTACHED = {
    "g-28.attached": re.compile(r"\bForm G-28\b.*\battached\b", re.IGNORECASE),
    "i-864a.attached": re.compile(r"\bI am filing along with this affidavit all necessary\b", re.IGNORECASE),
}
_STATEMENT_PT = 32
_ABOUT_PERSON = re.compile(r"\bInformation About (You|the Requestor|Requestor)|\bAbout You\b", re.IGNORECASE)
_BIRTH_DATE = re.compile(r"\bdate of birth\b|\bbirth date\b", re.IGNORECASE)
_PERSON: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("person.family_name", re.compile(r"\b(family|last) name\b", re.IGNORECASE)),
    ("person.given_name", re.compile(r"\b(given|first) name\b", re.IGNORECASE)),
    ("person.a_number", re.compile(r"\balien registration number|\bA\s?-?\s?number", re.IGNORECASE)),
    ("person.birth_date", _BIRTH_DATE),
)
_OTHERS_BIRTH = re.compile(r"\bother (?:dates?|birth)|\b(?:parent|mother|father|spouse|child)", re.IGNORECASE)
_SUPPLEMENT = re.compile(r"^Supplement [A-Z]$")
_SIGNERS_NAME = re.compile(r"^Applicant's Name\b", re.IGNORECASE)
_CATEGORY = re.compile(r"^(?:\d+\.\s*)?Eligibility Category\b")
_CATEGORY_PT = 90
"""So far below its heading the small boxes of an eligibility category stand; an explanation is between them."""
_SMALL_BOX_PT = 40
_PERSON_LABEL = re.compile("|".join(words.pattern for _, words in _PERSON) + r"|\bname\b", re.IGNORECASE)
_NAMES = dict(_PERSON[:2])


def find_fields(sheet: Sheet, before: Heading | None) -> list[FieldPlan]:
    """The fields of a page whose slots are known, in the order of its boxes."""
    taken = {slot.box_pt for slot in sheet.slots}
    found = []
    for widget in sheet.widgets:
        if rounded(widget.box_pt) in taken or widget.kind not in {"Tx", "Btn"}:
            continue
        heading = sheet.part_at(widget.box_pt, before)
        purpose, label = _category(sheet, widget) or _purpose(sheet, widget, heading)
        if purpose is None:
            continue
        found.append(
            FieldPlan(
                purpose=purpose,
                part=heading.part if heading else None,
                item=item_of(label, sheet.runs) if label else None,
                form_page=sheet.number,
                box_pt=rounded(widget.box_pt),
                is_check_box=widget.kind == "Btn",
            )
        )
    return found


def keep_first_person(sheets: list[Sheet]) -> None:
    """The main person's own name comes first in reading order; later fields of that purpose are other names."""
    first: dict[str, FieldPlan] = {}
    for sheet in sheets:
        for one in sorted(sheet.fields, key=lambda one: (sheet.column(one.box_pt[0]), -one.box_pt[3])):
            if one.purpose.startswith("person."):
                first.setdefault(one.purpose, one)
    for sheet in sheets:
        sheet.fields = [one for one in sheet.fields if first.get(one.purpose, one) is one]


def _purpose(sheet: Sheet, widget: Widget, heading: Heading | None) -> tuple[str | None, Run | None]:
    if widget.kind == "Btn":
        return _statement(sheet, widget, heading), None
    label = find_label(widget.box_pt, sheet.runs, _HELPER_NAME)
    found = _HELPER_NAME.search(label.text) if label else None
    if label and found and not _NO_NAME.search(label.text):
        return f"{(found.group('who') or found.group('whom')).lower()}.name", label
    label = find_label(widget.box_pt, sheet.runs, _PERSON_LABEL)
    if heading is None:
        return None, None
    helper = party_of(heading.title)
    if label and helper in _HELPERS and any(words.search(label.text) for words in _NAMES.values()):
        return f"{helper}.name", label
    return _of_signer(widget, heading, label), label


def _of_signer(widget: Widget, heading: Heading, label: Run | None) -> str | None:
    """What the field says of the person whom the form is about."""
    said = label.text if label else ""
    if _SUPPLEMENT.match(heading.part) and _SIGNERS_NAME.search(said):
        return f"{heading.part.lower().replace(' ', '-')}.name"
    if not _ABOUT_PERSON.search(heading.title):
        return None
    if _BIRTH_DATE.search(widget.tooltip):
        return None if _OTHERS_BIRTH.search(widget.tooltip) else "person.birth_date"
    purpose = next((purpose for purpose, words in _PERSON if words.search(said)), None)
    if purpose == "person.birth_date" and label:
        is_below = label.top <= widget.box_pt[1] + 3
        return None if widget.tooltip or is_below or _OTHERS_BIRTH.search(said) else purpose
    return purpose


def _category(sheet: Sheet, box: Widget) -> tuple[str, Run] | None:
    """Whether it is one of the small boxes, for a letter or a number each, of an eligibility category."""
    left, _, right, top = box.box_pt
    headings = (
        run
        for run in sheet.runs
        if _CATEGORY.match(run.text) and run.left <= left and 0 < run.bottom - top < _CATEGORY_PT
    )
    heading = next(headings, None)
    return ("eligibility_category", heading) if heading and right - left <= _SMALL_BOX_PT else None


def _statement(sheet: Sheet, box: Widget, heading: Heading | None) -> str | None:
    """What ticking a box states, as printed to its right: of a helper, of none, or of an affidavit of support."""
    is_left = sheet.is_two_columned and not sheet.column(box.box_pt[0])
    limit = sheet.width_pt / 2 if is_left else sheet.width_pt
    text = text_right_of(box.box_pt, sheet.runs, limit, _next_box_below(sheet, box))
    if _NEEDS_NOBODY.search(text):
        return "english.statement"
    if heading and _EXEMPTION.search(heading.title):
        return None if _NOT_EXEMPT.search(text) else "support.exemption"
    if attached := next((purpose for purpose, words in _ATTACHED.items() if words.search(text)), None):
        return attached
    said = _STATEMENT.search(text)
    return f"{said.group(1).lower()}.statement" if said else None


def _next_box_below(sheet: Sheet, box: Widget) -> float:
    """Where the text of a check box ends at the latest: some lines down, or at the next box in the same column."""
    below = [
        one.box_pt[3]
        for one in sheet.widgets
        if one.kind == "Btn" and abs(one.box_pt[0] - box.box_pt[0]) < 60 and one.box_pt[3] < box.box_pt[1]
    ]
    return max([box.box_pt[1] - _STATEMENT_PT, *below])
