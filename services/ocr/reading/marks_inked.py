"""The kind of a mark on a picture of paper: written by hand, printed letters, or a stamp.

Place in the pipeline: called by `marks`. Trust level: a client's pixels. Residual risk: letters of a script font
that were printed and scanned are handwriting to the eye; a facsimile stamp of a signature too.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from wetink.contracts.reading import Mark

Mask = NDArray[np.bool_]


def kind_of_ink(strokes: Mask, hidden: Mask) -> Mark:
    """The kind of a mark from its strokes; `hidden` is where the form's print cuts them (both h x w)."""
    return "typed" if looks_typed(strokes, hidden) else "handwritten"


def looks_typed(strokes: Mask, hidden: Mask) -> bool:
    """Many small separate marks on one straight line, as a printer makes them."""
    count, *found = cv2.connectedComponentsWithStats(strokes.astype(np.uint8), connectivity=8)
    labels, stats = np.asarray(found[0], np.int32), np.asarray(found[1], np.int32)
    beside = cv2.dilate(hidden.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    is_whole = np.bincount(labels[beside], minlength=count) == 0
    is_whole[0] = False
    letters = stats[is_whole & (stats[:, cv2.CC_STAT_HEIGHT] >= 8)]
    if len(letters) < 5 or letters[:, cv2.CC_STAT_HEIGHT].max() > 36:
        return False
    feet = letters[:, cv2.CC_STAT_TOP] + letters[:, cv2.CC_STAT_HEIGHT]
    return bool(np.mean(np.abs(feet - np.median(feet)) <= 2) >= 0.7)
