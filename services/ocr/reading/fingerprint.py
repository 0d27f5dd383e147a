"""What a mark looks like: a fingerprint by which the same picture is known again wherever it is used.

Place in the pipeline: made while a slot is read, kept with its reading (`SlotReading.fingerprint`), compared with
`wetink.fingerprints.are_same_picture`. Trust level: a client's pixels. Residual risk: small, faint or half hidden
copies are not known again; a copy that is printed and scanned is known by its lines alone.

Two marks are the same picture when `are_same_picture(one, other)` says so; there is no other measure, so nobody
has to know what is in the hex. The same picture moved, scaled by up to an eighth, printed, scanned, at another
resolution or across other print is known again; two signatures of one person are not. Marks with too little detail
to tell a copy from a habit (a cross, a line, initials) have no fingerprint.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from wetink.fingerprints import HEIGHT, WIDTH, pack

Mask = NDArray[np.bool_]

_SPREAD_CELLS = 12.0
"""The spread of every mark on the canvas: the root of its spread to the side times that in height."""
_FEWEST_CELLS = 180
"""Marks whose lines cover fewer cells look alike whenever they are made."""
_WIDEST_STROKE = 40
_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


def fingerprint_of(strokes: Mask, hidden: Mask) -> str | None:
    """The fingerprint of a mark's strokes; `hidden` is where the form's print would cover them (both h x w)."""
    lines = _middle_lines(strokes)
    y, x = np.nonzero(lines)
    if len(x) < _FEWEST_CELLS:
        return None
    points = np.stack([x, y], 1).astype(np.float64)
    middle, spread = points.mean(0), points.std(0)
    scale = _SPREAD_CELLS / max(1e-6, float(np.sqrt(spread[0] * spread[1])))
    shift = np.array([WIDTH / 2, HEIGHT / 2]) - middle * scale
    cells = np.rint(points * scale + shift).astype(int)
    cells = cells[((cells >= 0) & (cells < (WIDTH, HEIGHT))).all(1)]
    canvas = np.zeros((HEIGHT, WIDTH), np.bool_)
    canvas[cells[:, 1], cells[:, 0]] = True
    if canvas.sum() < _FEWEST_CELLS:
        return None
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    covered = cv2.warpAffine(hidden.astype(np.uint8) * 255, matrix, (WIDTH, HEIGHT), borderValue=255)
    return pack(np.packbits(canvas).tobytes(), np.packbits(covered > 100).tobytes())


def _middle_lines(strokes: Mask) -> Mask:
    """The skeleton, by opening: what is left of each erosion when the next one would remove it."""
    rest = np.asarray(
        cv2.morphologyEx(strokes.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)), np.uint8
    )
    lines = np.zeros(strokes.shape, np.bool_)
    for _ in range(_WIDEST_STROKE):
        if not rest.any():
            break
        smaller = np.asarray(cv2.erode(rest, _CROSS), np.uint8)
        lines |= rest > cv2.dilate(smaller, _CROSS)
        rest = smaller
    return lines
