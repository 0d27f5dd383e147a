"""The kind of a mark on a digital page: what put it there."""

import pytest

from services.ocr.catalogue.model import Catalogue
from services.ocr.reading.page import read_page
from services.ocr.reading.pages import count_and_cut
from tests.support import forms
from tests.support.marked_pages import (
    Draw,
    draw_lines,
    draw_picture,
    draw_text,
    with_annotation,
    with_content,
    with_digital_signature,
)
from wetink.contracts.reading import PageReading, SlotReading

BOX = (64.0, 478.0, 300.0, 506.0)
"""Over the applicant's signature on page 2."""
OTHERS_BOX = (64.0, 558.0, 300.0, 586.0)
"""Over the interpreter's signature on page 3."""


def _read(document: bytes, page: int = 2) -> PageReading:
    blob = count_and_cut([document]).pages[page - 1].blob
    return read_page(blob or b"", page, Catalogue([forms.learned()]))[0]


def _signature(document: bytes, page: int = 2) -> SlotReading:
    return _read(document, page).slots[0]


@pytest.mark.parametrize(
    ("draw", "mark"), [(draw_picture, "pasted"), (draw_lines, "digital"), (draw_text, "typed")]
)
def test_what_is_drawn_over_a_place_tells_the_kind_of_mark(draw: Draw, mark: str) -> None:
    slot = _signature(with_content(forms.blank_form(), 2, BOX, draw))
    assert (slot.ink, slot.mark) == ("present", mark)


@pytest.mark.parametrize(
    ("subtype", "draw", "mark"),
    [
        ("Stamp", draw_picture, "pasted"),
        ("Stamp", draw_text, "stamped"),
        ("FreeText", draw_text, "typed"),
        ("Ink", draw_lines, "digital"),
    ],
)
def test_an_annotation_tells_the_kind_of_mark(subtype: str, draw: Draw, mark: str) -> None:
    slot = _signature(with_annotation(forms.blank_form(), 2, BOX, subtype, draw))
    assert (slot.ink, slot.mark) == ("present", mark)


@pytest.mark.parametrize("subtype", ["Highlight", "Square", "Underline"])
def test_a_remark_over_an_empty_place_does_not_sign_it(subtype: str) -> None:
    slot = _signature(with_annotation(forms.blank_form(), 2, BOX, subtype))
    assert (slot.ink, slot.mark) == ("absent", None)


def test_a_digital_signature_signs_also_where_it_shows_nothing() -> None:
    slot = _signature(with_digital_signature(forms.blank_form(), 2, BOX))
    assert (slot.ink, slot.mark) == ("present", "digital")


def test_the_agencys_certification_signs_for_nobody() -> None:
    slot = _signature(with_digital_signature(forms.blank_form(), 2, BOX, is_certification=True))
    assert slot.ink == "absent"


@pytest.mark.parametrize(("draw", "mark"), [(draw_picture, "pasted"), (draw_text, "typed")])
def test_what_is_put_on_a_scan_is_not_ink(draw: Draw, mark: str) -> None:
    reading = _read(with_content(forms.as_scan(forms.blank_form()), 2, BOX, draw))
    assert (reading.source, reading.slots[0].ink, reading.slots[0].mark) == ("scan", "present", mark)


def test_a_page_that_is_one_picture_in_a_pdf_is_a_scan() -> None:
    reading = _read(forms.as_scan(forms.filled_form(signed=("applicant",))))
    assert (reading.source, reading.slots[0].mark) == ("scan", "handwritten")


def test_two_signatures_have_their_own_fingerprints_and_typed_names_none() -> None:
    signed = _signature(with_content(forms.blank_form(), 2, BOX, draw_lines)).fingerprint
    assert signed
    assert signed != _signature(with_content(forms.blank_form(), 2, BOX, draw_lines, seed=2)).fingerprint
    assert _signature(with_content(forms.blank_form(), 2, BOX, draw_text)).fingerprint is None


@pytest.mark.parametrize("is_same", [True, False])
def test_the_same_strokes_in_two_places_of_a_page_are_a_copy(is_same: bool) -> None:
    once = with_content(forms.blank_form(), 3, OTHERS_BOX, draw_lines)
    left, bottom, right, top = OTHERS_BOX
    lower = (left + 9, bottom - 312, right + 9, top - 312)
    reading = _read(with_content(once, 3, lower, draw_lines, seed=1 if is_same else 2), 3)
    marks = [slot.mark for slot in reading.slots if slot.kind == "signature"]
    assert marks == ["digital", "pasted" if is_same else "digital"]
