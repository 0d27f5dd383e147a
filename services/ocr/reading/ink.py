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
from services.ocr.reading.strokes import DARK, Marks, faint_marks, strong_marks
from wetink.contracts.reading import Ink, SlotKind

__all__ = ["DARK", "GATE", "PAD_PX", "align", "darkness", "decide", "find_again", "measure", "share_inside"]

Mask = NDArray[np.bool_]

GATE = 0.93
"""Share of the printed form's dark pixels that must be found again within 3 px."""
_LETTERS_GATE = 0.86
_ENOUGH_LETTERS_PX = 100
PAD_PX = 12
"""How far a crop may be off before the local shift, each way."""
_DARKEST_SHADE = 170
"""Shading of an empty box is lighter than this, on photos too; what is darker is ink."""
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
_BESIDE_PX, _BESIDE_HEIGHT_PX = 150, 18


@dataclass(frozen=True)
class Measures:
    """What was measured in one place; pixels at 200 dpi.

    `strong_px` and `faint_px` are those of the place's own marks that are clearly apart from print, `..._side_px`
    the longer side of the largest of them. `neighbours_px` belong to marks of a place beside it, `beside_px` to
    marks of handwriting's size that are in no place at all and nearest to this one.
    """

    kind: SlotKind
    gate: float
    strong_px: int = 0
    strong_side_px: int = 0
    faint_px: int = 0
    faint_side_px: int = 0
    stroke_px: float = 0.0
    neighbours_px: int = 0
    beside_px: int = 0
    is_cut_off: bool = False


@dataclass(frozen=True)
class InkVerdict:
    """`reason` says why it is unsure, or that the mark lies outside its box."""

    ink: Ink
    confidence: float
    reason: str | None = None


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
    ground = cv2.blur(cv2.erode(ground, np.ones((3, 3), np.uint8)), (5, 5))
    ground = cv2.resize(ground, (darkest.shape[1], darkest.shape[0]), interpolation=cv2.INTER_LINEAR)
    floor = _DARKEST_GROUND * float(np.percentile(small[::4, ::4], 90))
    return np.asarray(cv2.divide(darkest, np.maximum(ground, max(1, int(floor))), scale=255), np.uint8)


def align(dark: Pixels, printed: Mask) -> Pixels:
    """The part of a padded crop that fits the printed form best (shift of up to `PAD_PX` each way)."""
    height, width = printed.shape
    if printed.sum() < 50:
        return dark[PAD_PX : PAD_PX + height, PAD_PX : PAD_PX + width]
    scene = cv2.resize((255 - dark).astype(np.uint8), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    wanted = cv2.resize(printed.astype(np.uint8) * 255, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    score = cv2.matchTemplate(scene, wanted, cv2.TM_CCORR_NORMED)
    _, _, _, (x, y) = cv2.minMaxLoc(score)
    left, top = min(2 * x, dark.shape[1] - width), min(2 * y, dark.shape[0] - height)
    return dark[top : top + height, left : left + width]


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
    has_letters = letters.sum() >= _ENOUGH_LETTERS_PX and _share(there, letters) >= _LETTERS_GATE
    return max(share, GATE) if has_letters else share


def _share(there: Mask, wanted: Mask) -> float:
    found = there[wanted]
    return float(found.mean()) if found.size >= 50 else 1.0


def measure(dark: Pixels, printed: Mask, box: BoxPx, kind: SlotKind, others: list[BoxPx]) -> Measures:
    """Measure a crop aligned with `printed`; `others` are boxes of the form beside this one."""
    gate = find_again(dark, printed)
    if gate < GATE:
        return Measures(kind, gate)
    strong = strong_marks(dark, printed)
    own, neighbours = _own(strong, box, kind, others)
    faint = faint_marks(dark, printed, neighbours[strong.labels])
    own_faint, _ = _own(faint, box, kind, others)
    return Measures(
        kind,
        gate,
        *_size(strong, own),
        *_size(faint, own_faint),
        _stroke_width(own[strong.labels].astype(np.uint8)),
        int(strong.inside(box)[neighbours].sum()),
        *_beside(strong, printed, box, others),
    )


def decide(measures: Measures) -> InkVerdict:
    """The decision table for scanned and photographed pages: the first line that holds."""
    one = measures
    is_sure = one.strong_px >= _SURE_PX and one.strong_side_px >= _SURE_SIDE_PX
    is_pale = one.faint_px >= _SURE_FAINT_PX and one.faint_side_px >= _SURE_FAINT_SIDE_PX
    is_whole_beside = one.kind == "signature" and one.beside_px >= _BESIDE_PX and not one.is_cut_off
    is_doubtful = one.strong_px >= _DOUBTFUL_PX or one.faint_px >= _DOUBTFUL_FAINT_PX
    table = (
        (one.gate < GATE, InkVerdict("unsure", 0.5, "form_not_found_here")),
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
    if measures.gate < GATE:
        return InkVerdict("unsure", 0.5, "form_not_found_here")
    if measures.strong_px >= _DOUBTFUL_PX:
        return InkVerdict("present", 0.99)
    if measures.beside_px >= _BESIDE_PX and measures.kind == "signature":
        return InkVerdict("present", 0.9, "mark_outside_box")
    return InkVerdict("unsure", 0.5, "ink_beside_box") if measures.beside_px else InkVerdict("absent", 0.99)


def share_inside(dark: Pixels, printed: Mask, box: BoxPx) -> float:
    """Share of a box's inner part that is covered by something not printed: ticks and filled fields.

    Boxes may be shaded: what counts is darker than the box's own ground, but a box blackened all over is covered.
    """
    edge = max(3, (box.bottom - box.top) // 5)
    inner = (slice(box.top + edge, box.bottom - edge), slice(box.left + edge, box.right - edge))
    if not dark[inner].size:
        return 0.0
    ground = float(np.percentile(dark[inner], 90))
    limit = DARK * ground / 255 if ground >= _DARKEST_SHADE else DARK
    print_around = cv2.dilate(printed.astype(np.uint8), np.ones((3, 3), np.uint8))[inner] > 0
    return float(((dark[inner] < limit) & ~print_around).mean())


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


def _beside(marks: Marks, printed: Mask, box: BoxPx, others: list[BoxPx]) -> tuple[int, bool]:
    """Pixels of handwriting outside every box of the form, nearer to this one than to any other; is it cut off?"""
    outside = marks.far_px > 0
    for one in (box, *others):
        outside &= marks.inside(one) == 0
    print_around = cv2.dilate(printed.astype(np.uint8), np.ones((15, 15), np.uint8)) > 0
    apart = (outside[marks.labels] & ~print_around).astype(np.uint8)
    joined = cv2.dilate(apart, np.ones((9, 9), np.uint8))
    count, *found = cv2.connectedComponentsWithStats(joined, connectivity=8)
    labels, groups = np.asarray(found[0], np.int32), np.asarray(found[1], np.int32)
    pixels = np.bincount(labels[apart > 0], minlength=count)
    height, width = apart.shape
    total, is_cut_off = 0, False
    for number in range(1, count):
        left, top, wide, high = (int(value) for value in groups[number, :4])
        own, *rest = (_distance(groups[number], one) for one in (box, *others))
        if high < _BESIDE_HEIGHT_PX + 8 or pixels[number] < _DOUBTFUL_PX or not all(own < other for other in rest):
            continue
        total += int(pixels[number])
        is_cut_off |= left == 0 or top == 0 or left + wide == width or top + high == height
    return total, is_cut_off


def _distance(mark: NDArray[np.int32], box: BoxPx) -> float:
    """From the middle of a mark to a box; sideways counts half, for people write along a line."""
    x, y = mark[0] + mark[2] / 2, mark[1] + mark[3] / 2
    sideways = max(0.0, box.left - x, x - box.right)
    upright = max(0.0, box.top - y, y - box.bottom)
    return float(upright + sideways / 2)
