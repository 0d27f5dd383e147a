"""Learns a form's edition from its blank: identity, slots and fields from printed labels, features and masks.

Place in the pipeline: behind `wetink learn`; run where client files are opened. Trust level: a blank form chosen
by the firm. Residual risk: labels are understood by nearness and by words; `to_confirm` lists what a human must
look at, and requirements (who signs when) are never learned.

Field names lie, so they are never used; tooltips only where no label says more.
"""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pypdfium2 as pdfium

from services.ocr.catalogue.learn_dynamic import learn_dynamic
from services.ocr.catalogue.model import (
    MASK_DPI,
    Entry,
    FieldPlan,
    FormPlan,
    PageArrays,
    PagePlan,
    SlotPlan,
    field_key,
    pack,
)
from services.ocr.catalogue.printed import (
    Heading,
    Run,
    find_headings,
    find_label,
    has_two_columns,
    item_of,
    read_runs,
    text_right_of,
)
from services.ocr.reading.barcode import find_barcode
from services.ocr.reading.blob import Header, Widget, read_blob
from services.ocr.reading.identity import Identity, find_footer, read_barcode_text
from services.ocr.reading.ink import DARK
from services.ocr.reading.pages import count_and_cut
from services.ocr.reading.place import FIELD_MARGIN_PT, SLOT_MARGIN_PT, around, size_px
from services.ocr.reading.raster import Pixels, open_page, render
from services.ocr.reading.registration import features
from services.ocr.reading.xfa_xml import XmlRefusedError
from wetink.contracts.reading import BoxPt, SlotKind

_FEATURE_WIDTH = 1_150
_FEATURES, _FEATURES_WITH_PLACES = 500, 1_200
_PAIR_PT = 60.0
_SIGNATURE = re.compile(r"\bSignature\b(?!\s*\()|\bSignature\s*\((?!mm)", re.IGNORECASE)
_NO_SIGNATURE = re.compile(r"\bDate\b|\bPrinted Name\b|\bA\s?-?\s?Number\b|\bnative alphabet\b", re.IGNORECASE)
_DATE = re.compile(r"\bDate\b", re.IGNORECASE)
_DATE_OF_SIGNATURE = re.compile(r"\bDate of Signature\b", re.IGNORECASE)
_OFFICIAL = re.compile(r"\b(interview|oath|officer|judge|removal hearing)\b", re.IGNORECASE)
_PARTIES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (party, re.compile(words, re.IGNORECASE))
    for party, words in (
        ("officer", r"\bofficer"),
        ("judge", r"\bjudge\b"),
        ("law_student", r"\blaw student"),
        ("attorney", r"\battorney"),
        ("client", r"\bclient"),
        ("interpreter", r"\binterpreter"),
        ("preparer", r"\bpreparer|person preparing"),
        ("spouse", r"\bspouse"),
        ("household_member", r"\bhousehold member"),
        ("petitioner", r"\bpetitioner"),
        ("sponsor", r"\bsponsor"),
        ("requestor", r"\brequestor"),
        ("beneficiary", r"\bbeneficiary"),
        ("applicant", r"\bapplicant"),
    )
)
_HELPER_NAME = re.compile(
    r"(?P<who>Interpreter|Preparer)'s\s+(?:Family|Given|Last|First|Full)\s*Name"
    r"|Name of (?P<whom>Preparer|Interpreter)\b",
    re.IGNORECASE,
)
_STATEMENT = re.compile(r"\b(interpreter|preparer) named? in\b", re.IGNORECASE)
_ABOUT_PERSON = re.compile(r"\bInformation About (You|the Requestor|Requestor)|\bAbout You\b", re.IGNORECASE)
_OTHER_PERSON = re.compile(r"\b(other names|spouse|mother|father|parent|child|employer|attorney)\b", re.IGNORECASE)
_PERSON: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("person.family_name", re.compile(r"\b(family|last) name\b", re.IGNORECASE)),
    ("person.given_name", re.compile(r"\b(given|first) name\b", re.IGNORECASE)),
    ("person.a_number", re.compile(r"\balien registration number|\bA\s?-?\s?number", re.IGNORECASE)),
)
_PERSON_LABEL = re.compile("|".join(words.pattern for _, words in _PERSON) + r"|\bname\b", re.IGNORECASE)


class CannotLearnError(Exception):
    """The blank cannot be learned.

    Attributes:
        reason: a code: `cannot_be_opened`, `is_a_picture`, `names_no_form`, `names_several_forms`,
            `pages_out_of_order`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class _Sheet:
    """One page of the blank while it is learned."""

    number: int
    header: Header
    payload: bytes
    runs: list[Run]
    headings: list[Heading]
    is_two_columned: bool
    width_pt: float
    height_pt: float
    barcode: str | None
    slots: list[SlotPlan] = field(default_factory=list)
    fields: list[FieldPlan] = field(default_factory=list)

    def column(self, left: float) -> int:
        return int(self.is_two_columned and left > self.width_pt / 2 - 12)


def learn(untrusted_blank: bytes) -> Entry:
    """The catalogue entry of a blank form; `CannotLearnError` says what stands in the way."""
    cut = count_and_cut([untrusted_blank])
    if cut.outcome != "read":
        raise CannotLearnError("cannot_be_opened")
    blobs = [page.blob for page in cut.pages if page.blob is not None]
    first, _ = read_blob(blobs[0])
    source = f"blank form, sha256 {hashlib.sha256(untrusted_blank).hexdigest()}"
    if first.kind == "xfa":
        return _learn_dynamic(untrusted_blank, first, source)
    if first.kind == "image":
        raise CannotLearnError("is_a_picture")
    sheets = [_open_sheet(number, blob) for number, blob in enumerate(blobs, 1)]
    identity, pages_by_text = _identify(sheets)
    for sheet in sheets:
        if pages_by_text.get(sheet.number, sheet.number) != sheet.number:
            raise CannotLearnError("pages_out_of_order")
    _find_places(sheets)
    to_confirm = _to_confirm(sheets)
    plan = FormPlan(
        form=identity.form,
        edition=identity.edition or "",
        source=source,
        date_grammar="yyyy-mm-dd" if identity.form.startswith("IMM") else "mm/dd/yyyy",
        pages=[
            PagePlan(number=one.number, width_pt=one.width_pt, height_pt=one.height_pt, barcode=one.barcode)
            for one in sheets
        ],
        slots=[slot for sheet in sheets for slot in sheet.slots],
        fields=[place for sheet in sheets for place in sheet.fields],
        to_confirm=to_confirm,
    )
    return Entry(plan, pack({sheet.number: _draw(sheet) for sheet in sheets}))


def _learn_dynamic(untrusted_blank: bytes, header: Header, source: str) -> Entry:
    """A dynamic XFA form: the places of its template, for no free engine can draw its pages."""
    if header.form is None or header.edition is None:
        raise CannotLearnError("names_no_form")
    try:
        return learn_dynamic(untrusted_blank, header.form, header.edition, source)
    except XmlRefusedError as error:
        raise CannotLearnError("cannot_be_opened") from error


def _open_sheet(number: int, blob: bytes) -> _Sheet:
    header, payload = read_blob(blob)
    if header.kind != "pdf":
        raise CannotLearnError("is_a_picture")
    with open_page(payload) as page:
        runs = read_runs(page)
        width, height = page.get_size()
        values = (one.value for one in header.widgets if one.value and read_barcode_text(one.value))
        barcode = next(values, None) or _printed_barcode(page)
    return _Sheet(
        number=number,
        header=header,
        payload=payload,
        runs=runs,
        headings=find_headings(runs),
        is_two_columned=has_two_columns(runs, width),
        width_pt=width,
        height_pt=height,
        barcode=barcode,
    )


def _printed_barcode(page: pdfium.PdfPage) -> str | None:
    """The text of a barcode that is drawn and is no field."""
    found = find_barcode(render(page, MASK_DPI))
    if found is None:
        return None
    form, edition, number = found.identity
    year, month, day = (edition or "").split("-")
    return f"{form}|{month}/{day}/{year[2:]}|{number}"


def _identify(sheets: list[_Sheet]) -> tuple[Identity, dict[int, int]]:
    """The form and edition that most pages name, and the page number each page gives itself."""
    named: dict[int, Identity] = {}
    for sheet in sheets:
        low = " ".join(run.text for run in sheet.runs if run.bottom < sheet.height_pt * 0.1)
        identity = read_barcode_text(sheet.barcode) if sheet.barcode else find_footer(low)
        if identity and identity.edition:
            named[sheet.number] = identity
    counted = Counter((one.form, one.edition) for one in named.values())
    if not counted:
        raise CannotLearnError("names_no_form")
    if len(counted) > 1:
        raise CannotLearnError("names_several_forms")
    form, edition = next(iter(counted))
    numbers = {number: one.form_page for number, one in named.items() if one.form_page}
    return Identity(form, edition, None), numbers


def _find_places(sheets: list[_Sheet]) -> None:
    part: Heading | None = None
    for sheet in sheets:
        _find_slots(sheet, part)
        _find_fields(sheet, part)
        if sheet.headings:
            part = max(sheet.headings, key=lambda one: (sheet.column(one.left), -one.bottom))
    _make_ids_unique(sheets)
    _keep_first_person(sheets)


def _part_at(sheet: _Sheet, box: BoxPt, before: Heading | None) -> Heading | None:
    """The part a place belongs to: the last heading before it in reading order."""
    column = sheet.column(box[0])
    earlier = [
        one
        for one in sheet.headings
        if sheet.column(one.left) < column or (sheet.column(one.left) == column and one.bottom > box[3] - 4)
    ]
    return max(earlier, key=lambda one: (sheet.column(one.left), -one.bottom)) if earlier else before


def _find_slots(sheet: _Sheet, before: Heading | None) -> None:
    texts = [widget for widget in sheet.header.widgets if widget.kind in {"Tx", "Sig"} and widget.value is None]
    signatures: list[SlotPlan] = []
    dates: list[tuple[Widget, Run]] = []
    labels = _signature_labels(sheet, texts)
    for widget in texts:
        label = labels.get(widget.box_pt)
        if label:
            signatures.append(
                _slot(sheet, widget.box_pt, "signature", label, _part_at(sheet, widget.box_pt, before))
            )
            continue
        date_label = find_label(widget.box_pt, sheet.runs, _DATE)
        if date_label:
            dates.append((widget, date_label))
    sheet.slots = _pair(sheet, signatures, dates, before)


def _signature_labels(sheet: _Sheet, widgets: list[Widget]) -> dict[BoxPt, Run]:
    """Signature boxes and their labels; a label that two boxes claim belongs to the nearer one."""
    claimed: dict[Run, list[BoxPt]] = {}
    for widget in widgets:
        label = _signature_label(sheet, widget)
        if label:
            claimed.setdefault(label, []).append(widget.box_pt)
    return {min(boxes, key=lambda box: _distance(box, label)): label for label, boxes in claimed.items()}


def _signature_label(sheet: _Sheet, widget: Widget) -> Run | None:
    """The printed label of a signature: only fields that nobody can type into are signatures, or real `/Sig`."""
    if widget.kind != "Sig" and not widget.is_read_only:
        return None
    headings = {(one.left, one.bottom) for one in sheet.headings}
    runs = [
        run
        for run in sheet.runs
        if not _DATE_OF_SIGNATURE.search(run.text) and (run.left, run.bottom) not in headings
    ]
    label = find_label(widget.box_pt, runs, _SIGNATURE)
    closer = find_label(widget.box_pt, sheet.runs, _NO_SIGNATURE)
    if label and closer and _distance(widget.box_pt, closer) < _distance(widget.box_pt, label):
        return None
    return label


def _distance(box: BoxPt, run: Run) -> float:
    """How far a label is from its box: the upright distance, and a little for not starting where it does."""
    upright = max(0.0, run.bottom - box[3], box[1] - run.top)
    return upright + abs(run.left - box[0]) / 20


def _slot(sheet: _Sheet, box: BoxPt, kind: SlotKind, label: Run, heading: Heading | None) -> SlotPlan:
    part = heading.part if heading else None
    title = heading.title if heading else ""
    item = item_of(label, sheet.runs)
    party = _party(label.text) or _party(title)
    # Which part the form reserves for officials is printed in the part's title or just above it.
    is_for_official = party in {"officer", "judge"} or bool(_OFFICIAL.search(title))
    where = _where(part, sheet.number)
    return SlotPlan(
        id=(where + (f"item-{item}." if item else "") + kind).lower(),
        kind=kind,
        party=party,
        part=part,
        item=item,
        form_page=sheet.number,
        box_pt=_rounded(box),
        label=label.text,
        is_for_official=is_for_official,
    )


def _where(part: str | None, form_page: int | None) -> str:
    """The first word of a slot's id."""
    if part is None:
        return f"page-{form_page}."
    return f"{part.replace(' ', '-')}." if part.startswith("Supplement") else f"part-{part}."


def _party(text: str) -> str | None:
    return next((party for party, words in _PARTIES if words.search(text)), None)


def _rounded(box: BoxPt) -> BoxPt:
    left, bottom, right, top = (round(number, 1) for number in box)
    return left, bottom, right, top


def _pair(
    sheet: _Sheet, signatures: list[SlotPlan], dates: list[tuple[Widget, Run]], before: Heading | None
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
            slots.append(_slot(sheet, widget.box_pt, "date", label, _part_at(sheet, widget.box_pt, before)))
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
    where = _where(signature.part, signature.form_page)
    return SlotPlan(
        id=(where + (f"item-{own_item}." if own_item else "") + "date").lower(),
        kind="date",
        party=signature.party,
        part=signature.part,
        item=own_item,
        form_page=signature.form_page,
        box_pt=_rounded(widget.box_pt),
        pair=signature.id,
        label=label.text,
        is_for_official=signature.is_for_official,
    )


def _find_fields(sheet: _Sheet, before: Heading | None) -> None:
    taken = {slot.box_pt for slot in sheet.slots}
    for widget in sheet.header.widgets:
        if _rounded(widget.box_pt) in taken or widget.kind not in {"Tx", "Btn"}:
            continue
        heading = _part_at(sheet, widget.box_pt, before)
        purpose, label = _purpose(sheet, widget, heading)
        if purpose is None:
            continue
        sheet.fields.append(
            FieldPlan(
                purpose=purpose,
                part=heading.part if heading else None,
                item=item_of(label, sheet.runs) if label else None,
                form_page=sheet.number,
                box_pt=_rounded(widget.box_pt),
                is_check_box=widget.kind == "Btn",
            )
        )


def _purpose(sheet: _Sheet, widget: Widget, heading: Heading | None) -> tuple[str | None, Run | None]:
    if widget.kind == "Btn":
        limit = (
            sheet.width_pt / 2 if sheet.is_two_columned and not sheet.column(widget.box_pt[0]) else sheet.width_pt
        )
        said = _STATEMENT.search(text_right_of(widget.box_pt, sheet.runs, limit, _next_box_below(sheet, widget)))
        return (f"{said.group(1).lower()}.statement", None) if said else (None, None)
    label = find_label(widget.box_pt, sheet.runs, _HELPER_NAME)
    found = _HELPER_NAME.search(label.text) if label else None
    if found and not re.search(r"business|organization|signature", label.text if label else "", re.IGNORECASE):
        who = found.group("who") or found.group("whom")
        return f"{who.lower()}.name", label
    if not heading or not _ABOUT_PERSON.search(heading.title) or _OTHER_PERSON.search(widget.tooltip):
        return None, None
    label = find_label(widget.box_pt, sheet.runs, _PERSON_LABEL)
    return next((purpose for purpose, words in _PERSON if label and words.search(label.text)), None), label


def _next_box_below(sheet: _Sheet, box: Widget) -> float:
    """Where the text of a check box ends at the latest: 32 points down, or at the next box in the same column."""
    below = [
        one.box_pt[3]
        for one in sheet.header.widgets
        if one.kind == "Btn" and abs(one.box_pt[0] - box.box_pt[0]) < 60 and one.box_pt[3] < box.box_pt[1]
    ]
    return max([box.box_pt[1] - 32, *below])


def _make_ids_unique(sheets: list[_Sheet]) -> None:
    """Slots without an item of their own get their party in the id; what is still the same gets a number."""
    counts = Counter(slot.id for sheet in sheets for slot in sheet.slots)
    seen: Counter[str] = Counter()
    for sheet in sheets:
        renamed: dict[str, list[SlotPlan]] = {}
        for slot in sheet.slots:
            renamed.setdefault(slot.id, []).append(slot)
        new_ids: dict[tuple[str, BoxPt], str] = {}
        for slot in sheet.slots:
            new = slot.id
            if counts[slot.id] > 1 and slot.party:
                new = f"{slot.id.rsplit('.', 1)[0]}.{slot.party}.{slot.kind}"
            seen[new] += 1
            new_ids[slot.id, slot.box_pt] = new if seen[new] == 1 else f"{new}-{seen[new]}"
        sheet.slots = _renamed(sheet.slots, new_ids)


def _renamed(slots: list[SlotPlan], new_ids: dict[tuple[str, BoxPt], str]) -> list[SlotPlan]:
    """Signatures and their dates follow one another, so a pair is found beside its slot."""
    result: list[SlotPlan] = []
    for index, slot in enumerate(slots):
        other = slots[index + 1] if slot.kind == "signature" and slot.pair else slots[index - 1]
        pair = new_ids[other.id, other.box_pt] if slot.pair else None
        result.append(slot.model_copy(update={"id": new_ids[slot.id, slot.box_pt], "pair": pair}))
    return result


def _keep_first_person(sheets: list[_Sheet]) -> None:
    """The main person's own name comes first; later fields of the same purpose are other names."""
    seen: set[str] = set()
    for sheet in sheets:
        kept = []
        for one in sheet.fields:
            if one.purpose.startswith("person."):
                if one.purpose in seen:
                    continue
                seen.add(one.purpose)
            kept.append(one)
        sheet.fields = kept


def _to_confirm(sheets: list[_Sheet]) -> list[str]:
    """What a human must look at, in plain sentences."""
    remarks = []
    slots = [slot for sheet in sheets for slot in sheet.slots]
    if not slots:
        remarks.append("No place to sign was found: confirm that nobody signs this form.")
    for slot in slots:
        if slot.party is None:
            remarks.append(f"{slot.id} (page {slot.form_page}): who signs here? Label: {slot.label!r}.")
        if slot.part is None:
            remarks.append(f"{slot.id} (page {slot.form_page}): no part is printed above it.")
        if slot.kind == "signature" and slot.pair is None:
            remarks.append(f"{slot.id} (page {slot.form_page}): no date belongs to it.")
        if slot.is_for_official:
            remarks.append(
                f"{slot.id} (page {slot.form_page}): taken for an official's or interview's, empty when filed."
            )
    remarks += [f"Page {sheet.number} has no barcode." for sheet in sheets if sheet.barcode is None]
    return remarks


def _draw(sheet: _Sheet) -> PageArrays:
    """Features of the page and the print around each of its places."""
    with open_page(sheet.payload) as page:
        dpi = _FEATURE_WIDTH / sheet.width_pt * 72
        count = _FEATURES_WITH_PLACES if sheet.slots or sheet.fields else _FEATURES
        points, descriptors = features(render(page, dpi), (_FEATURE_WIDTH, count))
        masks = {}
        for slot in sheet.slots:
            part = around(slot.box_pt, SLOT_MARGIN_PT, sheet.width_pt, sheet.height_pt)
            masks[slot.id] = _printed(render(page, MASK_DPI, part), part)
        for one in sheet.fields:
            part = around(one.box_pt, FIELD_MARGIN_PT, sheet.width_pt, sheet.height_pt)
            masks[field_key(one)] = _printed(render(page, MASK_DPI, part), part)
    boxes = np.array([widget.box_pt for widget in sheet.header.widgets], np.float32).reshape(-1, 4)
    return PageArrays(points * np.float32(72 / dpi), descriptors, masks, boxes)


def _printed(crop: Pixels, part: BoxPt) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
    width, height = size_px(part)
    mask = np.zeros((height, width), np.bool_)
    high, wide = min(height, crop.shape[0]), min(width, crop.shape[1])
    mask[:high, :wide] = crop[:high, :wide] < DARK
    return mask
