"""Two pages on one sheet: told, and never one of them taken for both."""

import io

import cv2
import numpy as np
import pikepdf
import pytest

from services.ocr.catalogue.model import Catalogue
from services.ocr.reading.page import read_page
from services.ocr.reading.pages import count_and_cut
from tests.support import forms
from tests.support.forms.changing import without_fields
from wetink.contracts.reading import PageReading


def two_on_a_sheet(pdf: bytes) -> bytes:
    """The second and third page side by side, as a printer driver puts them."""
    with pikepdf.open(io.BytesIO(without_fields(pdf))) as source, pikepdf.new() as document:
        sheet = document.add_blank_page(page_size=(792, 612))
        for index in (1, 2):
            left = 396 * (index - 1)
            sheet.add_overlay(source.pages[index], pikepdf.Rectangle(left, 50, left + 396, 562))
        target = io.BytesIO()
        document.save(target)
    return target.getvalue()


def read(file: bytes) -> PageReading:
    (page,) = count_and_cut([file]).pages
    return read_page(page.blob or b"", 1, Catalogue([forms.learned()]))[0]


def as_picture(file: bytes, turns: int = 0) -> bytes:
    """The sheet as a phone or scanner sends it, on its side after `turns`."""
    return bytes(cv2.imencode(".jpg", np.rot90(forms.drawn(file, 250), turns))[1])


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_two_pages_on_a_scanned_sheet_are_told_whichever_way_it_lies(turns: int) -> None:
    reading = read(as_picture(two_on_a_sheet(forms.blank_form()), turns))
    assert (reading.outcome, reading.reason) == ("unreadable", "several_pages_on_one_sheet")
    assert (reading.form, reading.slots) == (None, [])


def test_two_pages_on_a_drawn_sheet_are_told() -> None:
    reading = read(two_on_a_sheet(forms.blank_form()))
    assert (reading.outcome, reading.reason) == ("unreadable", "several_pages_on_one_sheet")


def test_one_page_on_a_wide_picture_is_one_page() -> None:
    page = forms.drawn(forms.blank_form(), 200, page=2)
    wide = np.full((page.shape[0] + 200, page.shape[1] * 2, 3), 90, np.uint8)
    wide[100:-100, 300 : 300 + page.shape[1]] = page
    reading = read(bytes(cv2.imencode(".jpg", wide)[1]))
    assert (reading.outcome, reading.form_page) == ("read", 2)
