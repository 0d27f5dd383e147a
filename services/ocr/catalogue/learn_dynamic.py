"""Learns a dynamic XFA form from its template: who signs and dates where, and the fields that rules need.

Place in the pipeline: the part of `learn` for forms that no free engine can draw; run where client files are
opened. Trust level: a form chosen by the firm. Values that somebody filled in are never looked at: labels, boxes
and paths come from the template alone. Residual risk: labels are understood by words and nearness, as in `learn`.

Field names lie here too; they are kept as paths and never understood.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import NamedTuple

from services.ocr.catalogue.model import Entry, FieldPlan, FormPlan, Node, SlotPlan, pack
from services.ocr.catalogue.parties import party_of
from services.ocr.catalogue.xfa_template import BoxFromTop, Place, places
from services.ocr.reading.xfa import read_template
from wetink.contracts.reading import BoxPt

_LABEL_LENGTH = 120
"""What is longer is no label of a place to sign but a text about signing."""
_LINE_PT = 12.0
"""A line to sign on has its label at most this far below the foot of the date beside it."""
_HEADING_LENGTH = 60
_SIGNED_IN = ("textEdit", "signature")
_SIGNATURE = re.compile(r"\bsignature\b", re.IGNORECASE)
_CO_SIGNER = re.compile(r"\bis there a co-?signer\b", re.IGNORECASE)
_PERSON_HEADING = re.compile(r"^(?!.*\b(CO-?SIGNER|SPOUSE|CHILD)).*\bPERSONAL DETAILS\b")
_PERSON: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("person.family_name", re.compile(r"^(family|last) name\b", re.IGNORECASE)),
    ("person.given_name", re.compile(r"^(given|first) name\b", re.IGNORECASE)),
)
_UCI = re.compile(r"\bUCI\b")
_BIRTH_PARTS = tuple(re.compile(rf"\bdate of birth {part}\b", re.IGNORECASE) for part in ("year", "month", "day"))
_FLOWS = "The form is laid out when it is filled: boxes are measured from their block's corner, not from a page's."


class _Line(NamedTuple):
    """A place to sign: its box, the field it is or the text that labels it, and its date with that one's label."""

    box: BoxFromTop
    place: Place
    date: Place | None
    date_label: str

    @property
    def party(self) -> str | None:
        """Who signs there, as its label says."""
        return party_of(self.place.label)


def learn_dynamic(untrusted_blank: bytes, form: str, edition: str, source: str) -> Entry:
    """The entry of a dynamic form, without pages; `XmlRefusedError` when its template cannot be parsed."""
    visible = [place for place in places(read_template(untrusted_blank)) if place.is_visible]
    heights = _block_heights(visible)
    slots = list(_slots(visible, heights))
    plan = FormPlan(
        form=form,
        edition=edition,
        source=source,
        date_grammar="yyyy-mm-dd",
        pages=[],
        slots=slots,
        fields=[_field(purpose, parts, heights) for purpose, parts in _fields(visible)],
        to_confirm=[_FLOWS, *_to_confirm(slots)],
    )
    return Entry(plan, pack({}))


def _block_heights(visible: Iterable[Place]) -> dict[str, float]:
    """The height of each block as the template tells it, else down to its lowest place."""
    heights: dict[str, float] = {}
    for place in visible:
        heights[place.block] = max(heights.get(place.block, 0.0), place.block_height or place.box[3])
    return heights


def _lines(visible: list[Place]) -> Iterator[_Line]:
    """All places to sign: fields that are labelled so, and texts under a line with a date beside it."""
    dates = [place for place in visible if place.widget == "dateTimeEdit" and place.data]
    for place in visible:
        if not _SIGNATURE.search(place.label) or len(place.label) > _LABEL_LENGTH:
            continue
        if place.kind == "field" and place.widget in _SIGNED_IN:
            date = next((date for date in dates if _is_beside(date, place)), None)
            yield _Line(place.box, place, date, date.label if date else "")
        left, top, right, _ = place.box
        for date in (date for date in dates if _stands_below(place, date)):
            below = next((text.label for text in visible if _is_label_of(date, text)), "")
            yield _Line((left, date.box[1], right, top), place, date, date.label or below)


def _is_beside(date: Place, field: Place) -> bool:
    """In the same row: at least half of the date's height lies beside the field."""
    top, bottom = date.box[1], date.box[3]
    shared = min(bottom, field.box[3]) - max(top, field.box[1])
    return date.block == field.block and shared >= (bottom - top) / 2


def _stands_below(text: Place, date: Place) -> bool:
    """The text is printed under the line whose end the date is on."""
    return text.block == date.block and text.kind == "draw" and 0 <= text.box[1] - date.box[3] <= _LINE_PT


def _is_label_of(date: Place, text: Place) -> bool:
    return _stands_below(text, date) and text.box[0] < date.box[2] and text.box[2] > date.box[0]


def _slots(visible: list[Place], heights: dict[str, float]) -> Iterator[SlotPlan]:
    """Each signature followed by its date, if it has one; a party's second is called `applicant-2`."""
    seen: Counter[str] = Counter()
    for line in _lines(visible):
        part = _heading(visible, line.place.block)
        where = ".".join(filter(None, [_slug(part or ""), line.party or "somebody"]))
        seen[where] += 1
        unique = where if seen[where] == 1 else f"{where}-{seen[where]}"
        yield from _signature_and_date(line, part, unique, heights[line.place.block])


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _heading(visible: list[Place], block: str) -> str | None:
    """The last heading before a block: a short text in capitals."""
    before = takewhile(lambda place: place.block != block, visible)
    headings = [place.label.title() for place in before if _is_heading(place)]
    return headings[-1] if headings else None


def _is_heading(place: Place) -> bool:
    return place.kind == "draw" and place.label.isupper() and 5 <= len(place.label) <= _HEADING_LENGTH


def _signature_and_date(line: _Line, part: str | None, where: str, height: float) -> Iterator[SlotPlan]:
    signature = SlotPlan(
        id=f"{where}.signature",
        kind="signature",
        party=line.party,
        part=part,
        item=None,
        form_page=None,
        box_pt=_flipped(line.box, height),
        label=line.place.label,
        node=_node([line.place]),
    )
    if line.date is None:
        yield signature
        return
    date = signature.model_copy(
        update={
            "id": f"{where}.date",
            "kind": "date",
            "box_pt": _flipped(line.date.box, height),
            "pair": signature.id,
            "label": line.date_label,
            "node": _node([line.date]),
        }
    )
    yield signature.model_copy(update={"pair": date.id})
    yield date


def _node(parts: list[Place], ticked: str | None = None) -> Node:
    data = tuple(place.data for place in parts if place.data)
    return Node(block=parts[0].block, template=parts[0].path, data=data, ticked=ticked)


def _fields(visible: list[Place]) -> Iterator[tuple[str, list[Place]]]:
    """Fields that rules need: the co-signer's question, and the main person's, which come first."""
    about_person = list(_under_person_heading(visible))
    fields = [place for place in about_person if place.kind == "field" and place.data]
    for place in visible:
        if place.kind == "exclGroup" and _CO_SIGNER.search(place.hint) and place.data:
            yield "cosigner.statement", [place]
    for purpose, words in _PERSON:
        yield from ((purpose, [place]) for place in _first(fields, words, "label"))
    birth = [place for words in _BIRTH_PARTS for place in _first(fields, words, "hint")]
    if len(birth) == len(_BIRTH_PARTS):
        yield "person.birth_date", birth
    everything = [place for place in visible if place.kind == "field" and place.data]
    yield from (("person.uci", [place]) for place in _first(everything, _UCI, "label"))


def _under_person_heading(visible: Iterable[Place]) -> Iterator[Place]:
    """Everything from the first heading about the form's person to the next heading."""
    is_inside = False
    for place in visible:
        if _is_heading(place):
            if is_inside:
                return
            is_inside = bool(_PERSON_HEADING.search(place.label))
        elif is_inside:
            yield place


def _first(fields: Iterable[Place], words: re.Pattern[str], where: str) -> list[Place]:
    """The first field whose `label` or `hint` says so, or none."""
    return [place for place in fields if words.search(getattr(place, where))][:1]


def _field(purpose: str, parts: list[Place], heights: dict[str, float]) -> FieldPlan:
    first = parts[0]
    yes = next((value for label, value in first.choices if label.lower() == "yes"), None)
    return FieldPlan(
        purpose=purpose,
        part=None,
        item=None,
        form_page=None,
        box_pt=_flipped(first.box, heights[first.block]),
        is_check_box=first.kind == "exclGroup",
        node=_node(parts, yes),
    )


def _flipped(box: BoxFromTop, height: float) -> BoxPt:
    """A box measured from the lower left corner of its block."""
    left, top, right, bottom = box
    return round(left, 1), round(height - bottom, 1), round(right, 1), round(height - top, 1)


def _to_confirm(slots: list[SlotPlan]) -> Iterator[str]:
    """What a human must look at, in plain sentences."""
    if not slots:
        yield "No place to sign was found: confirm that nobody signs this form."
    for slot in slots:
        if slot.party is None:
            yield f"{slot.id}: who signs here? Label: {slot.label!r}."
        if slot.kind == "signature" and slot.pair is None:
            yield f"{slot.id}: no date belongs to it."
