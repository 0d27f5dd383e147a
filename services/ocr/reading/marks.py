"""The kind of a mark, and its fingerprint.

Place in the pipeline: called by `digital` and `scan` for a place that is not empty, with the crop that was
measured. Trust level: a client's pixels and what `marks_drawn` found. Residual risk: a picture of a signature that
was printed and scanned is handwriting to the eye; its fingerprint alone tells that it was used before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray

from services.ocr.reading.blob import Header
from services.ocr.reading.drawn import content_of, is_scan
from services.ocr.reading.fingerprint import fingerprint_of
from services.ocr.reading.ink import DARK
from services.ocr.reading.marks_drawn import Source, mark_of, sources_of
from services.ocr.reading.marks_inked import kind_of_ink, looks_typed
from services.ocr.reading.place import BoxPx
from services.ocr.reading.raster import Pixels
from services.ocr.reading.values import value_in
from wetink.contracts.reading import BoxPt, Mark, SlotKind, SlotReading
from wetink.fingerprints import are_same_picture

Mask = NDArray[np.bool_]

_SPECK_PX = 6
_WITH_FINGERPRINT = {"handwritten", "pasted", "digital"}


@dataclass(frozen=True)
class PutOn:
    """What a program put on a page; `is_scan`: on a picture of paper.

    `to_picture` maps its points (origin lower left) to pixels of the picture of the page; `value_in` tells what a
    field or text says in a box (points).
    """

    sources: list[Source]
    is_scan: bool
    to_picture: NDArray[np.float64]
    value_in: Callable[[BoxPt], str | None]


NOTHING = PutOn([], is_scan=True, to_picture=np.eye(3), value_in=lambda _: None)
"""On a picture that is not in a PDF, or alone in it."""


def put_on(page: pdfium.PdfPage, header: Header, dpi: float) -> PutOn:
    """What a program put on the page of a PDF, of which a picture is made at `dpi`."""
    contents = content_of(page)
    is_paper = is_scan(page, contents)
    return PutOn(
        sources_of(page, header, contents),
        is_paper,
        np.diag([dpi / 72, dpi / 72, 1.0]) @ _turned(page),
        lambda box: value_in(page, header, box, has_text=not is_paper),
    )


class Crop(NamedTuple):
    """A place with its surroundings: `dark` (h x w, paper is 255) laid over `printed`, and the box in it."""

    dark: Pixels
    printed: Mask
    box: BoxPx


@dataclass(frozen=True)
class MarkSeen:
    """The kind of a mark, and its fingerprint where it is one of a kind."""

    mark: Mark | None
    fingerprint: str | None = None


NO_MARK = MarkSeen(None)


def look_at(crop: Crop, kind: SlotKind, there: PutOn, to_px: Callable[[BoxPt], BoxPx]) -> MarkSeen:
    """What the mark in a place is; `to_px` says where a box of the page is in the crop."""
    hidden = cv2.dilate(crop.printed.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    ink = (crop.dark < DARK) & ~hidden
    strokes = _strokes(ink, crop.box)
    mark = mark_of(strokes, there.sources, to_px)
    if mark is None and there.is_scan:
        mark = kind_of_ink(strokes, ink, hidden)
    elif mark is None:
        mark = "typed" if looks_typed(strokes, hidden) else "digital"
    is_own = kind == "signature" and mark in _WITH_FINGERPRINT
    return MarkSeen(mark, fingerprint_of(strokes, hidden) if is_own else None)


def _turned(page: pdfium.PdfPage) -> NDArray[np.float64]:
    """Points of the page (origin lower left) to points of the page as it is shown (origin upper left)."""
    width, height = page.get_size()
    turns = {
        0: [[1, 0, 0], [0, -1, height]],
        90: [[0, 1, 0], [1, 0, 0]],
        180: [[-1, 0, width], [0, 1, 0]],
        270: [[0, -1, width], [-1, 0, height]],
    }
    return np.array([*turns[page.get_rotation()], [0, 0, 1]], np.float64)


def _strokes(ink: Mask, box: BoxPx) -> Mask:
    """What reaches into the box."""
    count, *found = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    labels, stats = np.asarray(found[0], np.int32), np.asarray(found[1], np.int32)
    inside = np.bincount(labels[box.top : box.bottom, box.left : box.right].ravel(), minlength=count)
    own = (inside > 0) & (stats[:, cv2.CC_STAT_AREA] >= _SPECK_PX)
    own[0] = False
    return own[labels]


def name_copies(slots: list[SlotReading]) -> list[SlotReading]:
    """The same slots of a page; a mark whose pixels are in an earlier one is pasted."""
    named: list[SlotReading] = []
    for slot in slots:
        earlier = [one.fingerprint for one in named if one.fingerprint]
        is_copy = slot.fingerprint and any(are_same_picture(slot.fingerprint, one) for one in earlier)
        named.append(slot.model_copy(update={"mark": "pasted"}) if is_copy else slot)
    return named
