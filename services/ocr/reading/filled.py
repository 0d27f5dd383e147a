"""Is a check box ticked, is something written in a box for text?

Place in the pipeline: the last step of reading a field, on a crop laid over the blank form. Trust level: a
client's pixels. Residual risk: pale pens are lost on one-bit scans, and a box filled with one reads as empty.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from services.ocr.reading.place import BoxPx
from services.ocr.reading.raster import Pixels
from services.ocr.reading.strokes import DARK, print_of, strong_marks

Mask = NDArray[np.bool_]

_DARKEST_SHADE = 170
"""Shading of an empty box is lighter than this, on photos too; what is darker is ink."""
_TICKED_SHARE = 0.10
_FILLED_PX, _MIN_LETTER_PX = 90, 8


def is_ticked(dark: Pixels, printed: Mask, box: BoxPx) -> bool | None:
    """Is there a tick in a check box? Null when it cannot be told.

    Boxes may be shaded: what counts is darker than the box's own ground, but a box blackened all over is ticked.
    """
    edge = max(3, (box.bottom - box.top) // 5)
    inner = (slice(box.top + edge, box.bottom - edge), slice(box.left + edge, box.right - edge))
    if not dark[inner].size:
        return None
    ground = float(np.percentile(dark[inner], 90))
    limit = DARK * ground / 255 if ground >= _DARKEST_SHADE else DARK
    print_around = cv2.dilate(printed.astype(np.uint8), np.ones((3, 3), np.uint8))[inner] > 0
    return _sure(float(((dark[inner] < limit) & ~print_around).mean()), _TICKED_SHARE)


def is_filled_in(dark: Pixels, printed: Mask, box: BoxPx) -> bool | None:
    """Is something written in a box for text, however short? Null when it cannot be told."""
    marks = strong_marks(dark, print_of(printed))
    inside = marks.inside(box)
    areas = marks.boxes[:, cv2.CC_STAT_AREA]
    sides = np.maximum(marks.boxes[:, cv2.CC_STAT_WIDTH], marks.boxes[:, cv2.CC_STAT_HEIGHT])
    return _sure(int(inside[(sides >= _MIN_LETTER_PX) & (inside >= 0.5 * areas)].sum()), _FILLED_PX)


def _sure(measured: float, threshold: float) -> bool | None:
    """Between half of the threshold and the threshold it cannot be told."""
    return None if 0.5 * threshold <= measured < threshold else measured >= threshold
