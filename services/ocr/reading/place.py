"""Where a place is on the blank page, and the part of the page around it that is looked at.

Place in the pipeline: shared by learning and reading, so that a mask and a crop always cover the same part.
Trust level: our own geometry. Residual risk: none.

Ink overflows its box by more than a box height, so a slot is seen with about 30 points around it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.ocr.catalogue.model import MASK_DPI
from wetink.contracts.reading import BoxPt

SLOT_MARGIN_PT = 30.0
FIELD_MARGIN_PT = 8.0
PX_PER_PT = MASK_DPI / 72


class BoxPx(NamedTuple):
    """left, top, right, bottom in pixels of a crop."""

    left: int
    top: int
    right: int
    bottom: int


def around(box_pt: BoxPt, margin_pt: float, width_pt: float, height_pt: float) -> BoxPt:
    """The box with a margin, within the page."""
    left, bottom, right, top = box_pt
    return (
        max(0.0, left - margin_pt),
        max(0.0, bottom - margin_pt),
        min(width_pt, right + margin_pt),
        min(height_pt, top + margin_pt),
    )


def size_px(part_pt: BoxPt) -> tuple[int, int]:
    """Width and height of a crop at `MASK_DPI`."""
    return round((part_pt[2] - part_pt[0]) * PX_PER_PT), round((part_pt[3] - part_pt[1]) * PX_PER_PT)


def within(box_pt: BoxPt, part_pt: BoxPt) -> BoxPx:
    """A box in the pixels of the crop of `part_pt`, cut at its edges."""
    width, height = size_px(part_pt)
    left, right = ((x - part_pt[0]) * PX_PER_PT for x in (box_pt[0], box_pt[2]))
    top, bottom = ((part_pt[3] - y) * PX_PER_PT for y in (box_pt[3], box_pt[1]))
    return BoxPx(
        int(np.clip(round(left), 0, width)),
        int(np.clip(round(top), 0, height)),
        int(np.clip(round(right), 0, width)),
        int(np.clip(round(bottom), 0, height)),
    )


def moved(box_pt: BoxPt, matrix: NDArray[np.float64]) -> BoxPx:
    """What a box becomes when its corners are mapped to pixels of a crop, cut at the crop's left and top."""
    left, bottom, right, top = box_pt
    corners = matrix @ np.array([[left, left, right, right], [bottom, top, bottom, top], [1, 1, 1, 1]])
    x, y = np.rint(np.maximum(corners[:2] / corners[2], 0)).astype(int)
    return BoxPx(int(x.min()), int(y.min()), int(x.max()), int(y.max()))


def crop_matrix(part_pt: BoxPt, height_pt: float, pad_px: int) -> NDArray[np.float64]:
    """Maps pixels of the padded crop to points of the page from the top left."""
    step = 1 / PX_PER_PT
    return np.array(
        [[step, 0, part_pt[0] - pad_px * step], [0, step, height_pt - part_pt[3] - pad_px * step], [0, 0, 1]]
    )


def overlap(one: BoxPt, other: BoxPt) -> bool:
    """True when two boxes share some area."""
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]


def boxes_near(boxes: NDArray[np.float32], box_pt: BoxPt, part_pt: BoxPt) -> list[BoxPx]:
    """The form's other boxes (n x 4, points) that reach into a crop, in its pixels."""
    near = [(float(a), float(b), float(c), float(d)) for a, b, c, d in boxes]
    return [within(box, part_pt) for box in near if overlap(box, part_pt) and not overlap(box, box_pt)]
