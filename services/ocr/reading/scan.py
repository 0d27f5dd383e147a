"""Reads a page that is a picture: a scan, a fax, a photo, or a PDF page that shows nothing else.

Place in the pipeline: called by `page`. Trust level: a client's pixels. Residual risk: what cannot be registered
is `unsure` at every slot, never silent.
"""

from collections.abc import Callable

import cv2
import numpy as np

from services.ocr.catalogue.model import Catalogue, Entry, FieldPlan, PageArrays, PagePlan, SlotPlan, field_key
from services.ocr.reading import ink, place
from services.ocr.reading.barcode import find_barcode
from services.ocr.reading.raster import Pixels
from services.ocr.reading.registration import CHEAP, DEAR, MIN_INLIERS, Registration, features, register
from services.ocr.reading.result import Findings, Named, picture, slot_reading
from wetink.contracts.reading import BoxPt, FieldReading, Mark

_FILLED_SHARE = 0.02
_TICKED_SHARE = 0.10
_DOUBT = 0.5
"""Between this share of a threshold and the threshold itself it cannot be told."""


def name_by_barcode(grey: Pixels, catalogue: Catalogue) -> Named | None:
    """Which page the picture shows, by its barcode; null when it has none that can be read."""
    barcode = find_barcode(grey)
    if barcode is None:
        return None
    identity = barcode.identity
    return Named(identity, "barcode", catalogue.find(identity.form, identity.edition))


def read_places(
    grey: Pixels, colour: Callable[[], Pixels], entry: Entry, form_page: int
) -> tuple[Findings, Registration | None]:
    """All slots and fields of a named page, and how it lay; `colour` decodes the picture in colour when needed."""
    plan = entry.page(form_page)
    slots, fields = entry.slots(form_page), entry.fields(form_page)
    if plan is None or not (slots or fields):
        return Findings(), None
    arrays = entry.unpack(form_page)
    picture_in_colour: Pixels | None = None
    findings, registration = Findings(), None
    for size in (CHEAP, DEAR):
        registration = register(*features(grey, size), arrays.points, arrays.descriptors)
        if registration is None or registration.inliers < MIN_INLIERS:
            continue
        picture_in_colour = colour() if picture_in_colour is None else picture_in_colour
        findings = _Sheet(picture_in_colour, registration, plan, arrays).read(slots, fields)
        if all(slot.reason != "form_not_found_here" for slot in findings.slots):
            return findings, registration
    return findings if findings.slots or findings.fields else _not_registered(slots, fields), registration


def _not_registered(slots: list[SlotPlan], fields: list[FieldPlan]) -> Findings:
    verdict = ink.InkVerdict("unsure", 0.0, "page_not_registered")
    return Findings(
        slots=[slot_reading(slot, verdict) for slot in slots],
        fields=[
            FieldReading(purpose=field.purpose, part=field.part, item=field.item, is_filled=None)
            for field in fields
        ],
    )


class _Sheet:
    """A registered picture of a form page."""

    def __init__(self, pixels: Pixels, registration: Registration, plan: PagePlan, arrays: PageArrays) -> None:
        self.pixels = pixels
        self.matrix = registration.matrix
        self.plan = plan
        self.arrays = arrays

    def read(self, slots: list[SlotPlan], fields: list[FieldPlan]) -> Findings:
        findings = Findings()
        for slot in slots:
            self._read_slot(slot, findings)
        findings.fields = [self._read_field(field) for field in fields]
        return findings

    def _crop(self, part: BoxPt) -> Pixels:
        """The part of the form as it is on the picture, at 200 dpi, upright, padded for the local shift."""
        width, height = place.size_px(part)
        pad = ink.PAD_PX
        matrix = self.matrix @ place.crop_matrix(part, self.plan.height_pt, pad)
        warped = cv2.warpPerspective(
            self.pixels,
            matrix,
            (width + 2 * pad, height + 2 * pad),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return np.asarray(warped, np.uint8)

    def _read_slot(self, slot: SlotPlan, findings: Findings) -> None:
        part = place.around(slot.box_pt, place.SLOT_MARGIN_PT, self.plan.width_pt, self.plan.height_pt)
        printed = self.arrays.masks[slot.id]
        crop = self._crop(part)
        dark = ink.align(ink.darkness(crop), printed)
        others = place.boxes_near(self.arrays.boxes, slot.box_pt, part)
        measures = ink.measure(dark, printed, place.within(slot.box_pt, part), slot.kind, others)
        verdict = ink.decide(measures)
        mark: Mark = "typed" if measures.looks_typed and slot.kind == "date" else "handwritten"
        if measures.looks_typed and slot.kind == "signature":
            mark = "unsure"
        findings.slots.append(slot_reading(slot, verdict, mark if verdict.ink == "present" else "unsure"))
        findings.pictures.append(picture(slot, crop[ink.PAD_PX : -ink.PAD_PX, ink.PAD_PX : -ink.PAD_PX]))

    def _read_field(self, field: FieldPlan) -> FieldReading:
        part = place.around(field.box_pt, place.FIELD_MARGIN_PT, self.plan.width_pt, self.plan.height_pt)
        printed = self.arrays.masks[field_key(field)]
        dark = ink.align(ink.darkness(self._crop(part)), printed)
        share = ink.share_inside(dark, printed, place.within(field.box_pt, part))
        threshold = _TICKED_SHARE if field.is_check_box else _FILLED_SHARE
        is_filled: bool | None = share >= threshold
        if ink.find_again(dark, printed) < ink.GATE or _DOUBT * threshold <= share < threshold:
            is_filled = None
        return FieldReading(purpose=field.purpose, part=field.part, item=field.item, is_filled=is_filled)
