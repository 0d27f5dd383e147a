"""Advice for a retake is given where a page could hardly be read, and only there."""

import cv2
import numpy as np
import pytest

from services.ocr.reading.papers.legibility import advice_for
from tests.support.papers import Sheet

_SCALE = 1.8


def page(*, confidence=40.0, left=110, size=17):
    sheet = Sheet(scale=_SCALE)
    for number in range(25):
        sheet.write(
            f"{number} Some words of a paper that somebody took a picture of.",
            left=left,
            size=size,
            confidence=confidence,
        )
    return sheet.words, cv2.cvtColor(sheet.picture, cv2.COLOR_BGR2GRAY)


def test_a_sharp_page_needs_none():
    words, picture = page()
    assert advice_for(words, picture, _SCALE) == []


@pytest.mark.parametrize(
    ("spoil", "advice"),
    [
        (lambda grey: cv2.GaussianBlur(grey, (0, 0), 4), "blurred"),
        (lambda grey: (grey * 0.25).astype(np.uint8), "dark"),
        (lambda grey: (225 + grey * 0.12).clip(0, 255).astype(np.uint8), "faint"),
    ],
)
def test_what_is_wrong_with_the_picture_is_said(spoil, advice):
    words, picture = page()
    assert advice in advice_for(words, spoil(picture), _SCALE)


def test_a_page_that_was_read_well_gets_none_however_it_looks():
    words, picture = page(confidence=92.0)
    assert advice_for(words, cv2.GaussianBlur(picture, (0, 0), 4), _SCALE) == []


def test_small_letters_are_said():
    words, picture = page(size=6)
    assert "too_small" in advice_for(words, picture, _SCALE)


def test_lines_that_begin_at_the_very_edge_are_cut_off():
    words, picture = page(left=0, confidence=90.0)
    assert advice_for(words, picture, _SCALE) == ["cut_off"]
