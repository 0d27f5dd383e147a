"""The kind of a mark on a picture of paper: written by hand, printed letters, or a stamp.

Place in the pipeline: called by `marks`. Trust level: a client's pixels. Residual risk: letters of a script font
that were printed and scanned are handwriting to the eye, and so is a stamp that has no frame.

A printer sets letters of two heights on one straight line; a hand that prints does so nearly. The evidence is
added up with weights that were found on simulated scans (decision 29); near the border it is unsure.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from services.ocr.reading.raster import Pixels
from wetink.contracts.reading import Mark

Mask = NDArray[np.bool_]

_LETTER_PX = 7
_TILTS = np.linspace(-0.12, 0.12, 49)
_ON_LINE_PX = 1.6
_TYPED, _PERHAPS_TYPED = 0.5, -0.3
_FRAME_WIDE_PX, _FRAME_HIGH_PX = 90, 45
_FRAME_SHARE = 0.8
_KNOWN_SHARE = 0.3
_FILLED_SHARE = 0.03
_NEAR_PX = 31
_PRINT_PX = 5
"""So near the form's print its own lines may be left over."""
_REACH_PX = 4
_GAP_PX, _GAP_SHARE = (7, 11, 16), 0.25
"""So far inside its frame a stamp is nearly empty, while strokes of a hand go on."""


def kind_of_ink(strokes: Mask, ink: Mask, hidden: Mask) -> Mark:
    """The kind of a mark from its strokes and the ink near it; `hidden` is where the form is printed (h x w)."""
    clear = ~_near(hidden, _PRINT_PX)
    if _has_frame(_with_near(strokes & clear, ink & clear), clear):
        return "stamped"
    evidence = _evidence(strokes, hidden)
    if evidence >= _TYPED:
        return "typed"
    return "unsure" if evidence >= _PERHAPS_TYPED else "handwritten"


def looks_typed(strokes: Mask, hidden: Mask) -> bool:
    """Whether outlines that a program drew are letters of a printer."""
    return _evidence(strokes, hidden) >= _TYPED


class _Letters(NamedTuple):
    """What a printer's letters have: how many, which share of the ink, how much lies on two straight lines."""

    letters: int
    share: float
    feet: float
    heads: float
    bottoms: float
    tops: float
    tilt: float
    height: int

    def evidence(self) -> float:
        """Above zero for a printer, below for a hand."""
        return (
            3.4 * min(self.letters, 12) / 12
            + 3.5 * self.share
            + 5.8 * self.bottoms
            + 3.4 * self.tops
            - 4.9 * min(self.tilt / 0.06, 1)
            + 3.6 * self.feet
            + 4.0 * self.heads
            - 1.9 * min(self.height / 80, 1)
            - 15.3
        )


def _evidence(strokes: Mask, hidden: Mask) -> float:
    letters = _letters(strokes, hidden)
    return letters.evidence() if letters else -99.0


def _letters(strokes: Mask, hidden: Mask) -> _Letters | None:
    """Measure the parts that the form's print does not cut; null when there are none."""
    count, *found = cv2.connectedComponentsWithStats(strokes.astype(np.uint8), connectivity=8)
    labels, stats = np.asarray(found[0], np.int32), np.asarray(found[1], np.int32)
    beside = cv2.dilate(hidden.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    is_letter = np.bincount(labels[beside], minlength=count) == 0
    is_letter &= stats[:, cv2.CC_STAT_HEIGHT] >= _LETTER_PX
    is_letter[0] = False
    whole = is_letter[labels]
    columns = np.flatnonzero(whole.any(axis=0))
    if len(columns) < 10:
        return None
    bottom = whole.shape[0] - 1 - whole[::-1].argmax(axis=0)[columns]
    along = columns - columns[0]
    line = max((_level(bottom - np.rint(tilt * along).astype(int)), tilt) for tilt in _TILTS)
    (bottoms, base), tilt = line
    tops, _ = _level(whole.argmax(axis=0)[columns] - np.rint(tilt * along).astype(int))
    letters = stats[is_letter]
    drop = tilt * (letters[:, cv2.CC_STAT_LEFT] + letters[:, cv2.CC_STAT_WIDTH] / 2 - columns[0])
    head = letters[:, cv2.CC_STAT_TOP]
    foot = head + letters[:, cv2.CC_STAT_HEIGHT] - 1
    rows = np.flatnonzero(whole.any(axis=1))
    return _Letters(
        letters=len(letters),
        share=float(whole.sum() / max(1, strokes.sum())),
        feet=float(np.mean(np.abs(foot - drop - base) <= _ON_LINE_PX)),
        heads=_on_two_levels(np.rint(head - drop).astype(int)),
        bottoms=bottoms,
        tops=tops,
        tilt=abs(float(tilt)),
        height=int(rows[-1] - rows[0] + 1),
    )


def _level(rows: NDArray[np.int_]) -> tuple[float, int]:
    """The row near which most of them lie, and their share."""
    counts = np.convolve(np.bincount(rows - rows.min() + 1, minlength=3), np.ones(3), "same")
    best = int(counts.argmax())
    return float(counts[best] / len(rows)), best + int(rows.min()) - 1


def _on_two_levels(rows: NDArray[np.int_]) -> float:
    """Share of rows near the two that most of them lie near."""
    share, level = _level(rows)
    others = rows[np.abs(rows - level) > 2]
    return share + (_level(others)[0] * len(others) / len(rows) if len(others) else 0.0)


def _with_near(strokes: Mask, ink: Mask) -> Mask:
    """The strokes with all ink that belongs to the same cluster."""
    near = cv2.dilate(ink.astype(np.uint8), np.ones((_NEAR_PX, _NEAR_PX), np.uint8))
    count, labels = cv2.connectedComponents(near, connectivity=8)
    is_own = np.bincount(np.asarray(labels, np.int32)[strokes], minlength=count) > 0
    is_own[0] = False
    return ink & is_own[np.asarray(labels, np.int32)]


def _has_frame(cluster: Mask, clear: Mask) -> bool:
    """Whether a line runs around the mark, with something inside; handwriting touches its hull here and there."""
    y, x = np.nonzero(cluster)
    if not len(x) or np.ptp(x) < _FRAME_WIDE_PX or np.ptp(y) < _FRAME_HIGH_PX:
        return False
    hull = cv2.convexHull(np.stack([x, y], 1).astype(np.int32))
    edge, inner = np.zeros(cluster.shape, np.uint8), np.zeros(cluster.shape, np.uint8)
    cv2.polylines(edge, [hull], isClosed=True, color=1)
    cv2.fillConvexPoly(inner, hull, 1)
    clear = clear.copy()
    clear[[0, 1, 2, -3, -2, -1]] = clear[:, [0, 1, 2, -3, -2, -1]] = False
    known = (edge > 0) & clear
    if known.sum() < _KNOWN_SHARE * edge.sum():
        return False
    met = _near(cluster, _REACH_PX)[known].mean()
    if met < _FRAME_SHARE:
        return False
    gaps = [_ring(inner, depth) & clear for depth in _GAP_PX]
    is_free = any(gap.any() and _near(cluster, 1)[gap].mean() <= _GAP_SHARE for gap in gaps)
    inside = _shrunk(inner, _GAP_PX[0]) & clear
    return bool(is_free and cluster[inside].sum() >= _FILLED_SHARE * cluster.sum())


def _ring(area: Pixels, depth_px: int) -> Mask:
    """The outline of what is left of an area so far from its edge."""
    return np.asarray(_shrunk(area, depth_px) & ~_shrunk(area, depth_px + 1))


def _shrunk(area: Pixels, by_px: int) -> Mask:
    size = 2 * by_px + 1
    return cv2.erode(area, np.ones((size, size), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0) > 0


def _near(ink: Mask, reach_px: int) -> Mask:
    size = 2 * reach_px + 1
    return cv2.dilate(ink.astype(np.uint8), np.ones((size, size), np.uint8)) > 0
