"""Naming a picture without a barcode."""

import shutil

import cv2
import numpy as np
import pypdfium2 as pdfium
import pytest

from services.ocr.catalogue.model import Catalogue
from services.ocr.reading.footer import name_by_footer
from services.ocr.reading.raster import Pixels, render
from tests.support import forms

pytestmark = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
FOOTER_PX = 172


def _scan(page: int, edition: str = "01/15/26") -> Pixels:
    scan = forms.as_scan(forms.blank_form(edition), has_barcode=False)
    with pdfium.PdfDocument(scan) as document:
        return render(document[page - 1], 200)


@pytest.mark.parametrize("page", [1, 2, 3])
def test_the_printed_footer_names_a_page_as_its_barcode_would(page: int) -> None:
    named = name_by_footer(_scan(page), Catalogue([forms.learned()]))
    assert named is not None
    assert (named.identity, named.identified_by) == ((forms.FORM, forms.EDITION, page), "footer")
    assert named.entry is not None


def test_the_footer_is_read_where_the_layout_says_also_on_a_page_that_lies_on_its_head() -> None:
    upside_down = _scan(1)[::-1, ::-1]
    named = name_by_footer(upside_down, Catalogue([forms.learned()]))
    assert named is not None
    assert named.identity == (forms.FORM, forms.EDITION, 1)


def test_the_edition_comes_from_the_print_not_from_the_layout() -> None:
    named = name_by_footer(_scan(1, "03/09/27"), Catalogue([forms.learned()]))
    assert named is not None
    assert (named.identity, named.entry) == ((forms.FORM, "2027-03-09", 1), None)


def test_a_form_that_was_never_learned_is_named_all_the_same() -> None:
    named = name_by_footer(_scan(2), Catalogue([]))
    assert named is not None
    assert (named.identity, named.entry) == ((forms.FORM, forms.EDITION, 2), None)


def test_a_footer_in_uneven_light_is_read() -> None:
    grey = _scan(2)
    shadow = np.linspace(0.45, 1.0, grey.shape[1])[None]
    named = name_by_footer((grey * shadow).astype(np.uint8), Catalogue([forms.learned()]))
    assert named is not None
    assert (named.identity, named.identified_by) == ((forms.FORM, forms.EDITION, 2), "footer")


def test_a_barcode_too_crooked_to_be_found_is_read_where_the_layout_lies() -> None:
    page = np.ascontiguousarray(forms.drawn(forms.blank_form(), 150, page=2)[:, :, 0])
    height, width = page.shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = np.array([[90, 40], [width, 150], [width - 60, height], [20, height - 130]], np.float32)
    turn = cv2.getPerspectiveTransform(corners, seen)
    photo = np.asarray(cv2.warpPerspective(page, turn, (width, height), borderValue=60), np.uint8)
    named = name_by_footer(photo, Catalogue([forms.learned()]))
    assert named is not None
    assert (named.identity, named.identified_by) == ((forms.FORM, forms.EDITION, 2), "barcode")


def test_without_a_footer_the_layout_tells_form_and_page_but_no_edition() -> None:
    grey = _scan(1)
    grey[-FOOTER_PX:] = 255
    named = name_by_footer(grey, Catalogue([forms.learned()]))
    assert named is not None
    assert (named.identity, named.identified_by, named.entry) == ((forms.FORM, None, 1), "layout", None)


def test_an_empty_page_has_no_name() -> None:
    grey = _scan(1)
    grey[:] = 255
    assert name_by_footer(grey, Catalogue([forms.learned()])) is None


@pytest.mark.parametrize("size", [(1, 1), (20, 20), (20, 4_000), (4_000, 20)])
def test_a_picture_that_is_too_small_for_a_footer_has_none(size):
    assert name_by_footer(np.full(size, 200, np.uint8), Catalogue([])) is None
