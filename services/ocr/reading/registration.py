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
MIN_INLIERS = 25
"""Fewer tell nothing; whether so few were enough is told by the gate at each place."""
_SURE_INLIERS = 60
_RATIO = 0.85
_TOLERANCE_PX = 4.0
_NEAR_PT = (230.0, 110.0)
"""How far around a place its neighbourhood reaches, sideways and up or down."""
_BENT_PT, _LOCAL_TOLERANCE_PT = 25.0, 1.2
"""How far paper that is curled or folded may be from where it would lie flat; how exact a neighbourhood is."""
_SHARP = 0.25
"""Slope of the steepest edges of a sharp page, in its contrast per pixel."""
_MIN_LOCAL, _MIN_SPREAD_PT = 10, 12.0


@dataclass(frozen=True)
class Registration:
    """`matrix` maps points of the form (points, from the top left) to pixels of the picture.

    `form_points` (points) were found at `picture_points` (pixels), as far as one can tell from each alone.
    """

    matrix: NDArray[np.float64]
    inliers: int
    form_points: Numbers
    picture_points: Numbers

    @property
    def is_flat(self) -> bool:
        """False when the page was seen at an angle, as by a camera."""
        return bool(np.abs(self.matrix[2, :2]).max() < 1.5e-5)

    @property
    def is_sure(self) -> bool:
        """True when so much was found on a flat page that all of it lies where the matrix says."""
        return self.is_flat and self.inliers >= _SURE_INLIERS

    def near(self, x_pt: float, y_pt: float) -> NDArray[np.float64] | None:
        """The matrix for the neighbourhood of a place (points from the top left) on a page that is not flat.

        Null where too little of the form was found there.
        """
        scale = float(np.sqrt(abs(np.linalg.det(self.matrix[:2, :2]))))
        if_flat = cv2.perspectiveTransform(self.form_points[None].astype(np.float64), self.matrix)[0]
        is_near = (np.abs(self.form_points - (x_pt, y_pt)) < _NEAR_PT).all(axis=1)
        is_near &= (np.abs(self.picture_points - if_flat) < _BENT_PT * scale).all(axis=1)
        if is_near.sum() < _MIN_LOCAL:
            return None
        source, target = self.form_points[is_near], self.picture_points[is_near]
        cv2.setRNGSeed(7)
        tolerance_px = _LOCAL_TOLERANCE_PT * scale
        affine, mask = cv2.estimateAffine2D(source, target, None, cv2.RANSAC, tolerance_px, 1_000)
        if (
            affine is None
            or mask.sum() < _MIN_LOCAL
            or source[mask.ravel() > 0].std(axis=0).min() < _MIN_SPREAD_PT
        ):
            return None
        is_alike = 0.8 < np.linalg.det(affine[:, :2]) / scale**2 < 1.25
        return np.vstack([affine, [0.0, 0.0, 1.0]]) if is_alike else None


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
    return Registration(found, int(mask.sum()), source, target) if _is_sane(found) else None


def is_blurred(grey: Pixels) -> bool:
    """True when no edge on the page is sharp."""
    scale = CHEAP[0] / min(grey.shape)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    across, down = (cv2.Sobel(small, cv2.CV_32F, *way, scale=1 / 8) for way in ((1, 0), (0, 1)))
    contrast = float(np.subtract(*np.percentile(small, (90, 1))))
    return float(np.percentile(cv2.magnitude(across, down), 99)) < _SHARP * max(1.0, contrast)


def _is_sane(matrix: NDArray[np.float64]) -> bool:
    """No mirror image, no collapse, no wild perspective."""
    corners = np.array([[[0, 0], [612, 0], [612, 792], [0, 792]]], np.float64)
    seen = cv2.perspectiveTransform(corners, matrix)[0]
    return bool(cv2.isContourConvex(seen.astype(np.float32))) and float(np.linalg.det(matrix[:2, :2])) > 0.05
