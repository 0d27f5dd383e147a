"""Fingerprints: the same picture is known again, another mark is not."""

import cv2
import numpy as np
import pytest

from services.ocr.reading.fingerprint import Mask, fingerprint_of
from wetink.fingerprints import SHAPE_REACH, are_same_picture, shape_of

_NOTHING_HIDDEN = np.zeros((220, 700), np.bool_)


def _signature(seed: int, *, scale: float = 1.0, moved: tuple[int, int] = (0, 0)) -> Mask:
    """Loops of a pen, another hand for each seed."""
    random = np.random.default_rng(seed)
    steps = np.linspace(0, 1, 400)
    waves = [random.normal(0, 28 / n) * np.sin(2 * np.pi * (3 * n * steps + random.random())) for n in range(1, 5)]
    backs = [random.normal(0, 20 / n) * np.sin(2 * np.pi * (4 * n * steps + random.random())) for n in range(1, 4)]
    points = np.stack([70 + 300 * steps + sum(backs), 110 + sum(waves)], 1) * scale + moved
    sheet = np.zeros(_NOTHING_HIDDEN.shape, np.uint8)
    cv2.polylines(sheet, [np.rint(points).astype(np.int32)], isClosed=False, color=1, thickness=4)
    return sheet > 0


def _print(strokes: Mask, hidden: Mask = _NOTHING_HIDDEN) -> str:
    fingerprint = fingerprint_of(strokes & ~hidden, hidden)
    assert fingerprint is not None
    return fingerprint


@pytest.mark.parametrize(("scale", "moved"), [(1.0, (90, -12)), (0.9, (5, 3)), (1.1, (-20, -8))])
def test_the_same_picture_moved_and_scaled_is_known_again(scale: float, moved: tuple[int, int]) -> None:
    assert are_same_picture(_print(_signature(1)), _print(_signature(1, scale=scale, moved=moved)))


def test_the_same_picture_across_other_print_is_known_again() -> None:
    hidden = _NOTHING_HIDDEN.copy()
    hidden[120:126] = hidden[60:75, 200:400] = True
    assert are_same_picture(_print(_signature(2)), _print(_signature(2), hidden))


def test_thicker_strokes_are_still_the_same_picture() -> None:
    thick = cv2.dilate(_signature(3).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    assert are_same_picture(_print(_signature(3)), _print(thick))


def test_two_marks_are_not_the_same_picture() -> None:
    marks = [_print(_signature(seed)) for seed in range(6)]
    assert not any(are_same_picture(one, other) for one in marks for other in marks if one is not other)


def test_a_cross_and_a_line_have_no_fingerprint() -> None:
    cross, line = (np.zeros(_NOTHING_HIDDEN.shape, np.uint8) for _ in range(2))
    cv2.line(cross, (100, 50), (180, 150), 1, 4)
    cv2.line(cross, (180, 50), (100, 150), 1, 4)
    cv2.line(line, (100, 100), (500, 120), 1, 4)
    assert [fingerprint_of(mark > 0, _NOTHING_HIDDEN) for mark in (cross, line)] == [None, None]


def test_what_is_no_fingerprint_is_refused() -> None:
    with pytest.raises(ValueError, match="not a fingerprint"):
        are_same_picture("78da", "78da")


@pytest.mark.parametrize(("scale", "moved"), [(1.0, (90, -12)), (0.9, (5, 3)), (1.1, (-20, -8))])
def test_the_shape_of_a_picture_stays_within_reach_however_it_is_placed(
    scale: float, moved: tuple[int, int]
) -> None:
    for seed in range(5):
        one, other = (
            shape_of(_print(_signature(seed))),
            shape_of(_print(_signature(seed, scale=scale, moved=moved))),
        )
        assert all(abs(a - b) <= reach for a, b, reach in zip(one, other, SHAPE_REACH, strict=True))


def test_the_shapes_of_most_marks_are_out_of_each_others_reach() -> None:
    shapes = [shape_of(_print(_signature(seed))) for seed in range(12)]
    near = [
        all(abs(a - b) <= reach for a, b, reach in zip(one, other, SHAPE_REACH, strict=True))
        for one in shapes
        for other in shapes
        if one is not other
    ]
    assert sum(near) < len(near) / 4
