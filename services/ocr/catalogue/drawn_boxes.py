"""Boxes and lines that are drawn on a blank page which has no fields: where something can be written or ticked.

Place in the pipeline: used by `sheet` for flat blanks. Trust level: a blank form, drawn where client files are
opened. Residual risk: what looks like a box is not always one to fill in; labels decide, and a human confirms.
"""

from collections.abc import Iterator

import cv2
import numpy as np

from services.ocr.catalogue.printed import Run
from services.ocr.reading.blob import Widget
from services.ocr.reading.raster import Pixels
from wetink.contracts.reading import BoxPt

DRAWN_DPI = 144
_PX_PER_PT = DRAWN_DPI / 72
_INK = 160
_SIDE_PT = 6.0
"""The shortest stroke that may be the side of a box."""
_STRAIGHT = 0.9
"""Share of its outline's rectangle that the inside of a box fills."""
_LINE_WIDTH_PT = 60.0
_LINE_HEIGHT_PT = 18.0
"""What is written on a line stands in this much room above it."""
_THICKEST_PT = 3.0
_FOOT_PT, _HEAD_PT = 45.0, 60.0
"""Lines in the margins belong to the layout of every page."""
_TEXT_SHARE = 0.2
"""A line with more text than this right above it underlines that text."""


def drawn_boxes(page: Pixels, runs: list[Run], height_pt: float) -> list[Widget]:
    """What can be filled in on a page drawn in grey at `DRAWN_DPI`, as if it were fields without values."""
    dark = (page < _INK).astype(np.uint8)
    level, upright = (
        _strokes(dark, (int(_SIDE_PT * _PX_PER_PT), 1)),
        _strokes(dark, (1, int(_SIDE_PT * _PX_PER_PT))),
    )
    cells = [_free_part(cell, runs) for cell in _cells(level | upright, height_pt)]
    boxes = [box for box in cells if box is not None]
    lines = [
        line for line in _lines(dark, upright, runs, height_pt) if not any(_touch(line, box) for box in boxes)
    ]
    return [Widget(kind=_kind(box), name="", box_pt=box, value=None, is_read_only=True) for box in boxes + lines]


def _kind(box: BoxPt) -> str:
    return "Tx" if box[2] - box[0] > _LINE_HEIGHT_PT else "Btn"


def _strokes(dark: Pixels, kernel: tuple[int, int]) -> Pixels:
    """What is at least as long as the kernel."""
    return np.asarray(cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones(kernel[::-1], np.uint8)), np.uint8)


def _cells(strokes: Pixels, height_pt: float) -> Iterator[BoxPt]:
    """The insides of rectangles: rows to write in, and small squares to tick."""
    closed = cv2.dilate(strokes, np.ones((2, 2), np.uint8))
    _, _, found, _ = cv2.connectedComponentsWithStats(1 - closed, connectivity=4)
    for left, top, width, height, area in found[1:]:
        wide, high = width / _PX_PER_PT, height / _PX_PER_PT
        is_row = wide >= 40 and 9 <= high <= 60
        is_square = 5 <= wide <= 16 and 0.8 <= wide / high <= 1.25
        if (is_row or is_square) and area >= _STRAIGHT * width * height:
            yield _box(left, top, width, height, height_pt)


def _lines(dark: Pixels, upright: Pixels, runs: list[Run], height_pt: float) -> Iterator[BoxPt]:
    """The room above each free line, whether it is drawn or typed as underscores; no box hangs on such a line."""
    long = _strokes(dark, (int(_LINE_WIDTH_PT * _PX_PER_PT), 1))
    _, joined, outlines, _ = cv2.connectedComponentsWithStats(long | upright)
    _, _, found, _ = cv2.connectedComponentsWithStats(long)
    for left, top, width, height, _ in found[1:]:
        outline = outlines[joined[top, left + width // 2]]
        hangs = outline[1] + outline[3] > top + height + _THICKEST_PT * _PX_PER_PT
        line = _box(left, top, width, height, height_pt)
        is_in_margin = not _FOOT_PT < line[1] < height_pt - _HEAD_PT
        if hangs or is_in_margin or height > _THICKEST_PT * _PX_PER_PT:
            continue
        box = (line[0], line[3], line[2], line[3] + _LINE_HEIGHT_PT)
        covered = sum(min(run.right, box[2]) - max(run.left, box[0]) for run in runs if _stands_on(run, box))
        if covered < _TEXT_SHARE * (box[2] - box[0]):
            yield box


def _stands_on(run: Run, box: BoxPt) -> bool:
    overlaps = run.left < box[2] and run.right > box[0]
    return overlaps and box[1] - 1 < run.bottom < box[1] + _LINE_HEIGHT_PT / 2


def _free_part(cell: BoxPt, runs: list[Run]) -> BoxPt | None:
    """The part of a cell below what is printed in it; null when there is not enough."""
    left, bottom, right, top = cell
    inside = [run for run in runs if run.left < right and run.right > left and bottom < run.bottom < top]
    lowest = min([top, *(run.bottom - 2 for run in inside)])
    return (left, bottom, right, lowest) if lowest - bottom >= min(9.0, top - bottom) else None


def _box(left: int, top: int, width: int, height: int, height_pt: float) -> BoxPt:
    high = height_pt - top / _PX_PER_PT
    return left / _PX_PER_PT, high - height / _PX_PER_PT, (left + width) / _PX_PER_PT, high


def _touch(one: BoxPt, other: BoxPt) -> bool:
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] + 3 and one[3] > other[1] - 3
