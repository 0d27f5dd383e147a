"""Learns a form's edition from its blank: identity, slots and fields from printed labels, features and masks.

Place in the pipeline: behind `wetink learn`; run where client files are opened. Trust level: a blank form chosen
by the firm. Residual risk: labels are understood by nearness and by words; `to_confirm` lists what a human must
look at, and requirements (who signs when) are never learned.

The steps: `sheet` opens a page, `refusals` say what is no blank form, `learn_slots` and `learn_fields` find places
by what is printed beside them, `drawing` keeps what the page looks like; `learn_dynamic` does all of it for forms
that have no pages.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from typing import Literal

from services.ocr.catalogue.cannot_learn import CannotLearnError
from services.ocr.catalogue.drawing import draw
from services.ocr.catalogue.learn_dynamic import learn_dynamic
from services.ocr.catalogue.learn_fields import find_fields, keep_first_person
from services.ocr.catalogue.learn_slots import find_slots, unclaimed_labels
from services.ocr.catalogue.model import Entry, FormPlan, PagePlan, SlotPlan, pack
from services.ocr.catalogue.refusals import refuse_what_is_filled, refuse_what_is_no_form
from services.ocr.catalogue.sheet import Sheet, open_sheet
from services.ocr.catalogue.slot_ids import make_ids_unique
from services.ocr.reading.blob import Header, read_blob
from services.ocr.reading.identity import Identity, find_footer, page_told, read_barcode_text
from services.ocr.reading.pages import count_and_cut
from services.ocr.reading.xfa_xml import XmlRefusedError

DateGrammar = Literal["mm/dd/yyyy", "yyyy-mm-dd"]
_GRAMMAR = re.compile(r"\b([mdy]{2,4})\s?[/-]\s?([mdy]{2,4})\s?[/-]\s?([mdy]{2,4})\b", re.IGNORECASE)


def learn(untrusted_blank: bytes) -> Entry:
    """The catalogue entry of a blank form; `CannotLearnError` says what stands in the way."""
    cut = count_and_cut([untrusted_blank])
    if cut.outcome != "read":
        raise CannotLearnError("needs_password" if cut.outcome == "locked" else "cannot_be_opened")
    blobs = [page.blob for page in cut.pages if page.blob is not None]
    first, _ = read_blob(blobs[0])
    source = f"blank form, sha256 {hashlib.sha256(untrusted_blank).hexdigest()}"
    if first.kind == "xfa":
        return _learn_dynamic(untrusted_blank, first, source)
    sheets = [open_sheet(number, blob) for number, blob in enumerate(blobs, 1)]
    refuse_what_is_no_form(sheets)
    named = {sheet.number: identity for sheet in sheets if (identity := _identity(sheet))}
    form, edition = _form_and_edition(named)
    _refuse_missing_pages(sheets, named)
    _find_places(sheets)
    refuse_what_is_filled(sheets)
    grammar, remarks = _date_grammar(sheets, form)
    plan = FormPlan(
        form=form,
        edition=edition,
        source=source,
        date_grammar=grammar,
        pages=[
            PagePlan(
                number=one.number,
                width_pt=one.width_pt,
                height_pt=one.height_pt,
                barcode=one.barcode,
                footer=one.footer,
            )
            for one in sheets
        ],
        slots=[slot for sheet in sheets for slot in sheet.slots],
        fields=[place for sheet in sheets for place in sheet.fields],
        to_confirm=[*_to_confirm(sheets, named), *remarks],
    )
    return Entry(plan, pack({sheet.number: draw(sheet) for sheet in sheets}))


def _learn_dynamic(untrusted_blank: bytes, header: Header, source: str) -> Entry:
    """A dynamic XFA form: the places of its template, for no free engine can draw its pages."""
    if header.form is None or header.edition is None:
        raise CannotLearnError("names_no_form")
    try:
        return learn_dynamic(untrusted_blank, header.form, header.edition, source)
    except XmlRefusedError as error:
        raise CannotLearnError("cannot_be_opened") from error


def _identity(sheet: Sheet) -> Identity | None:
    """What a page says it is: its barcode, or its footer."""
    return read_barcode_text(sheet.barcode) if sheet.barcode else find_footer(sheet.foot)


def _form_and_edition(named: dict[int, Identity]) -> tuple[str, str]:
    """The form and edition that the pages name."""
    told = {(one.form, one.edition) for one in named.values() if one.edition}
    if len(told) > 1:
        raise CannotLearnError("names_several_forms")
    for form, edition in told:
        if edition is not None:
            return form, edition
    raise CannotLearnError("names_no_form")


def _refuse_missing_pages(sheets: list[Sheet], named: dict[int, Identity]) -> None:
    """Each page must be the one it says it is, and all that are told of must be there."""
    own = [(number, one.form_page) for number, one in named.items() if one.form_page]
    told = {page[1] for sheet in sheets if (page := page_told(sheet.foot))}
    if any(number != page for number, page in own) or (told and max(told) > len(sheets)):
        raise CannotLearnError("pages_out_of_order")
    if told and max(told) < len(sheets):
        raise CannotLearnError("has_other_pages")


def _find_places(sheets: list[Sheet]) -> None:
    part = None
    for sheet in sheets:
        sheet.slots = find_slots(sheet, part)
        sheet.fields = find_fields(sheet, part)
        part = sheet.last_part(part)
    for sheet, slots in zip(sheets, make_ids_unique([sheet.slots for sheet in sheets]), strict=True):
        sheet.slots = slots
    keep_first_person(sheets)


def _date_grammar(sheets: list[Sheet], form: str) -> tuple[DateGrammar, list[str]]:
    """How days are written on the form, as printed beside its dates; else as its agency does."""
    printed = Counter(
        "".join(part[0] for part in found.groups()).lower()
        for sheet in sheets
        for run in sheet.runs
        for found in _GRAMMAR.finditer(run.text)
    )
    usual: DateGrammar = "yyyy-mm-dd" if form.startswith("IMM") else "mm/dd/yyyy"
    known: dict[str, DateGrammar] = {"mdy": "mm/dd/yyyy", "ymd": "yyyy-mm-dd"}
    others = sorted(order for order in printed if order not in known)
    remarks = [f"Days are also asked for in the order {order!r}: such dates cannot be read." for order in others]
    counted = [(printed[order], grammar) for order, grammar in known.items() if printed[order]]
    return (max(counted)[1] if counted else usual), remarks


def _to_confirm(sheets: list[Sheet], named: dict[int, Identity]) -> Iterator[str]:
    """What a human must look at, in plain sentences."""
    parties = {slot.party for sheet in sheets for slot in sheet.slots if slot.kind == "signature"}
    if not any(sheet.slots for sheet in sheets):
        yield "No place to sign was found: confirm that nobody signs this form."
    for sheet in sheets:
        for label in unclaimed_labels(sheet, parties):
            yield f"Page {sheet.number} says {label!r}, and no place to sign was found beside it."
        drawn = {tuple(round(number, 1) for number in one.box_pt) for one in sheet.drawn}
        for slot in sheet.slots:
            yield from _of_slot(slot, is_drawn=slot.box_pt in drawn)
    yield from (
        f"Page {one.number} does not say which form it is of." for one in sheets if one.number not in named
    )
    yield from (f"Page {sheet.number} has no barcode." for sheet in sheets if sheet.barcode is None)


def _of_slot(slot: SlotPlan, *, is_drawn: bool) -> Iterator[str]:
    where = f"{slot.id} (page {slot.form_page})"
    if is_drawn:
        yield f"{where}: no field, found by a drawn line or box beside {slot.label!r}."
    if slot.party is None:
        yield f"{where}: who signs here? Label: {slot.label!r}."
    if slot.part is None:
        yield f"{where}: no part is printed above it."
    if slot.kind == "signature" and slot.pair is None:
        yield f"{where}: no date belongs to it."
    if slot.is_for_official:
        yield f"{where}: taken for an official's or interview's, empty when filed."
