"""The full text of a page and its picture."""

import shutil

import cv2
import numpy as np
import pytest

from services.ocr.reading.pages import count_and_cut
from services.ocr.reading.text import page_text
from tests.support import forms
from tests.support.papers import written


def _blob(document: bytes, page: int) -> bytes:
    return count_and_cut([document]).pages[page - 1].blob or b""


def test_a_digital_page_gives_its_text_layer_its_field_values_and_its_name() -> None:
    text, picture = page_text(_blob(forms.filled_form(), 1), 1)
    words = [word.text for word in text.words]
    assert {"Fictional", "Testperson"} <= set(words)
    assert (text.form, text.edition, text.form_page) == (forms.FORM, forms.EDITION, 1)
    assert picture is not None
    assert picture[8:12] == b"WEBP"


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_a_scanned_page_is_recognised() -> None:
    text, picture = page_text(_blob(forms.as_scan(forms.filled_form()), 1), 1)
    assert (text.outcome, text.form, text.form_page) == ("read", forms.FORM, 1)
    assert "Request" in [word.text for word in text.words]
    assert picture is not None


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_a_page_that_takes_too_long_has_a_picture_and_says_why_it_has_no_text() -> None:
    text, picture = page_text(_blob(forms.as_scan(forms.filled_form()), 1), 1, timeout_s=0.05)
    assert (text.outcome, text.reason, text.words) == ("unreadable", "ocr_too_slow", [])
    assert picture is not None


def test_a_damaged_blob_has_neither_text_nor_picture() -> None:
    text, picture = page_text(b"no blob", 2)
    assert (text.outcome, text.reason, picture) == ("unreadable", "page_damaged", None)


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_a_page_on_its_head_is_turned_for_its_words_and_its_picture() -> None:
    sheet = written(
        "# CERTIFICATE OF BIRTH\n" + "Name of the child and of its mother and father\n" * 12, scale=1.4
    )
    _, file = cv2.imencode(".png", np.rot90(sheet.picture, 2))
    text, picture = page_text(_blob(file.tobytes(), 1), 1)
    assert text.kind == "birth_certificate"
    assert picture is not None
    upright = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert upright[: len(upright) // 2].mean() < upright[len(upright) // 2 :].mean()
