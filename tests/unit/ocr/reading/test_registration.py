"""Laying a picture over the form where paper is curled, folded or blurred."""

import cv2
import numpy as np

from services.ocr.reading.registration import Registration, is_blurred


def _bent(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Where points of a sheet are on a picture at 200 dpi, the lower half of it folded aside."""
    scale = 200 / 72
    aside = np.where(y > 400, (y - 400) * 0.05, 0.0)
    return np.stack([(x + aside) * scale, y * scale], axis=-1)


def _registration() -> Registration:
    random = np.random.default_rng(5)
    form_points = random.uniform((30, 30), (580, 760), (900, 2)).astype(np.float32)
    picture_points = _bent(form_points[:, 0], form_points[:, 1]).astype(np.float32)
    strays = random.choice(900, 150, replace=False)
    picture_points[strays] += random.uniform(-60, 60, (150, 2)).astype(np.float32)
    flat = np.diag([200 / 72, 200 / 72, 1.0])
    return Registration(flat, 400, form_points, picture_points)


def test_a_place_on_the_folded_half_is_found_by_what_is_near_it() -> None:
    near = _registration().near(300, 650)
    assert near is not None
    seen = cv2.perspectiveTransform(np.array([[[300.0, 650.0], [400.0, 660.0]]]), near)[0]
    wanted = _bent(np.array([300.0, 400.0]), np.array([650.0, 660.0]))
    assert np.abs(seen - wanted).max() < 2


def test_where_too_little_was_found_nothing_is_near() -> None:
    whole = _registration()
    few = Registration(whole.matrix, whole.inliers, whole.form_points[:8], whole.picture_points[:8])
    assert few.near(300, 650) is None


def test_a_page_without_a_sharp_edge_is_blurred() -> None:
    page = np.full((1100, 850), 245, np.uint8)
    for row in range(60, 1050, 24):
        cv2.putText(page, "Read every part of this form before you sign it.", (40, row), 0, 0.6, 20, 1)
    assert not is_blurred(page)
    assert is_blurred(cv2.GaussianBlur(page, (0, 0), 4))
