"""Fills in a page: who signed where, which day was written, what was ticked; and keeps the truth of it."""

from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator

from benchmarks.simulator.hands import STYLES, Writing, digits
from benchmarks.simulator.hazards import HAZARDS, stamp
from benchmarks.simulator.pens import PAPER_DPI, PENS, Cover, Pen, draw
from benchmarks.simulator.sheet import PX_PER_PT, Sheet, typed
from services.ocr.catalogue.model import Entry, FieldPlan, SlotPlan
from services.ocr.reading.place import overlap
from wetink.contracts.reading import BoxPt

_BLACK = (30, 30, 30)
_SIGNED_SHARE, _HAZARD_SHARE, _REAL_SHARE, _OUTSIDE_SHARE = 0.5, 0.4, 0.3, 0.06
_NAMES = ("Testperson", "Sample Maria", "Nguyen", "Okonkwo-Fictional", "123 Example Street", "987654321", "Lima")


@dataclass
class SlotTruth:
    """`is_signed`: a hand wrote here; null when a stamp alone, which is neither. `how` says what lies there."""

    slot: SlotPlan
    is_signed: bool | None
    how: list[str] = field(default_factory=list)


@dataclass
class Truth:
    """What is on a page; `fields` in the catalogue's order."""

    slots: list[SlotTruth] = field(default_factory=list)
    fields: list[tuple[FieldPlan, bool]] = field(default_factory=list)


class Filler:
    """Fills in sheets; `styles` and `real` (pictures of real signatures, may be none) are its writers."""

    def __init__(self, styles: tuple[str, ...], real: list[Path], random: Generator) -> None:
        self.styles, self.real, self.random = styles, real, random

    def fill(self, sheet: Sheet, entry: Entry, form_page: int) -> Truth:
        """Put ink and dirt on the sheet."""
        truth = Truth()
        self._type_into_other_boxes(sheet, entry, form_page)
        for one in entry.fields(form_page):
            truth.fields.append((one, self._fill_field(sheet, one)))
        slots = entry.slots(form_page)
        for slot in slots:
            truth.slots.append(self._fill_slot(sheet, slot))
        if slots and self.random.random() < _HAZARD_SHARE:
            self._spoil(sheet, truth.slots)
        return truth

    def _spoil(self, sheet: Sheet, truths: list[SlotTruth]) -> None:
        box = truths[self.random.integers(len(truths))].slot.box_pt
        is_stamp = self.random.random() < 0.1
        name = "stamp" if is_stamp else str(self.random.choice(list(HAZARDS)))
        (stamp if is_stamp else HAZARDS[name])(sheet, box, self.random)
        for one in truths:
            if overlap(one.slot.box_pt, (box[0] - 60, box[1] - 60, box[2] + 60, box[3] + 60)):
                one.how.append(name)
                one.is_signed = one.is_signed or (None if is_stamp else False)

    def _type_into_other_boxes(self, sheet: Sheet, entry: Entry, form_page: int) -> None:
        """Most boxes of the page hold something; those with a truth of their own are left alone."""
        kept = [one.box_pt for one in (*entry.slots(form_page), *entry.fields(form_page))]
        share = self.random.uniform(0.3, 0.95)
        for row in entry.unpack(form_page).boxes:
            box: BoxPt = (float(row[0]), float(row[1]), float(row[2]), float(row[3]))
            is_text = box[2] - box[0] > 40 and box[3] - box[1] > 9
            if is_text and self.random.random() < share and not any(overlap(box, other) for other in kept):
                self._type(sheet, box, str(self.random.choice(_NAMES)))

    def _type(self, sheet: Sheet, box: BoxPt, text: str) -> None:
        left, top, _, bottom = sheet.to_px(box)
        size = min(bottom - top, 16 * PX_PER_PT) * self.random.uniform(0.5, 0.7)
        words = typed(text, size)
        sheet.put(words, left + 6, (top + bottom - words.shape[0]) / 2 + self.random.normal(0, 2), _BLACK)

    def _fill_field(self, sheet: Sheet, one: FieldPlan) -> bool:
        if self.random.random() < 0.5:
            return False
        left, top, right, bottom = sheet.to_px(one.box_pt)
        if not one.is_check_box:
            if self.random.random() < 0.7:
                self._type(sheet, one.box_pt, str(self.random.choice(_NAMES)))
            else:
                cover, pen = self._write(STYLES["block"](self.random), (bottom - top) * 0.6, self._pen())
                sheet.put(cover[:, : int(right - left)], left + 8, top + (bottom - top) * 0.1, pen.colour)
            return True
        high = bottom - top
        if self.random.random() < 0.5:
            mark = typed("X", high * self.random.uniform(0.8, 1.1))
            x, y = left + (high - mark.shape[1]) / 2, top + (high - mark.shape[0]) / 2
            sheet.put(mark, x, y, _BLACK)
        else:
            tick = [np.array([(0.1, 0.5), (0.35, 0.9), (1.0, -0.2)])]
            writing = tick if self.random.random() < 0.5 else STYLES["cross"](self.random)
            cover, pen = self._write(writing, high * self.random.uniform(0.8, 1.3), self._pen())
            middle = (left + right - cover.shape[1]) / 2, (top + bottom - cover.shape[0]) / 2
            sheet.put(cover, *(np.array(middle) + self.random.normal(0, 2, 2)), pen.colour)
        return True

    def _fill_slot(self, sheet: Sheet, slot: SlotPlan) -> SlotTruth:
        if self.random.random() > _SIGNED_SHARE:
            return SlotTruth(slot, is_signed=False)
        return self._date(sheet, slot) if slot.kind == "date" else self._sign(sheet, slot)

    def _date(self, sheet: Sheet, slot: SlotPlan) -> SlotTruth:
        day = f"{self.random.integers(1, 13):02}/{self.random.integers(1, 29):02}/2026"
        if self.random.random() < 0.4:
            self._type(sheet, slot.box_pt, day)
            return SlotTruth(slot, is_signed=True, how=["typed date"])
        left, top, right, bottom = sheet.to_px(slot.box_pt)
        pen = self._pen()
        high = (bottom - top) * self.random.uniform(0.45, 0.95)
        cover, pen = self._write(digits(self.random, day), high, pen)
        x = left + self.random.uniform(0, max(4, right - left - cover.shape[1]))
        sheet.put(cover, x, bottom - cover.shape[0] + self.random.normal(0, 4), pen.colour)
        return SlotTruth(slot, is_signed=True, how=["written date", pen.name])

    def _sign(self, sheet: Sheet, slot: SlotPlan) -> SlotTruth:
        left, top, right, bottom = sheet.to_px(slot.box_pt)
        pen, box_high = self._pen(), 18 * PX_PER_PT
        high = box_high * float(np.clip(self.random.lognormal(0.1, 0.4), 0.4, 2.8))
        if self.real and self.random.random() < _REAL_SHARE:
            style, cover = "real", self._real(high * 1.2, pen)
        else:
            style = str(self.random.choice(self.styles))
            cover, pen = self._write(STYLES[style](self.random), high, pen)
        cover = cover[:, : int(1.15 * (right - left))]
        how = [style, pen.name]
        x = left + self.random.uniform(0.0, 0.8) * max(10, right - left - cover.shape[1])
        y = bottom - cover.shape[0] * self.random.uniform(0.75, 1.05)
        if self.random.random() < _OUTSIDE_SHARE:
            y = bottom + 3 if self.random.random() < 0.3 else top - cover.shape[0] - self.random.uniform(0, 10)
            how.append("outside")
        sheet.put(cover, x, y, pen.colour)
        return SlotTruth(slot, is_signed=True, how=how)

    def _pen(self) -> Pen:
        return PENS[self.random.integers(len(PENS))]

    def _write(self, writing: Writing, high: float, pen: Pen) -> tuple[Cover, Pen]:
        return draw(writing, high, pen, self.random), pen

    def _real(self, high: float, pen: Pen) -> Cover:
        """A real signature in the colour of another pen."""
        path = self.real[self.random.integers(len(self.real))]
        image = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        assert image is not None
        pixels = image.astype(np.float32) / 255
        grey = (
            pixels[:, :, :3].min(axis=2) if pixels.shape[2] == 3 else 1 - pixels[:, :, 3] * (1 - pixels[:, :, 0])
        )
        factor = min(high, PAPER_DPI * 0.6) / grey.shape[0]
        cover = np.clip(
            (1 - cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)) * 1.1, 0, 1
        )
        return np.asarray(np.where(cover < 0.15, 0, cover) * pen.cover, np.float32)
