"""Names a page without a barcode: the likest layout of the catalogue, then its footer read in the right place.

Place in the pipeline: called by `scan` when no barcode can be read (about 0.3 s for the whole catalogue). Trust
level: a client's pixels. Residual risk: editions share layouts, so the edition comes from the footer's text alone;
without it the edition stays unknown.
"""

import re
from dataclasses import dataclass

import cv2
import numpy as np
import pytesseract

from services.ocr.catalogue.model import Catalogue, Entry, PagePlan
from services.ocr.reading.identity import Identity, find_footer
from services.ocr.reading.place import PX_PER_PT, crop_matrix, size_px
from services.ocr.reading.raster import Pixels
from services.ocr.reading.registration import CHEAP, Registration, features, register
from services.ocr.reading.result import Named

_MIN_INLIERS = 100
_MARGIN = 1.5
"""How many times more inliers than the best page of another form or number the winner needs."""
_TRIED = 5
_CLOSE = 48
"""Hamming distance below which two descriptors are alike."""
_FOOTER_PT = 60.0
_TESSERACT_SECONDS = 10


@dataclass(frozen=True)
class _Likeness:
    entry: Entry
    page: PagePlan
    registration: Registration


def name_by_layout(grey: Pixels, catalogue: Catalogue) -> Named | None:
    """The page whose layout is clearly the likest; null when none is."""
    points, descriptors = features(grey, CHEAP)
    if len(points) < _MIN_INLIERS:
        return None
    votes: list[tuple[int, Entry, PagePlan]] = []
    matcher = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True)
    for entry, page, form_descriptors in catalogue.all_descriptors():
        matches = matcher.match(form_descriptors[:400], descriptors)
        votes.append((sum(match.distance < _CLOSE for match in matches), entry, page))
    votes.sort(key=lambda vote: -vote[0])
    likest: list[_Likeness] = []
    for _, entry, page in votes[:_TRIED]:
        arrays = entry.unpack(page.number)
        registration = register(points, descriptors, arrays.points, arrays.descriptors)
        if registration:
            likest.append(_Likeness(entry, page, registration))
    likest.sort(key=lambda one: -one.registration.inliers)
    if not likest or likest[0].registration.inliers < _MIN_INLIERS:
        return None
    best = likest[0]
    rivals = [
        one for one in likest[1:] if (one.entry.form, one.page.number) != (best.entry.form, best.page.number)
    ]
    if rivals and best.registration.inliers < _MARGIN * rivals[0].registration.inliers:
        return None
    return _named(grey, best, catalogue)


def _named(grey: Pixels, best: _Likeness, catalogue: Catalogue) -> Named:
    text = _footer(grey, best)
    printed = find_footer(re.sub(r"(?<=\d)\s*/\s*(?=\d)", "/", text))
    if printed and printed.form == best.entry.form:
        identity = Identity(printed.form, printed.edition, printed.form_page or best.page.number)
        return Named(identity, "footer", catalogue.find(identity.form, identity.edition))
    return Named(Identity(best.entry.form, None, best.page.number), "layout", None)


def _footer(grey: Pixels, best: _Likeness) -> str:
    """The text of the registered page's footer; empty when Tesseract is missing or too slow."""
    part = (0.0, 0.0, best.page.width_pt, _FOOTER_PT)
    matrix = best.registration.matrix @ crop_matrix(part, best.page.height_pt, 0)
    matrix = matrix @ np.diag([0.75, 0.75, 1.0])
    width, height = size_px(part)
    strip = cv2.warpPerspective(
        grey,
        matrix,
        (int(width / 0.75), int(height / 0.75)),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderValue=255,
    )
    strip[:, int(185 * PX_PER_PT / 0.75) : int(470 * PX_PER_PT / 0.75)] = 255
    try:
        return str(pytesseract.image_to_string(strip, config="--psm 11", timeout=_TESSERACT_SECONDS))
    except (RuntimeError, pytesseract.TesseractNotFoundError):
        return ""
