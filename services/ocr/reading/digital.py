"""Reads a page that a program drew: fields, annotations and text are data, and only the slots are rendered.

Place in the pipeline: called by `page` for one-page PDFs whose identity is known without pixels. Trust level: a
client's PDF. Residual risk: fields may disagree with what is drawn, so ink is always judged on pixels.
"""

from functools import partial

import cv2
import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from services.ocr.catalogue.model import MASK_DPI, Entry, FieldPlan, PageArrays, SlotPlan, field_key
from services.ocr.reading import ink
from services.ocr.reading.blob import Header
from services.ocr.reading.dates import NO_DAY
from services.ocr.reading.dates_picture import date_in
from services.ocr.reading.filled import is_filled_in, is_ticked
from services.ocr.reading.marks import NO_MARK, Crop, MarkSeen, PutOn, look_at, name_copies
from services.ocr.reading.place import FIELD_MARGIN_PT, SLOT_MARGIN_PT, around, boxes_near, within
from services.ocr.reading.raster import Pixels, render
from services.ocr.reading.result import Findings, picture, slot_reading
from services.ocr.reading.values import widgets_at
from wetink.contracts.reading import FieldReading

_FOOTER_SHARE = 0.1
_WHOLE_PAGE_SHARE = 0.8
_MUCH_TEXT = 100
_SIGNED = ink.InkVerdict("present", 0.99)


def footer_text(page: pdfium.PdfPage) -> str:
    """The text in the lowest tenth of the page; twice as much of a wide one, where two pages may lie."""
    width, height = page.get_size()
    share = _FOOTER_SHARE * (2 if width > height else 1)
    return str(page.get_textpage().get_text_bounded(0, 0, width, height * share))


def text_of(page: pdfium.PdfPage) -> str:
    """All text that the page draws."""
    return str(page.get_textpage().get_text_range())


def has_text(page: pdfium.PdfPage) -> bool:
    """True when the page's text can be believed to be all of it; outlines and pictures of text have none."""
    return int(page.get_textpage().count_chars()) >= _MUCH_TEXT


def whole_picture(page: pdfium.PdfPage) -> pdfium.PdfImage | None:
    """The picture that covers the page: a scan inside a PDF that a program made."""
    width, height = page.get_size()
    for image in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = image.get_bounds()
        if (right - left) * (top - bottom) >= _WHOLE_PAGE_SHARE * width * height:
            return image
    return None


def read_places(
    page: pdfium.PdfPage, header: Header, there: PutOn, entry: Entry, form_page: int
) -> Findings | None:
    """All slots and fields of the page; null when it is not drawn like the blank form."""
    plan = entry.page(form_page)
    width, height = page.get_size()
    if plan is None or abs(width - plan.width_pt) > 2 or abs(height - plan.height_pt) > 2:
        return None
    findings = Findings()
    slots, fields = entry.slots(form_page), entry.fields(form_page)
    if not slots and not fields:
        return findings
    drawn = _DrawnPage(page, header, there, entry, entry.unpack(form_page))
    for slot in slots:
        if not drawn.read_slot(slot, findings):
            return None
    findings.slots = name_copies(findings.slots)
    findings.fields = [drawn.read_field(field) for field in fields]
    return findings


class _DrawnPage:
    """A digital page that lies exactly over the blank form."""

    def __init__(
        self, page: pdfium.PdfPage, header: Header, there: PutOn, entry: Entry, arrays: PageArrays
    ) -> None:
        self.page, self.header, self.there, self.entry, self.arrays = page, header, there, entry, arrays

    def read_slot(self, slot: SlotPlan, findings: Findings) -> bool:
        """Add the slot to the findings; False when the form is not printed here as on the blank."""
        part = around(slot.box_pt, SLOT_MARGIN_PT, *self.page.get_size())
        printed = self.arrays.masks[slot.id]
        crop = _fit(render(self.page, MASK_DPI, part, in_colour=True), printed.shape)
        dark, box = np.asarray(cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY), np.uint8), within(slot.box_pt, part)
        others = boxes_near(self.arrays.boxes, slot.box_pt, part)
        if ink.find_again(dark, printed) < ink.GATE:
            return False
        verdict = ink.decide_digital(ink.measure(dark, printed, box, slot.kind, others))
        seen = NO_MARK
        if self._is_signed_digitally(slot):
            verdict, seen = _SIGNED, MarkSeen("digital")
        elif verdict.ink == "present":
            seen = look_at(Crop(dark, printed, box), slot.kind, self.there, partial(within, part_pt=part))
        day = NO_DAY
        if slot.kind == "date" and verdict.ink == "present":
            text = self.there.value_in(slot.box_pt) if seen.mark == "typed" else None
            day = date_in(Crop(dark, printed, box), text, self.entry.plan.date_grammar)
        findings.slots.append(slot_reading(slot, verdict, seen.mark, day, seen.fingerprint))
        findings.pictures.append(picture(slot, crop))
        return True

    def _is_signed_digitally(self, slot: SlotPlan) -> bool:
        """A digital signature need not be drawn."""
        there = widgets_at(self.header, slot.box_pt)
        return slot.kind == "signature" and any(widget.kind == "Sig" and widget.value for widget in there)

    def read_field(self, field: FieldPlan) -> FieldReading:
        """Another place of the page; null where the form is not printed here as on the blank."""
        value = self.there.value_in(field.box_pt)
        is_filled: bool | None = any(widget.value for widget in widgets_at(self.header, field.box_pt))
        if not is_filled:
            part = around(field.box_pt, FIELD_MARGIN_PT, *self.page.get_size())
            printed = self.arrays.masks[field_key(field)]
            crop = _fit(render(self.page, MASK_DPI, part), printed.shape)
            look = is_ticked if field.is_check_box else is_filled_in
            is_there = ink.find_again(crop, printed) >= ink.GATE
            is_filled = look(crop, printed, within(field.box_pt, part)) is not False if is_there else None
        return FieldReading(
            purpose=field.purpose,
            part=field.part,
            item=field.item,
            is_filled=is_filled,
            value=value if is_filled and not field.is_check_box else None,
        )


def _fit(crop: Pixels, shape: tuple[int, ...]) -> Pixels:
    """PDFium rounds a crop's edges its own way: a pixel more or less."""
    high, wide = shape[:2]
    grown = cv2.copyMakeBorder(
        crop,
        0,
        max(0, high - crop.shape[0]),
        0,
        max(0, wide - crop.shape[1]),
        cv2.BORDER_CONSTANT,
        value=(255, 255, 255),
    )
    return np.asarray(grown[:high, :wide], np.uint8)
