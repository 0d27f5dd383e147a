"""Is there ink in a place? The measures, and the table that decides.

Place in the pipeline: last step of reading a slot, on a crop at 200 dpi laid over the blank form. Trust level: a
client's pixels. Residual risk: one-bit scans lose pencil and light blue; dirt and watermarks end as `unsure`.

Never guessed: where the printed form around the place is not found again (the gate), nothing is said.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from services.ocr.reading.place import BoxPx
from services.ocr.reading.raster import Pixels
from wetink.contracts.reading import Ink, SlotKind

Mask = NDArray[np.bool_]

GATE = 0.93
"""Share of the printed form's dark pixels that must be found again within 3 px."""
PAD_PX = 12
"""How far a crop may be off before the local shift, each way."""
DARK = 205
"""Below this (of 255, background normalised) a pixel is ink or print."""
_DARKEST_SHADE = 170
"""Shading of an empty box is lighter than this, on photos too; what is darker is ink."""
_SPECK_PX = 6
_EMPTY_BAND_PX = 60
_EMPTY_COMPONENT_PX = 30
_SURE_BAND_PX = 250
_SURE_HEIGHT_PX = 14
_WIDEST_STROKE_PX = 12.0
_BESIDE_PX = 400
_BESIDE_HEIGHT_PX = 22


@dataclass(frozen=True)
class Measures:
    """What was measured in one place; pixels at 200 dpi."""

    gate: float
    band_px: int
    largest_px: int
    height_px: int
    stroke_px: float
    beside_px: int


@dataclass(frozen=True)
class InkVerdict:
    """`reason` says why it is unsure."""

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
    """The darkest colour channel, divided by the paper's brightness: paper is 255."""
    darkest = darkest_channel(crop)
    small = cv2.resize(darkest, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), 15)
    paper = cv2.resize(paper, (darkest.shape[1], darkest.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(darkest, np.maximum(paper, 60), scale=255), np.uint8)


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
    """Share of the printed form's dark pixels that are dark here too, within 3 px; 1 where nothing is printed."""
    found = cv2.dilate((dark < DARK).astype(np.uint8), np.ones((7, 7), np.uint8))[printed]
    return float(found.mean()) if found.size >= 50 else 1.0


def measure(dark: Pixels, printed: Mask, box: BoxPx, kind: SlotKind, others: list[BoxPx]) -> Measures:
    """Measure a crop aligned with `printed`; `others` are boxes of the form beside this one."""
    ink = (dark < DARK).astype(np.uint8)
    left_over = np.where(cv2.dilate(printed.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0, 0, ink).astype(
        np.uint8
    )
    count, *found = cv2.connectedComponentsWithStats(left_over, connectivity=8)
    labels, stats = np.asarray(found[0], np.int32), np.asarray(found[1], np.int32)
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    inside = np.bincount(labels[box.top : box.bottom, box.left : box.right].ravel(), minlength=count)
    inside[0] = 0
    kept = areas >= _SPECK_PX
    # A date's own strokes lie in its row; what comes down from a signature above does not count.
    own = kept & (inside > 0) & ((inside >= 0.5 * areas) if kind == "date" else True)
    high = box.bottom - box.top
    band = labels[box.top + int(0.2 * high) : box.top + int(0.85 * high), box.left : box.right]
    strokes = own[labels].astype(np.uint8)
    return Measures(
        gate=find_again(dark, printed),
        band_px=int(own[band].sum()),
        largest_px=int(areas[own].max(initial=0)),
        height_px=_height(stats, own),
        stroke_px=_stroke_width(strokes),
        beside_px=_beside(labels, stats, kept & (inside == 0), [box, *others]),
    )


def decide(measures: Measures) -> InkVerdict:
    """The decision table for scanned and photographed pages."""
    if measures.gate < GATE:
        return InkVerdict("unsure", 0.5, "form_not_found_here")
    if measures.band_px < _EMPTY_BAND_PX or measures.largest_px < _EMPTY_COMPONENT_PX:
        if measures.beside_px >= _BESIDE_PX:
            return InkVerdict("unsure", 0.5, "ink_beside_box")
        return InkVerdict("absent", round(0.99 - 0.3 * min(measures.band_px, 60) / 60, 3))
    if measures.stroke_px > _WIDEST_STROKE_PX:
        return InkVerdict("unsure", 0.5, "stamp_or_watermark")
    if measures.band_px >= _SURE_BAND_PX and measures.height_px >= _SURE_HEIGHT_PX:
        return InkVerdict("present", 0.98)
    return InkVerdict("unsure", 0.6, "faint_or_small_mark")


def decide_digital(measures: Measures) -> InkVerdict:
    """The decision for a page drawn by a program, where nothing is noise."""
    if measures.gate < GATE:
        return InkVerdict("unsure", 0.5, "form_not_found_here")
    if measures.band_px >= _EMPTY_BAND_PX:
        return InkVerdict("present", 0.99)
    if measures.beside_px >= _BESIDE_PX:
        return InkVerdict("unsure", 0.5, "ink_beside_box")
    return InkVerdict("absent", 0.99)


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


def _height(stats: NDArray[np.int32], own: Mask) -> int:
    if not own.any():
        return 0
    large = own & (stats[:, cv2.CC_STAT_AREA] >= _EMPTY_COMPONENT_PX)
    return int(stats[large, cv2.CC_STAT_HEIGHT].max(initial=0))


def _stroke_width(strokes: Pixels) -> float:
    """Mean width: in a bar of width w the mean distance to its edge is w / 4."""
    if not strokes.any():
        return 0.0
    distance = cv2.distanceTransform(strokes, cv2.DIST_L2, 3)
    return float(4 * distance[strokes > 0].mean() - 2)


def _beside(labels: NDArray[np.int32], stats: NDArray[np.int32], candidates: Mask, boxes: list[BoxPx]) -> int:
    """Pixels of handwriting-sized marks outside every box of the form."""
    tall = candidates & (stats[:, cv2.CC_STAT_HEIGHT] >= _BESIDE_HEIGHT_PX)
    tall[0] = False
    if not tall.any():
        return 0
    outside = tall[labels]
    for box in boxes:
        touched = np.unique(labels[box.top : box.bottom, box.left : box.right])
        outside &= ~np.isin(labels, touched[touched > 0])
    return int(outside.sum())
