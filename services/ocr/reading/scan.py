"""Reads a page that is a picture: a scan, a fax, a photo, or a PDF page that shows nothing else.

Place in the pipeline: called by `page`. Trust level: a client's pixels. Residual risk: what cannot be registered
is `unsure` at every slot, never silent.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from services.ocr.catalogue.model import Catalogue, Entry, FieldPlan, PageArrays, PagePlan, SlotPlan, field_key
from services.ocr.reading import ink, place
from services.ocr.reading.barcode import find_barcode
from services.ocr.reading.dates import NO_DAY, Grammar
from services.ocr.reading.dates_picture import date_in
from services.ocr.reading.filled import is_filled_in, is_ticked
from services.ocr.reading.marks import NOTHING, Crop, PutOn, look_at, name_copies
from services.ocr.reading.raster import Pixels, is_one_bit
from services.ocr.reading.registration import (
    CHEAP,
    DEAR,
    MIN_INLIERS,
    Registration,
    features,
    is_blurred,
    register,
)
from services.ocr.reading.result import Findings, Named, picture, slot_reading
from wetink.contracts.reading import BoxPt, FieldReading

_NOT_FOUND = {"form_not_found_here", "page_not_registered"}


def name_by_barcode(grey: Pixels, catalogue: Catalogue) -> Named | None:
    """Which page the picture shows, by its barcode; null when it has none that can be read."""
    barcode = find_barcode(grey)
    if barcode is None:
        return None
    identity = barcode.identity
    return Named(identity, "barcode", catalogue.find(identity.form, identity.edition))


def read_places(
    grey: Pixels, colour: Callable[[], Pixels], entry: Entry, form_page: int, put_on: PutOn = NOTHING
) -> tuple[Findings, Registration | None]:
    """All slots and fields of a named page, and how it lay; `colour` decodes the picture in colour when needed.

    `put_on` is what a program put on the page of which this is the picture.
    """
    plan = entry.page(form_page)
    slots, fields = entry.slots(form_page), entry.fields(form_page)
    if plan is None or not (slots or fields):
        return Findings(), None
    arrays = entry.unpack(form_page)
    form = _FormPage(entry.plan.date_grammar, plan, arrays)
    picture_in_colour: Pixels | None = None
    findings, registration = Findings(), None
    for size in (CHEAP, DEAR):
        registration = register(*features(grey, size), arrays.points, arrays.descriptors)
        if registration is None or registration.inliers < MIN_INLIERS:
            continue
        picture_in_colour = colour() if picture_in_colour is None else picture_in_colour
        findings = _Sheet(picture_in_colour, registration, form, put_on).read(slots, fields)
        if all(slot.reason != "form_not_found_here" for slot in findings.slots):
            return findings, registration
    if not findings.slots and not findings.fields:
        findings = _not_registered(slots, fields)
    return _with_blur_named(findings, grey), registration


def _not_registered(slots: list[SlotPlan], fields: list[FieldPlan]) -> Findings:
    verdict = ink.InkVerdict("unsure", 0.0, "page_not_registered")
    return Findings(
        slots=[slot_reading(slot, verdict) for slot in slots],
        fields=[
            FieldReading(purpose=field.purpose, part=field.part, item=field.item, is_filled=None)
            for field in fields
        ],
    )


def _with_blur_named(findings: Findings, grey: Pixels) -> Findings:
    """The same findings; where the form was not found because the picture is blurred, they say so."""
    if is_blurred(grey):
        findings.slots = [
            slot.model_copy(update={"reason": "page_blurred"}) if slot.reason in _NOT_FOUND else slot
            for slot in findings.slots
        ]
    return findings


class _Laid(NamedTuple):
    """A padded crop of a place, its darkness where the form lies under it, and whether it was found there."""

    crop: Pixels
    dark: Pixels
    is_found: bool


class _FormPage(NamedTuple):
    """What is known of the page of the form."""

    grammar: Grammar
    plan: PagePlan
    arrays: PageArrays


class _Sheet:
    """A registered picture of a form page."""

    def __init__(self, pixels: Pixels, registration: Registration, form: _FormPage, put_on: PutOn) -> None:
        self.pixels = pixels
        self.is_one_bit = is_one_bit(pixels)
        self.registration = registration
        self.matrix = registration.matrix
        self.grammar, self.plan, self.arrays = form
        self.put_on = put_on

    def read(self, slots: list[SlotPlan], fields: list[FieldPlan]) -> Findings:
        findings = Findings()
        for slot in slots:
            self._read_slot(slot, findings)
        findings.slots = name_copies(findings.slots)
        findings.fields = [self._read_field(field) for field in fields]
        return findings

    def _lay_over(self, part: BoxPt, printed: ink.Mask) -> _Laid:
        """A part of the form as it is on the picture, laid over what is printed there.

        Where the whole page's matrix fails, as on curled or folded paper, what was found near the place counts.
        On a one-bit scan that lies well, print that is not found is lost, not elsewhere.
        """
        laid = self._by(self.matrix, part, printed)
        if laid.is_found:
            return laid
        near = self.registration.near((part[0] + part[2]) / 2, self.plan.height_pt - (part[1] + part[3]) / 2)
        if near is not None and (laid_near := self._by(near, part, printed)).is_found:
            return laid_near
        if self.is_one_bit and self.registration.is_sure:
            middle = (slice(ink.PAD_PX, -ink.PAD_PX), slice(ink.PAD_PX, -ink.PAD_PX))
            return _Laid(laid.crop, ink.darkness(laid.crop)[middle], is_found=True)
        return laid

    def _by(self, matrix: NDArray[np.float64], part: BoxPt, printed: ink.Mask) -> _Laid:
        crop = self._crop(part, matrix)
        dark = ink.align(ink.darkness(crop), printed)
        return _Laid(crop, dark, ink.find_again(dark, printed) >= ink.GATE)

    def _crop(self, part: BoxPt, matrix: NDArray[np.float64]) -> Pixels:
        """The part of the form as it is on the picture, at 200 dpi, upright, padded for the local shift."""
        width, height = place.size_px(part)
        pad = ink.PAD_PX
        warped = cv2.warpPerspective(
            self.pixels,
            matrix @ place.crop_matrix(part, self.plan.height_pt, pad),
            (width + 2 * pad, height + 2 * pad),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return np.asarray(warped, np.uint8)

    def _read_slot(self, slot: SlotPlan, findings: Findings) -> None:
        part = place.around(slot.box_pt, place.SLOT_MARGIN_PT, self.plan.width_pt, self.plan.height_pt)
        printed = self.arrays.masks[slot.id]
        crop, dark, is_found = self._lay_over(part, printed)
        box, others = place.within(slot.box_pt, part), place.boxes_near(self.arrays.boxes, slot.box_pt, part)
        verdict = ink.decide(ink.measure(dark, printed, box, slot.kind, others)) if is_found else ink.NOT_FOUND
        if verdict.ink == "present":
            there = Crop(dark, printed, box)
            seen = look_at(there, slot.kind, self.put_on, partial(self._in_crop, part))
            day = NO_DAY
            if slot.kind == "date":
                text = self._value_in(slot.box_pt) if seen.mark == "typed" else None
                day = date_in(there, text, self.grammar)
            findings.slots.append(slot_reading(slot, verdict, seen.mark, day, seen.fingerprint))
        else:
            findings.slots.append(slot_reading(slot, verdict, "unsure"))
        findings.pictures.append(picture(slot, crop[ink.PAD_PX : -ink.PAD_PX, ink.PAD_PX : -ink.PAD_PX]))

    def _in_crop(self, part: BoxPt, box_pt: BoxPt) -> place.BoxPx:
        """Where a box of the PDF page is in the crop of a part of the form."""
        from_crop = self.matrix @ place.crop_matrix(part, self.plan.height_pt, 0)
        return place.moved(box_pt, np.linalg.inv(from_crop) @ self.put_on.to_picture)

    def _value_in(self, box_pt: BoxPt) -> str | None:
        """What the PDF page of this picture says where a box of the form is."""
        left, bottom, right, top = box_pt
        from_form = np.linalg.inv(self.put_on.to_picture) @ self.matrix
        x0, y0, x1, y1 = place.moved(
            (left, self.plan.height_pt - top, right, self.plan.height_pt - bottom), from_form
        )
        return self.put_on.value_in((x0, y0, x1, y1))

    def _read_field(self, field: FieldPlan) -> FieldReading:
        part = place.around(field.box_pt, place.FIELD_MARGIN_PT, self.plan.width_pt, self.plan.height_pt)
        printed = self.arrays.masks[field_key(field)]
        _, dark, is_found = self._lay_over(part, printed)
        look = is_ticked if field.is_check_box else is_filled_in
        is_filled = look(dark, printed, place.within(field.box_pt, part)) if is_found else None
        value = None if field.is_check_box else self._value_in(field.box_pt)
        return FieldReading(
            purpose=field.purpose,
            part=field.part,
            item=field.item,
            is_filled=True if value else is_filled,
            value=value,
        )
