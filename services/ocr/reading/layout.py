"""Names a page by its print: the likest layout of the catalogue, told by features.

Place in the pipeline: called by `footer` when no barcode can be read. Trust level: a client's pixels. Residual
risk: editions share layouts, so this tells form and page, never the edition.
"""

from dataclasses import dataclass

import cv2

from services.ocr.catalogue.model import Bytes, Catalogue, Entry, Numbers, PagePlan
from services.ocr.reading.raster import Pixels
from services.ocr.reading.registration import CHEAP, DEAR, Registration, features, register

_MIN_INLIERS = 45
_MIN_POINTS = 100
_SURE_INLIERS = 100
"""Pages of unknown forms stay below this, and below the other one pages that show no form at all."""
_MARGIN = 1.5
"""How many times more inliers than the best page of another form or number the winner needs."""
_TRIED = 12
_CLOSE = 48
"""Hamming distance below which two descriptors are alike."""


@dataclass(frozen=True)
class Likeness:
    """A page of the catalogue that a picture looks like, and how the picture lies over it."""

    entry: Entry
    page: PagePlan
    registration: Registration

    @property
    def is_sure(self) -> bool:
        """Whether it tells form and page by itself; otherwise only where the footer is."""
        return self.registration.inliers >= _SURE_INLIERS


def find_layout(grey: Pixels, catalogue: Catalogue) -> Likeness | None:
    """The page whose layout is clearly the likest; null when none is. Poor pictures are looked at more closely."""
    for size in (CHEAP, DEAR):
        points, descriptors = features(grey, size)
        if len(points) >= _MIN_POINTS and (winner := _clear_winner(_likest(points, descriptors, catalogue))):
            return winner
    return None


def _likest(points: Numbers, descriptors: Bytes, catalogue: Catalogue) -> list[Likeness]:
    """The pages that the picture can be laid over, the likest first."""
    votes: list[tuple[float, Entry, PagePlan]] = []
    matcher = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True)
    for entry, page, form_descriptors in catalogue.all_descriptors():
        matches = matcher.match(form_descriptors, descriptors)
        close = sum(match.distance < _CLOSE for match in matches)
        votes.append((close / max(1, len(form_descriptors)), entry, page))
    votes.sort(key=lambda vote: -vote[0])
    likest: list[Likeness] = []
    for _, entry, page in votes[:_TRIED]:
        arrays = entry.unpack(page.number)
        registration = register(points, descriptors, arrays.points, arrays.descriptors)
        if registration:
            likest.append(Likeness(entry, page, registration))
    return sorted(likest, key=lambda one: -one.registration.inliers)


def _clear_winner(likest: list[Likeness]) -> Likeness | None:
    if not likest or likest[0].registration.inliers < _MIN_INLIERS:
        return None
    best = likest[0]
    rivals = [
        one for one in likest[1:] if (one.entry.form, one.page.number) != (best.entry.form, best.page.number)
    ]
    if rivals and best.registration.inliers < _MARGIN * rivals[0].registration.inliers:
        return None
    return best
