"""What a page says has the same hash in other bytes, and another one when an answer changes."""

import io

import pikepdf
import pytest

from services.ocr.catalogue.model import Catalogue
from services.ocr.reading.page import read_page
from services.ocr.reading.pages import count_and_cut
from tests.support import forms


def _contents(document: bytes) -> list[str | None]:
    catalogue = Catalogue([forms.learned()])
    pages = count_and_cut([document]).pages
    return [read_page(page.blob or b"", number, catalogue)[0].content for number, page in enumerate(pages, 1)]


def _saved_again(document: bytes, *, without_fields: bool = False) -> bytes:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(document)) as pdf:
        if without_fields:
            del pdf.Root.AcroForm
            for page in pdf.pages:
                del page.obj["/Annots"]
        pdf.save(target, linearize=True)
    return target.getvalue()


@pytest.mark.parametrize("without_fields", [False, True])
def test_a_document_saved_again_says_the_same(without_fields: bool) -> None:
    first = _saved_again(forms.filled_form(dated=("applicant",)), without_fields=without_fields)
    again = _saved_again(first)
    assert first != again or without_fields
    assert _contents(first) == _contents(again)
    assert all(_contents(first))


def test_another_answer_is_another_content() -> None:
    before = _contents(forms.filled_form(dated=("applicant",), date="03/05/2026"))
    after = _contents(forms.filled_form(dated=("applicant",), date="03/06/2026"))
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False, True]


def test_of_pixels_nothing_is_told() -> None:
    assert _contents(forms.as_scan(forms.filled_form())) == [None] * 3
