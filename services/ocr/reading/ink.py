"""Is there ink in a place? The measures, and the table that decides.

Place in the pipeline: a step of reading a slot, on a crop at 200 dpi laid over the blank form. Trust level: a
client's pixels. Residual risk: one-bit scans lose pencil and light blue, and nobody can see that.

Never guessed: where the printed form around the place is not found again (the gate), nothing is said. A short mark
is a mark: what counts is that it is a stroke, not how long it is.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from services.ocr.reading.place import BoxPx
from services.ocr.reading.raster import Pixels
from services.ocr.reading.strokes import DARK, Marks, faint_marks, print_of, strong_marks
from wetink.contracts.reading import Ink, SlotKind

__all__ = [
    "DARK",
    "GATE",
    "NOT_FOUND",
    "PAD_PX",
    "InkVerdict",
    "align",
    "darkness",
    "decide",
    "decide_digital",
    "find_again",
    "measure",
]

Mask = NDArray[np.bool_]

GATE = 0.93
"""Share of the printed form's dark pixels that must be found again within 3 px."""
_ENOUGH_LETTERS_PX = 100
_LEAST_SHADE_PX = (10, 60)
"""Height and width from which something printed is a shade: lines are thinner, arrows are narrower."""
PAD_PX = 12
"""How far a crop may be off before the local shift, each way."""
_BROADEST_STROKE_PX = 15
"""Half of the width (at 100 dpi) up to which something dark is a stroke, not the ground it is written on."""
_DARKEST_GROUND = 0.3
_MIN_SIDE_PX = 10
"""What is shorter both ways is a speck."""
_SURE_PX, _SURE_SIDE_PX = 110, 14
_SURE_FAINT_PX, _SURE_FAINT_SIDE_PX = 150, 20
_DOUBTFUL_PX, _DOUBTFUL_FAINT_PX = 45, 90
_WIDEST_STROKE_PX = 22.0
"""The thickest felt pens write 2.5 mm."""
_NEIGHBOURS_PX = 150
_BESIDE_PX, _BESIDE_HEIGHT_PX = 150, 26


@dataclass(frozen=True)
class Measures:
    """What was measured in one place; pixels at 200 dpi.

    `strong_px` and `faint_px` are those of the place's own marks that are clearly apart from print, `..._side_px`
    the longer side of the largest of them. `neighbours_px` belong to marks of a place beside it, `beside_px` to
    marks of handwriting's size that are in no place at all and nearest to this one, `beside_far_px` of them well
    apart from print. What is no longer needed for a sure mark is not measured.
    """

    kind: SlotKind
    strong_px: int = 0
    strong_side_px: int = 0
    faint_px: int = 0
    faint_side_px: int = 0
    stroke_px: float = 0.0
    neighbours_px: int = 0
    beside_px: int = 0
    beside_far_px: int = 0
    is_cut_off: bool = False


@dataclass(frozen=True)
class InkVerdict:
    """`reason` says why it is unsure, or that the mark lies outside its box."""

    ink: Ink
    confidence: float
    reason: str | None = None


NOT_FOUND = InkVerdict("unsure", 0.5, "form_not_found_here")
"""The gate is closed: the form is not where it should be, so nothing is said."""


def darkest_channel(crop: Pixels) -> Pixels:
    """Blue ink is dark in red light: the darkest of the three colours shows every pen (numpy's `min` is slow)."""
    if crop.ndim == 2:
        return crop
    blue, green, red = cv2.split(crop)
    return np.asarray(cv2.min(cv2.min(blue, green), red), np.uint8)


def darkness(crop: Pixels) -> Pixels:
    """The darkest colour channel, divided by the ground's brightness: paper, shades and highlighter are 255."""
    darkest = darkest_channel(crop)
    small = cv2.blur(cv2.resize(darkest, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), (3, 3))
    ground = cv2.morphologyEx(
        small, cv2.MORPH_CLOSE, np.ones((_BROADEST_STROKE_PX, _BROADEST_STROKE_PX), np.uint8)
    )
    # At the edge of a shade the darker side counts, or the edge itself would look like a stroke.
    ground = cv2.blur(cv2.erode(ground, np.ones((5, 5), np.uint8)), (3, 3))
    ground = cv2.resize(ground, (darkest.shape[1], darkest.shape[0]), interpolation=cv2.INTER_LINEAR)
    floor = _DARKEST_GROUND * float(np.percentile(small[::4, ::4], 90))
    return np.asarray(cv2.divide(darkest, np.maximum(ground, max(1, int(floor))), scale=255), np.uint8)


def align(dark: Pixels, printed: Mask) -> Pixels:
    """The part of a padded crop that fits the printed form best (shift of up to `PAD_PX` each way)."""
    height, width = printed.shape
    if printed.sum() < 50:
        return dark[PAD_PX : PAD_PX + height, PAD_PX : PAD_PX + width]
    scene = cv2.resize((255 - dark).astype(np.uint8), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    wanted = cv2.resize(_without_shades(printed) * 255, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    score = cv2.matchTemplate(scene, wanted, cv2.TM_CCORR_NORMED)
    _, _, _, (x, y) = cv2.minMaxLoc(score)
    left, top = min(2 * x, dark.shape[1] - width), min(2 * y, dark.shape[0] - height)
    return dark[top : top + height, left : left + width]


def _without_shades(printed: Mask) -> Pixels:
    """The same without the shade of a heading that a crop cuts through: on paper `darkness` turns it white."""
    form = printed.astype(np.uint8)
    return np.asarray(form - cv2.morphologyEx(form, cv2.MORPH_OPEN, np.ones(_LEAST_SHADE_PX, np.uint8)), np.uint8)


def find_again(dark: Pixels, printed: Mask) -> float:
    """Share of the printed form's dark pixels that are dark here too, within 3 px; 1 where nothing is printed.

    One-bit scans lose thin lines, so letters alone will do where there are enough.
    """
    there = cv2.dilate((dark < DARK).astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    share = _share(there, printed)
    if share >= GATE:
        return share
    form = printed.astype(np.uint8)
    level, upright = (cv2.morphologyEx(form, cv2.MORPH_OPEN, np.ones(bar, np.uint8)) for bar in ((1, 40), (40, 1)))
    lines = cv2.max(level, upright)
    letters = printed & (cv2.dilate(lines, np.ones((3, 3), np.uint8)) == 0)
    return max(share, _share(there, letters)) if letters.sum() >= _ENOUGH_LETTERS_PX else share


def _share(there: Mask, wanted: Mask) -> float:
    found = there[wanted]
    return float(found.mean()) if found.size >= 50 else 1.0


def measure(dark: Pixels, printed: Mask, box: BoxPx, kind: SlotKind, others: list[BoxPx]) -> Measures:
    """Measure a crop aligned with `printed`; `others` are boxes of the form beside this one."""
    form = print_of(printed)
    strong = strong_marks(dark, form)
    own, neighbours = _own(strong, box, kind, others)
    strong_px, strong_side_px = _size(strong, own)
    stroke_px = _stroke_width(own[strong.labels].astype(np.uint8))
    if strong_px >= _SURE_PX and strong_side_px >= _SURE_SIDE_PX:
        return Measures(kind, strong_px, strong_side_px, stroke_px=stroke_px)
    faint = faint_marks(dark, form, neighbours[strong.labels])
    own_faint, _ = _own(faint, box, kind, others)
    faint_px, faint_side_px = _size(faint, own_faint)
    beside_px, beside_far_px, is_cut_off = _beside(strong, printed, box, others)
    return Measures(
        kind,
        strong_px,
        strong_side_px,
        faint_px,
        faint_side_px,
        stroke_px,
        neighbours_px=int(strong.inside(box)[neighbours].sum()),
        beside_px=beside_px,
        beside_far_px=beside_far_px,
        is_cut_off=is_cut_off,
    )


def decide(measures: Measures) -> InkVerdict:
    """The decision table for scanned and photographed pages: the first line that holds."""
    one = measures
    is_sure = one.strong_px >= _SURE_PX and one.strong_side_px >= _SURE_SIDE_PX
    is_pale = one.faint_px >= _SURE_FAINT_PX and one.faint_side_px >= _SURE_FAINT_SIDE_PX
    is_whole_beside = one.kind == "signature" and one.beside_far_px >= _BESIDE_PX and not one.is_cut_off
    is_doubtful = one.strong_px >= _DOUBTFUL_PX or one.faint_px >= _DOUBTFUL_FAINT_PX
    table = (
        (is_sure and one.stroke_px > _WIDEST_STROKE_PX, InkVerdict("unsure", 0.5, "stamp_or_watermark")),
        (is_sure, InkVerdict("present", 0.98)),
        (is_pale, InkVerdict("present", 0.9)),
        (is_whole_beside, InkVerdict("present", 0.8, "mark_outside_box")),
        (one.beside_px > 0, InkVerdict("unsure", 0.5, "ink_beside_box")),
        (is_doubtful, InkVerdict("unsure", 0.6, "faint_or_small_mark")),
        (one.neighbours_px >= _NEIGHBOURS_PX, InkVerdict("unsure", 0.5, "ink_of_neighbour")),
    )
    empty = InkVerdict("absent", round(0.99 - 0.3 * one.strong_px / _DOUBTFUL_PX, 3))
    return next((verdict for holds, verdict in table if holds), empty)


def decide_digital(measures: Measures) -> InkVerdict:
    """The decision for a page drawn by a program, where nothing is noise."""
    if measures.strong_px >= _DOUBTFUL_PX:
        return InkVerdict("present", 0.99)
    if measures.beside_far_px >= _BESIDE_PX and measures.kind == "signature":
        return InkVerdict("present", 0.9, "mark_outside_box")
    return InkVerdict("unsure", 0.5, "ink_beside_box") if measures.beside_px else InkVerdict("absent", 0.99)


def _own(marks: Marks, box: BoxPx, kind: SlotKind, others: list[BoxPx]) -> tuple[Mask, Mask]:
    """Which marks belong to the place, and which reach into it from another one."""
    inside = marks.inside(box)
    elsewhere = np.max([marks.inside(other) for other in others], axis=0) if others else np.zeros_like(inside)
    own = (inside > 0) & (inside >= 2 * elsewhere)
    if kind == "date":
        # A date's own strokes lie in its row; what comes down from a signature above does not count.
        own &= inside >= 0.5 * marks.boxes[:, cv2.CC_STAT_AREA]
    return own, (inside > 0) & ~own


def _size(marks: Marks, own: Mask) -> tuple[int, int]:
    """Pixels apart from print of all marks that are more than specks, and the longer side of the largest."""
    sides = np.maximum(marks.boxes[:, cv2.CC_STAT_WIDTH], marks.boxes[:, cv2.CC_STAT_HEIGHT])
    counted = np.where(own & (sides >= _MIN_SIDE_PX), marks.far_px, 0)
    return int(counted.sum()), int(sides[counted.argmax()]) if counted.any() else 0


def _stroke_width(strokes: Pixels) -> float:
    """Mean width: in a bar of width w the mean distance to its edge is w / 4."""
    if not strokes.any():
        return 0.0
    distance = cv2.distanceTransform(strokes, cv2.DIST_L2, 3)
    return float(4 * distance[strokes > 0].mean() - 2)


def _beside(marks: Marks, printed: Mask, box: BoxPx, others: list[BoxPx]) -> tuple[int, int, bool]:
    """Handwriting outside every box of the form, nearer to this one than to any other.

    Its pixels, those of them that are well apart from print, and whether the crop cuts it off.
    """
    outside = marks.far_px > 0
    for one in (box, *others):
        outside &= marks.inside(one) == 0
    if not outside.any():
        return 0, 0, False
    form = printed.astype(np.uint8)
    near, wide = (cv2.dilate(form, np.ones((reach, reach), np.uint8)) for reach in (15, 21))
    apart = (outside[marks.labels] & (near == 0)).astype(np.uint8)
    count, *found = cv2.connectedComponentsWithStats(cv2.dilate(apart, np.ones((9, 9), np.uint8)), connectivity=8)
    labels, groups = np.asarray(found[0], np.int32), np.asarray(found[1], np.int32)
    pixels = np.bincount(labels[apart > 0], minlength=count)
    height, width = apart.shape
    kept, is_cut_off = np.zeros(count, np.bool_), False
    for number in range(1, count):
        left, top, wide_px, high_px = (int(value) for value in groups[number, :4])
        own, *rest = (_distance(groups[number], one) for one in (box, *others))
        if high_px < _BESIDE_HEIGHT_PX or pixels[number] < _DOUBTFUL_PX or not all(own < other for other in rest):
            continue
        kept[number] = True
        is_cut_off |= left == 0 or top == 0 or left + wide_px == width or top + high_px == height
    mine = kept[labels] & (apart > 0)
    return int(mine.sum()), int((mine & (wide == 0)).sum()), is_cut_off


def _distance(mark: NDArray[np.int32], box: BoxPx) -> float:
    """From the middle of a mark to a box; sideways counts half, for people write along a line."""
    x, y = mark[0] + mark[2] / 2, mark[1] + mark[3] / 2
    sideways = max(0.0, box.left - x, x - box.right)
    upright = max(0.0, box.top - y, y - box.bottom)
    return float(upright + sideways / 2)
