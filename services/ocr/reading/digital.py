"""Reads a page that a program drew: fields, annotations and text are data, and only the slots are rendered.

Place in the pipeline: called by `page` for one-page PDFs whose identity is known without pixels. Trust level: a
client's PDF. Residual risk: fields may disagree with what is drawn, so ink is always judged on pixels.
"""

import cv2
import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from services.ocr.catalogue.model import MASK_DPI, Entry, FieldPlan, PageArrays, SlotPlan, field_key
from services.ocr.reading import ink
from services.ocr.reading.blob import Header, Widget
from services.ocr.reading.dates import NO_DAY, read_typed_date
from services.ocr.reading.place import FIELD_MARGIN_PT, SLOT_MARGIN_PT, around, boxes_near, overlap, within
from services.ocr.reading.raster import Pixels, render
from services.ocr.reading.result import Findings, picture, slot_reading
from wetink.contracts.reading import BoxPt, FieldReading, Mark

_FOOTER_SHARE = 0.1
_WHOLE_PAGE_SHARE = 0.8
_MUCH_TEXT = 100
_FILLED_SHARE = 0.02
_TICKED_SHARE = 0.08
_ANNOTATION_MARKS: dict[str, Mark] = {"Ink": "digital", "Stamp": "pasted", "FreeText": "typed"}


def footer_text(page: pdfium.PdfPage) -> str:
    """The text in the lowest tenth of the page."""
    width, height = page.get_size()
    return str(page.get_textpage().get_text_bounded(0, 0, width, height * _FOOTER_SHARE))


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


def read_places(page: pdfium.PdfPage, header: Header, entry: Entry, form_page: int) -> Findings | None:
    """All slots and fields of the page; null when it is not drawn like the blank form."""
    plan = entry.page(form_page)
    width, height = page.get_size()
    if plan is None or abs(width - plan.width_pt) > 2 or abs(height - plan.height_pt) > 2:
        return None
    findings = Findings()
    slots, fields = entry.slots(form_page), entry.fields(form_page)
    if not slots and not fields:
        return findings
    drawn = _DrawnPage(page, header, entry, entry.unpack(form_page))
    for slot in slots:
        if not drawn.read_slot(slot, findings):
            return None
    findings.fields = [_read_field(page, header, field, drawn.arrays) for field in fields]
    return findings


class _DrawnPage:
    """A digital page that lies exactly over the blank form."""

    def __init__(self, page: pdfium.PdfPage, header: Header, entry: Entry, arrays: PageArrays) -> None:
        self.page, self.header, self.entry, self.arrays = page, header, entry, arrays

    def read_slot(self, slot: SlotPlan, findings: Findings) -> bool:
        """Add the slot to the findings; False when the form is not printed here as on the blank."""
        part = around(slot.box_pt, SLOT_MARGIN_PT, *self.page.get_size())
        printed = self.arrays.masks[slot.id]
        crop = _fit(render(self.page, MASK_DPI, part, in_colour=True), printed.shape)
        others = boxes_near(self.arrays.boxes, slot.box_pt, part)
        measures = ink.measure(ink.darkest_channel(crop), printed, within(slot.box_pt, part), slot.kind, others)
        if measures.gate < ink.GATE:
            return False
        verdict = ink.decide_digital(measures)
        widget = _widget_at(self.header, slot.box_pt)
        mark = _mark(self.page, self.header, widget, slot.box_pt) if verdict.ink == "present" else None
        day = NO_DAY
        if slot.kind == "date" and mark == "typed":
            typed = widget.value if widget and widget.value else _text_in(self.page, slot.box_pt)
            day = read_typed_date(typed, self.entry.plan.date_grammar)
        findings.slots.append(slot_reading(slot, verdict, mark, day))
        findings.pictures.append(picture(slot, crop))
        return True


def _mark(page: pdfium.PdfPage, header: Header, widget: Widget | None, box: BoxPt) -> Mark:
    """What put the ink there: a field, an annotation, or an object of the page."""
    if widget and widget.value:
        return "digital" if widget.kind == "Sig" else "typed"
    for annotation in header.annotations:
        if overlap(annotation.box_pt, box):
            return _ANNOTATION_MARKS.get(annotation.subtype, "unsure")
    width, height = page.get_size()
    kinds = set()
    for item in page.get_objects(max_depth=3):
        bounds = item.get_bounds()
        if not overlap(bounds, box):
            continue
        area = (bounds[2] - bounds[0]) * (bounds[3] - bounds[1])
        if item.type == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            return "pasted" if area < _WHOLE_PAGE_SHARE * width * height else "handwritten"
        kinds.add(item.type)
    if _text_in(page, box):
        return "typed"
    return "digital" if pdfium_c.FPDF_PAGEOBJ_PATH in kinds else "unsure"


def _text_in(page: pdfium.PdfPage, box: BoxPt) -> str | None:
    """The text drawn inside a box, null when there are not two letters or digits."""
    text = str(page.get_textpage().get_text_bounded(box[0], box[1] + 2, box[2], box[3] - 2)).strip()
    return text if sum(character.isalnum() for character in text) >= 2 else None


def _read_field(page: pdfium.PdfPage, header: Header, field: FieldPlan, arrays: PageArrays) -> FieldReading:
    widget = _widget_at(header, field.box_pt)
    value = widget.value if widget else None
    if widget is None or value is None:
        part = around(field.box_pt, FIELD_MARGIN_PT, *page.get_size())
        printed = arrays.masks[field_key(field)]
        crop = _fit(render(page, MASK_DPI, part), printed.shape)
        share = ink.share_inside(crop, printed, within(field.box_pt, part))
        is_filled = share >= (_TICKED_SHARE if field.is_check_box else _FILLED_SHARE)
        if is_filled and not field.is_check_box:
            value = _text_in(page, field.box_pt)
    else:
        is_filled = True
    return FieldReading(
        purpose=field.purpose,
        part=field.part,
        item=field.item,
        is_filled=is_filled,
        value=None if field.is_check_box else value,
    )


def _widget_at(header: Header, box: BoxPt) -> Widget | None:
    """The form field whose middle lies in the box."""
    for widget in header.widgets:
        left, bottom, right, top = widget.box_pt
        x, y = (left + right) / 2, (bottom + top) / 2
        if box[0] <= x <= box[2] and box[1] <= y <= box[3] and right - left <= 1.5 * (box[2] - box[0]):
            return widget
    return None


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
