"""Lays a scanned page over the blank form: where on the picture is each point of the form?

Place in the pipeline: after identification, only for pages with places to judge. Trust level: a client's pixels
against the catalogue's features. Residual risk: another edition with the same layout registers fully, so the
edition is never told by this; the gate at each place (`ink`) has the last word.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from services.ocr.catalogue.model import Bytes, Numbers
from services.ocr.reading.raster import Pixels

CHEAP = (850, 800)
DEAR = (1_150, 1_500)
"""Width in pixels at which features are sought, and how many."""
MIN_INLIERS = 60
_RATIO = 0.85
_TOLERANCE_PX = 4.0


@dataclass(frozen=True)
class Registration:
    """`matrix` maps points of the form (points, from the top left) to pixels of the picture."""

    matrix: NDArray[np.float64]
    inliers: int

    @property
    def is_flat(self) -> bool:
        """False when the page was seen at an angle, as by a camera."""
        return bool(np.abs(self.matrix[2, :2]).max() < 1.5e-5)


def features(grey: Pixels, size: tuple[int, int]) -> tuple[Numbers, Bytes]:
    """Points (pixels of the picture given) and ORB descriptors of a page."""
    width, count = size
    scale = width / min(grey.shape)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale != 1 else grey
    found, descriptors = cv2.ORB.create(nfeatures=count, fastThreshold=12).detectAndCompute(small, None)
    if descriptors is None:
        return np.zeros((0, 2), np.float32), np.zeros((0, 32), np.uint8)
    return np.array([point.pt for point in found], np.float32) / scale, np.asarray(descriptors, np.uint8)


def register(
    points: Numbers, descriptors: Bytes, form_points: Numbers, form_descriptors: Bytes
) -> Registration | None:
    """Match a picture's features with a form page's; null when there is no believable likeness."""
    if len(points) < 8 or len(form_points) < 8:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(form_descriptors, descriptors, k=2)
    good = [two[0] for two in pairs if len(two) == 2 and two[0].distance < _RATIO * two[1].distance]
    if len(good) < 8:
        return None
    source = form_points[[match.queryIdx for match in good]]
    target = points[[match.trainIdx for match in good]]
    cv2.setRNGSeed(7)
    matrix, mask = cv2.findHomography(source, target, cv2.USAC_MAGSAC, _TOLERANCE_PX, maxIters=2_000)
    # OpenCV gives None for no likeness, whatever its stubs say.
    found = np.asarray(matrix if matrix is not None else np.zeros((3, 3)), np.float64)  # type: ignore[redundant-expr]
    return Registration(found, int(mask.sum())) if _is_sane(found) else None


def _is_sane(matrix: NDArray[np.float64]) -> bool:
    """No mirror image, no collapse, no wild perspective."""
    corners = np.array([[[0, 0], [612, 0], [612, 792], [0, 792]]], np.float64)
    seen = cv2.perspectiveTransform(corners, matrix)[0]
    return bool(cv2.isContourConvex(seen.astype(np.float32))) and float(np.linalg.det(matrix[:2, :2])) > 0.05
