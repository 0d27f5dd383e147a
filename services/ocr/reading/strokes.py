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
_BESIDE_LINE_PX, _LINE_THICK_PX = 27, 10
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


class Print(NamedTuple):
    """What the form prints in a crop (h x w): the pixels it `hides`, what is `near` it, and beside its lines."""

    hides: Mask
    near: Mask
    beside_level: Mask
    beside_upright: Mask


def print_of(printed: Mask) -> Print:
    """Measure the mask of what is printed in a crop."""
    form = printed.astype(np.uint8)
    level, upright = (
        cv2.dilate(cv2.morphologyEx(form, cv2.MORPH_OPEN, np.ones(along, np.uint8)), np.ones(across, np.uint8)) > 0
        for along, across in (((1, _LINE_PX), (_BESIDE_LINE_PX, 1)), ((_LINE_PX, 1), (1, _BESIDE_LINE_PX)))
    )
    hides, near = (cv2.dilate(form, np.ones((reach, reach), np.uint8)) > 0 for reach in (5, 11))
    return Print(hides, near, level, upright)


def strong_marks(dark: Pixels, form: Print) -> Marks:
    """What is as dark as print."""
    return _marks(dark < DARK, dark, form)


def faint_marks(dark: Pixels, form: Print, others: Mask) -> Marks:
    """Thin strokes that are a little darker than the paper beside them: pencil, pale ink.

    Broad shades are none; `others` are strong marks of another place, whose soft edges are none either.
    """
    soft = cv2.GaussianBlur(dark, (0, 0), 1.0)
    ground = cv2.morphologyEx(soft, cv2.MORPH_CLOSE, np.ones((11, 11), np.uint8))
    thin = cv2.subtract(ground, soft)
    noise = float(np.median(thin[::2, ::2]))
    is_white = ground > np.median(ground[::2, ::2]) - _SHADE
    is_free = cv2.dilate(others.astype(np.uint8), np.ones((9, 9), np.uint8)) == 0
    return _marks((thin > max(_FAINT, _NOISE_TIMES * noise)) & is_white & is_free, dark, form)


def _marks(ink: Mask, dark: Pixels, form: Print) -> Marks:
    left_over = (ink & ~form.hides & ~_beside_print_lines(ink, form)).astype(np.uint8)
    # A stroke that crosses the print is one stroke.
    across = cv2.morphologyEx(left_over, cv2.MORPH_CLOSE, np.ones((31, 5), np.uint8))
    joined = np.where(form.hides, across, left_over).astype(np.uint8)
    count, *found = cv2.connectedComponentsWithStats(joined, connectivity=8)
    labels, boxes = np.asarray(found[0], np.int32), np.asarray(found[1], np.int32)
    labels[left_over == 0] = 0
    boxes[:, cv2.CC_STAT_AREA] = np.bincount(labels.ravel(), minlength=count)
    kept = boxes[:, cv2.CC_STAT_AREA] >= _SPECK_PX
    kept[0] = False
    for number in np.flatnonzero(kept):
        kept[number] = not _runs_along_the_page(boxes[number], dark)
    labels[~kept[labels]] = 0
    boxes[~kept, cv2.CC_STAT_AREA] = 0
    far_px = np.bincount(labels[~form.near], minlength=count).astype(np.int32)
    far_px[0] = 0
    return Marks(labels, boxes, far_px)


def _beside_print_lines(ink: Mask, form: Print) -> Mask:
    """Thin pieces of the form's own lines that lie a little beside where they should."""
    level, upright = np.ones((1, _LINE_PX), np.uint8), np.ones((_LINE_PX, 1), np.uint8)
    return _thin_runs(ink & form.beside_level, level) | _thin_runs(ink & form.beside_upright, upright)


def _thin_runs(ink: Mask, run: Pixels) -> Mask:
    pixels = ink.astype(np.uint8)
    across = np.ones([_LINE_THICK_PX if side == 1 else 1 for side in run.shape], np.uint8)
    thick = cv2.morphologyEx(pixels, cv2.MORPH_OPEN, across)
    return np.asarray(cv2.morphologyEx(cv2.subtract(pixels, thick), cv2.MORPH_OPEN, run) > 0)


def _runs_along_the_page(box: Labels, dark: Pixels) -> bool:
    """A scratch or crease: a thin upright or level mark that goes on in its direction through the whole crop."""
    left, top, width, height = (int(value) for value in box[:4])
    if width <= _THIN_PX and height > width:
        strip = dark[:, max(0, left - 3) : left + width + 3].min(axis=1)
    elif height <= _THIN_PX and width > height:
        strip = dark[max(0, top - 3) : top + height + 3].min(axis=0)
    else:
        return False
    return float((strip < (DARK + 255) / 2).mean()) >= _SEEN_THROUGH
