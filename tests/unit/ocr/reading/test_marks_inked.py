"""The kind of a mark on paper: printed letters, a stamp, a hand."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from services.ocr.reading.marks_inked import Mask, kind_of_ink
from tests.support.marked_pages import hand

_SHAPE = (200, 700)


def _kind(mark: Mask) -> str:
    return str(kind_of_ink(mark, mark, np.zeros(_SHAPE, np.bool_)))


def _letters(text: str, size: float) -> Mask:
    sheet = Image.new("L", _SHAPE[::-1])
    ImageDraw.Draw(sheet).text((60, 90), text, font=ImageFont.load_default(size), fill=255)
    return np.asarray(sheet) > 120


@pytest.mark.parametrize("text", ["Fictional Testperson", "/s/ Maria Sample", "SIGNATURE ON FILE"])
def test_a_printed_name_is_typed(text: str) -> None:
    assert _kind(_letters(text, 33)) == "typed"


@pytest.mark.parametrize("seed", range(6))
def test_loops_of_a_pen_are_handwritten(seed: int) -> None:
    sheet = np.zeros(_SHAPE, np.uint8)
    points = np.rint(hand(seed) * (400, 120) + (80, 40)).astype(np.int32)
    cv2.polylines(sheet, [points], isClosed=False, color=1, thickness=4)
    assert _kind(sheet > 0) == "handwritten"


def test_printed_letters_that_dance_are_a_hand_that_prints() -> None:
    random = np.random.default_rng(5)
    sheet = np.zeros(_SHAPE, np.bool_)
    for place, letter in enumerate("MARIASAMPLE"):
        moved = np.roll(_letters(letter, 33 + random.integers(-4, 5)), 26 * place, axis=1)
        sheet |= np.roll(moved, int(random.integers(-7, 8)), axis=0)
    assert _kind(sheet) == "handwritten"


def test_a_word_in_a_ring_is_stamped_and_a_pen_in_no_ring_is_not() -> None:
    sheet = _letters("RECEIVED", 30).astype(np.uint8)
    cv2.ellipse(sheet, (130, 108), (125, 60), 8, 0, 360, 1, 4)
    assert _kind(sheet > 0) == "stamped"
    sheet = np.zeros(_SHAPE, np.uint8)
    cv2.line(sheet, (60, 50), (160, 150), 1, 4)
    cv2.line(sheet, (160, 50), (60, 150), 1, 4)
    assert _kind(sheet > 0) == "handwritten"
