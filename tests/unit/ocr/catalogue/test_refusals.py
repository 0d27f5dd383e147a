"""What `learn` refuses, and why: it must never guess."""

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from services.ocr.catalogue.cannot_learn import CannotLearnError
from services.ocr.catalogue.learn import learn
from tests.support import forms
from tests.support.corpus import corpus_form
from tests.support.forms.changing import locked, pages_of, without_fields


def text_page(*lines: str, foot: str = "") -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(612, 792))
    for index, line in enumerate(lines):
        canvas.drawString(72, 700 - 14 * index, line)
    canvas.drawString(72, 30, foot)
    canvas.save()
    return target.getvalue()


BLANK = forms.blank_form()
REFUSED = {
    "needs_password": [locked(BLANK)],
    "is_a_picture": [forms.as_scan(BLANK), forms.as_photo(BLANK, 1)],
    "is_an_empty_shell": [
        text_page("Please wait... If this message is not eventually replaced", "you need Adobe Reader.")
    ],
    "is_instructions": [text_page("What is the purpose?", foot="Form WT-100 Instructions 01/15/26  Page 1 of 1")],
    "is_filled": [
        forms.filled_form(signed=["applicant"], dated=["applicant"]),
        forms.filled_form(),
        without_fields(forms.filled_form(signed=["preparer"])),
    ],
    "names_no_form": [forms.letter(), text_page("Dear officer,")],
    "names_several_forms": [
        pages_of(BLANK, forms.blank_form(form="WT-300")),
        pages_of(BLANK, forms.blank_form("02/01/26")),
    ],
    "pages_out_of_order": [pages_of(BLANK, without=1), pages_of(BLANK, without=3)],
    "has_other_pages": [pages_of(BLANK, text_page("An unrelated page"))],
}


@pytest.mark.parametrize(
    ("reason", "file"), [(reason, file) for reason, files in REFUSED.items() for file in files]
)
def test_what_is_no_whole_blank_form_is_refused_with_the_reason(reason: str, file: bytes) -> None:
    with pytest.raises(CannotLearnError, match=f"^{reason}$"):
        learn(file)


@pytest.mark.parametrize(
    ("prefix", "reason"),
    [
        ("I-765_20250821_acroform-filled", "is_filled"),
        ("I-765_20250821_instructions", "is_instructions"),
        ("G-28_20180917_official-encrypted-itext", "is_filled"),
    ],
)
def test_real_files_that_are_no_blank_forms_are_refused(prefix: str, reason: str) -> None:
    with pytest.raises(CannotLearnError, match=reason):
        learn(corpus_form(prefix))
