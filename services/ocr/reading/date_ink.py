"""The strokes of a date, taken out of its place and brought to one size for the readers.

Place in the pipeline: between the ink measures and the two date readers; the training makes its samples with the
same functions. Trust level: a client's pixels. Residual risk: where a signature covers the date, its strokes stay
in, and the readers must see that it is no digit.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from services.ocr.reading.ink import Mask
from services.ocr.reading.place import BoxPx
from services.ocr.reading.raster import Pixels
from services.ocr.reading.strokes import DARK

HEIGHT_PX, WIDTH_PX = 32, 256
"""The size of a line as the readers see it."""
_EDGE_PX = 3
_LEAST_SQUEEZE = 0.6
"""A wide line is squeezed to this share of its width before its height shrinks too."""
_LARGEST_SCALE = 2.0
_ABOVE, _BESIDE = 0.35, 0.2
"""How far strokes are followed outside the box, in shares of its height and width."""
_RUNS_ON, _RUNS_ON_HEIGHT = 0.6, 0.25
"""The last digits may stand right of the box: so near and so high, in shares of its height."""
_SPECK_PX = 6
_STRANGER_SHARE = 0.5
_HARMLESS_PX = 25
_LEAST_HEIGHT_PX = 7


class Line(NamedTuple):
    """Where the strokes lie in the crop, and how much they are scaled in x and y."""

    box: BoxPx
    scale: tuple[float, float]


def strokes(dark: Pixels, printed: Mask, box: BoxPx) -> tuple[Pixels, Line] | None:
    """The grey strokes of a crop (255 is full ink, of the crop's size) and where they lie; None for no line."""
    free = cv2.dilate(printed.astype(np.uint8), np.ones((5, 5), np.uint8)) == 0
    region = _region(dark.shape, box)
    left_over = np.zeros(dark.shape, np.uint8)
    inside = (slice(region.top, region.bottom), slice(region.left, region.right))
    left_over[inside] = ((dark < DARK) & free)[inside]
    own = _own(left_over, (dark < DARK) & free, box)
    rows, columns = np.flatnonzero(own.any(axis=1)), np.flatnonzero(own.any(axis=0))
    if not len(rows) or rows[-1] - rows[0] < _LEAST_HEIGHT_PX:
        return None
    line = BoxPx(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    near = cv2.dilate(own.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    grey = np.where(near & free, 255.0 - dark, 0.0)
    full = max(60.0, float(np.percentile(grey[own], 80)))
    return np.clip(grey * (255 / full), 0, 255).astype(np.uint8), Line(line, _scale(line))


def to_size(picture: Pixels, line: Line, interpolation: int = cv2.INTER_AREA) -> Pixels:
    """The line at `HEIGHT_PX` x `WIDTH_PX`: upright in the middle, from the left."""
    part = picture[line.box.top : line.box.bottom, line.box.left : line.box.right]
    width = min(WIDTH_PX - 2 * _EDGE_PX, max(1, round(part.shape[1] * line.scale[0])))
    height = min(HEIGHT_PX - 2 * _EDGE_PX, max(1, round(part.shape[0] * line.scale[1])))
    top = (HEIGHT_PX - height) // 2
    sized = np.zeros((HEIGHT_PX, WIDTH_PX), np.uint8)
    sized[top : top + height, _EDGE_PX : _EDGE_PX + width] = cv2.resize(
        part, (width, height), interpolation=interpolation
    )
    return sized


def _region(shape: tuple[int, ...], box: BoxPx) -> BoxPx:
    above, beside = int(_ABOVE * (box.bottom - box.top)), int(_BESIDE * (box.right - box.left))
    return BoxPx(
        max(0, box.left - beside),
        max(0, box.top - above),
        min(shape[1], box.right + beside),
        min(shape[0], box.bottom + above),
    )


def _own(left_over: Pixels, everywhere: Mask, box: BoxPx) -> NDArray[np.bool_]:
    """The strokes of the line: not specks, not what only looks in from outside."""
    count, *found = cv2.connectedComponentsWithStats(everywhere.astype(np.uint8), connectivity=8)
    labels, stats = np.asarray(found[0], np.int32), np.asarray(found[1], np.int32)
    areas = stats[:, cv2.CC_STAT_AREA]
    within = np.bincount(labels[box.top : box.bottom, box.left : box.right].ravel(), minlength=count)
    is_stranger = (within < _STRANGER_SHARE * areas) & (within < _HARMLESS_PX)
    kept = (areas >= _SPECK_PX) & (((within > 0) & ~is_stranger) | _runs_on(stats, box))
    kept[0] = False
    return np.asarray(kept[labels] & (left_over > 0), np.bool_)


def _runs_on(stats: NDArray[np.int32], box: BoxPx) -> NDArray[np.bool_]:
    """Strokes in the box's row that follow on its right edge."""
    high = box.bottom - box.top
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    tall = stats[:, cv2.CC_STAT_HEIGHT]
    middle = top + tall / 2
    in_row = (middle > box.top) & (middle < box.bottom) & (tall >= _RUNS_ON_HEIGHT * high) & (tall <= 1.2 * high)
    return np.asarray(in_row & (left >= box.right - 1) & (left <= box.right + _RUNS_ON * high), np.bool_)


def _scale(line: BoxPx) -> tuple[float, float]:
    wide, high = WIDTH_PX - 2 * _EDGE_PX, HEIGHT_PX - 2 * _EDGE_PX
    across, down = wide / (line.right - line.left), min(_LARGEST_SCALE, high / (line.bottom - line.top))
    if across >= down:
        return down, down
    return across, min(down, across / _LEAST_SQUEEZE)
