"""Finds the places to sign and date on a page of a blank form, by what is printed beside them.

Place in the pipeline: part of `learn`. Trust level: a blank form chosen by the firm. Residual risk: labels are
understood by nearness and by words; `to_confirm` lists what a human must look at.

A signature is a box nobody can type into, or a `/Sig`, or anything with a label that is nothing but a signature's.
Field names lie, so they are never used.
"""

import re

from services.ocr.catalogue.model import SlotPlan
from services.ocr.catalogue.parties import is_for_official, party_of
from services.ocr.catalogue.printed import Heading, Run, find_label, item_of
from services.ocr.catalogue.sheet import Sheet
from services.ocr.reading.blob import Widget
from wetink.contracts.reading import BoxPt, SlotKind

_PAIR_PT = 60.0
_LABEL_LENGTH = 60
_SIGNATURE = re.compile(r"\bSignature\b(?!\s*\()|\bSignature\s*\((?!mm)", re.IGNORECASE)
_PLAIN_SIGNATURE = re.compile(
    r"^(?:\d{1,2}\.\s*)?(?:[a-z]\.\s*)?(?:(?:[A-Z][\w'/.-]*|or|of|the)\s+){0,6}(?:Signature\b|Sign [Hh]ere\b)"
)
"""A label that can be nothing else: words with capitals, then "Signature"."""
_NO_SIGNATURE = re.compile(
    r"\bDate\b|\bPrint(ed)?\b.{0,12}\bName\b|\bA\s?-?\s?Number\b|\bnative alphabet\b", re.IGNORECASE
)
_DATE = re.compile(r"\bDate\b", re.IGNORECASE)
_DATE_OF_SIGNATURE = re.compile(r"\bDate (of Signature|Signed)\b", re.IGNORECASE)


def find_slots(sheet: Sheet, before: Heading | None) -> list[SlotPlan]:
    """The slots of a page, each signature followed by its date; `before` is the part the last page ended in."""
    signatures, dates = [], []
    labels = _signature_labels(sheet)
    for widget in _writable(sheet):
        label = labels.get(widget.box_pt)
        date_label = find_label(widget.box_pt, sheet.runs, _DATE) if label is None else None
        if label:
            signatures.append(_slot(sheet, widget.box_pt, "signature", label, before))
        elif date_label:
            dates.append((widget, date_label))
    return _pair(sheet, signatures, dates, before)


def unclaimed_labels(sheet: Sheet, parties: set[str | None]) -> list[str]:
    """Labels of signatures of other parties than these, beside which no place was found."""
    labels = [run.text for run in sheet.runs if not run.is_bold and _PLAIN_SIGNATURE.match(run.text)]
    return [label for label in labels if len(label) <= _LABEL_LENGTH and party_of(label) not in parties | {None}]


def _writable(sheet: Sheet) -> list[Widget]:
    fields = [widget for widget in sheet.widgets if widget.kind in {"Tx", "Sig"}]
    return fields if sheet.is_drawn else [*fields, *(one for one in sheet.drawn if one.kind == "Tx")]


def _signature_labels(sheet: Sheet) -> dict[BoxPt, Run]:
    """Signature boxes and their labels; a label that two boxes claim belongs to the nearer one, fields first."""
    claimed: dict[Run, list[BoxPt]] = {}
    for widget in _writable(sheet):
        label = _signature_label(sheet, widget)
        if label:
            claimed.setdefault(label, []).append(widget.box_pt)
    drawn = {one.box_pt for one in sheet.drawn} if not sheet.is_drawn else set()
    return {
        min(boxes, key=lambda box: (box in drawn, _distance(box, label))): label
        for label, boxes in claimed.items()
    }


def _signature_label(sheet: Sheet, widget: Widget) -> Run | None:
    """The printed label of a signature; only a plain one makes a signature of what is open to typing or drawn."""
    is_protected = not sheet.is_drawn and widget not in sheet.drawn and widget.is_read_only
    wanted = _SIGNATURE if is_protected or widget.kind == "Sig" else _PLAIN_SIGNATURE
    headings = {(one.left, one.bottom) for one in sheet.headings}
    runs = [
        run
        for run in sheet.runs
        if not _DATE_OF_SIGNATURE.search(run.text) and (run.left, run.bottom) not in headings
    ]
    label = find_label(widget.box_pt, runs, wanted)
    closer = find_label(widget.box_pt, sheet.runs, _NO_SIGNATURE)
    if label and closer and _distance(widget.box_pt, closer) < _distance(widget.box_pt, label):
        return None
    return label


def _distance(box: BoxPt, run: Run) -> float:
    """How far a label is from its box: the upright distance, and a little for not starting where it does."""
    upright = max(0.0, run.bottom - box[3], box[1] - run.top)
    return upright + abs(run.left - box[0]) / 20


def _slot(sheet: Sheet, box: BoxPt, kind: SlotKind, label: Run, before: Heading | None) -> SlotPlan:
    heading = sheet.part_at(box, before)
    part, title = (heading.part, heading.title) if heading else (None, "")
    item = item_of(label, sheet.runs)
    party = party_of(label.text) or party_of(title)
    return SlotPlan(
        id=_id(part, sheet.number, item, kind),
        kind=kind,
        party=party,
        part=part,
        item=item,
        form_page=sheet.number,
        box_pt=rounded(box),
        label=label.text,
        is_for_official=is_for_official(party, title),
    )


def _id(part: str | None, form_page: int | None, item: str | None, kind: SlotKind) -> str:
    if part is None:
        where = f"page-{form_page}"
    else:
        where = part.replace(" ", "-") if part.startswith("Supplement") else f"part-{part}"
    return ".".join(filter(None, [where, item and f"item-{item}", kind])).lower()


def rounded(box: BoxPt) -> BoxPt:
    """A box in tenths of points."""
    left, bottom, right, top = (round(number, 1) for number in box)
    return left, bottom, right, top


def _pair(
    sheet: Sheet, signatures: list[SlotPlan], dates: list[tuple[Widget, Run]], before: Heading | None
) -> list[SlotPlan]:
    """Each signature with its nearest date; a date without signature is a slot only when its label says so."""
    near = sorted(
        (_pair_distance(slot, widget.box_pt), index, number)
        for index, slot in enumerate(signatures)
        for number, (widget, _) in enumerate(dates)
    )
    date_of: dict[int, int] = {}
    for distance, index, number in near:
        if distance <= _PAIR_PT and index not in date_of and number not in date_of.values():
            date_of[index] = number
    slots: list[SlotPlan] = []
    for index, signature in enumerate(signatures):
        if index not in date_of:
            slots.append(signature)
            continue
        widget, label = dates[date_of[index]]
        date = _date_of(signature, widget, item_of(label, sheet.runs), label)
        slots += [signature.model_copy(update={"pair": date.id}), date]
    for number, (widget, label) in enumerate(dates):
        if number not in date_of.values() and _DATE_OF_SIGNATURE.search(label.text):
            slots.append(_slot(sheet, widget.box_pt, "date", label, before))
    return slots


def _pair_distance(slot: SlotPlan, date: BoxPt) -> float:
    """Upright distance, and sideways distance only when they do not lie in one row."""
    upright = abs(slot.box_pt[1] - date[1])
    is_beside = date[0] >= slot.box_pt[2] - 10
    is_below_or_above = date[0] < slot.box_pt[2] and date[2] > slot.box_pt[0]
    if not (is_beside and upright < 12) and not is_below_or_above:
        return _PAIR_PT * 10
    return upright


def _date_of(signature: SlotPlan, widget: Widget, item: str | None, label: Run) -> SlotPlan:
    own_item = item if item and item != signature.item else signature.item
    return signature.model_copy(
        update={
            "id": _id(signature.part, signature.form_page, own_item, "date"),
            "kind": "date",
            "item": own_item,
            "box_pt": rounded(widget.box_pt),
            "pair": signature.id,
            "label": label.text,
        }
    )
