"""Finds what was put on the paper of a form: dark, not printed, not a line that runs along the whole page.

Place in the pipeline: called by `ink` on a crop that was laid over the blank form. Trust level: a client's pixels.
Residual risk: ink within two pixels of print is lost; dirt that looks like a pen stroke is taken for one.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from services.ocr.reading.place import BoxPx
from services.ocr.reading.raster import Pixels

Mask = NDArray[np.bool_]
Labels = NDArray[np.int32]

DARK = 205
"""Below this (of 255, background normalised) a pixel is ink or print."""
_FAINT = 14
"""How much darker than the paper around it a thin faint stroke is at least."""
_NOISE_TIMES = 5.0
_SPECK_PX = 6
_LINE_PX = 25
_BESIDE_LINE_PX = 13
_THIN_PX = 14
_SHADE = 12
"""How much darker than white paper a broad shade is at least."""
_SEEN_THROUGH = 0.85


class Marks(NamedTuple):
    """Connected marks: `labels` (h x w, 0 is none); `boxes` n x 5: left, top, width, height, pixels.

    `far_px`: for each how many of its pixels are clearly apart from print. Row 0 is the paper.
    """

    labels: Labels
    boxes: Labels
    far_px: Labels

    def inside(self, box: BoxPx) -> Labels:
        """For each mark how many of its pixels lie in a box."""
        part = self.labels[box.top : box.bottom, box.left : box.right]
        counts = np.asarray(np.bincount(part.ravel(), minlength=len(self.boxes)), np.int32)
        counts[0] = 0
        return counts


def strong_marks(dark: Pixels, printed: Mask) -> Marks:
    """What is as dark as print."""
    return _marks(dark < DARK, dark, printed)


def faint_marks(dark: Pixels, printed: Mask, others: Mask) -> Marks:
    """Thin strokes that are a little darker than the paper beside them: pencil, pale ink.

    Broad shades are none; `others` are strong marks of another place, whose soft edges are none either.
    """
    soft = cv2.GaussianBlur(dark, (0, 0), 1.0)
    ground = cv2.morphologyEx(soft, cv2.MORPH_CLOSE, np.ones((11, 11), np.uint8))
    thin = cv2.subtract(ground, soft)
    noise = float(np.median(thin[::2, ::2]))
    is_white = ground > np.median(ground[::2, ::2]) - _SHADE
    is_free = cv2.dilate(others.astype(np.uint8), np.ones((9, 9), np.uint8)) == 0
    return _marks((thin > max(_FAINT, _NOISE_TIMES * noise)) & is_white & is_free, dark, printed)


def _marks(ink: Mask, dark: Pixels, printed: Mask) -> Marks:
    form = printed.astype(np.uint8)
    ink = ink & ~_beside_print_lines(ink, form)
    hidden = cv2.dilate(form, np.ones((5, 5), np.uint8))
    left_over = np.where(hidden > 0, 0, ink).astype(np.uint8)
    # A stroke that crosses the print is one stroke.
    across = cv2.morphologyEx(left_over, cv2.MORPH_CLOSE, np.ones((15, 5), np.uint8))
    joined = np.where(hidden > 0, across, left_over).astype(np.uint8)
    count, *found = cv2.connectedComponentsWithStats(joined, connectivity=8)
    labels, boxes = np.asarray(found[0], np.int32), np.asarray(found[1], np.int32)
    labels[left_over == 0] = 0
    boxes[:, cv2.CC_STAT_AREA] = np.bincount(labels.ravel(), minlength=count)
    for number in range(1, count):
        if boxes[number, cv2.CC_STAT_AREA] < _SPECK_PX or _runs_along_the_page(boxes[number], dark):
            labels[labels == number] = 0
            boxes[number, cv2.CC_STAT_AREA] = 0
    apart = cv2.dilate(form, np.ones((11, 11), np.uint8)) == 0
    far_px = np.bincount(labels[apart], minlength=count).astype(np.int32)
    far_px[0] = boxes[0, cv2.CC_STAT_AREA] = 0
    return Marks(labels, boxes, far_px)


def _beside_print_lines(ink: Mask, form: Pixels) -> Mask:
    """Pieces of the form's own lines that lie a little beside where they should."""
    own = ink.astype(np.uint8)
    found = []
    for along, across in (((1, _LINE_PX), (_BESIDE_LINE_PX * 2, 1)), ((_LINE_PX, 1), (1, _BESIDE_LINE_PX * 2))):
        lines = cv2.morphologyEx(form, cv2.MORPH_OPEN, np.ones(along, np.uint8))
        near = cv2.min(own, cv2.dilate(lines, np.ones(across, np.uint8)))
        found.append(cv2.morphologyEx(near, cv2.MORPH_OPEN, np.ones(along, np.uint8)) > 0)
    return np.logical_or(*found)


def _runs_along_the_page(box: Labels, dark: Pixels) -> bool:
    """A scratch or crease: a thin upright or level mark that goes on in its direction through the whole crop."""
    left, top, width, height = (int(value) for value in box[:4])
    if width <= _THIN_PX and height >= 3 * width:
        strip = dark[:, max(0, left - 3) : left + width + 3].min(axis=1)
    elif height <= _THIN_PX and width >= 3 * height:
        strip = dark[max(0, top - 3) : top + height + 3].min(axis=0)
    else:
        return False
    return float((strip < (DARK + 255) / 2).mean()) >= _SEEN_THROUGH
