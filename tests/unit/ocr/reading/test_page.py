"""Reading pages of the fictional form: digital, scanned, photographed."""

import io

import numpy as np
import pytest
from PIL import Image

from services.ocr.catalogue.model import Catalogue
from services.ocr.reading.page import read_page
from services.ocr.reading.pages import count_and_cut
from tests.support import forms
from tests.support.bad_files.filters import filter_files
from tests.support.bad_files.model import BadFile
from tests.support.bad_files.sheet import paper, saved
from wetink.contracts.reading import PageReading

SIGNATURE, DATE = "part-2.item-2.a.signature", "part-2.item-2.b.date"


def _catalogue() -> Catalogue:
    return Catalogue([forms.learned()])


def _read(document: bytes, page: int, catalogue: Catalogue | None = None) -> PageReading:
    blob = count_and_cut([document]).pages[page - 1].blob
    return read_page(blob or b"", page, catalogue or _catalogue())[0]


def _ink(reading: PageReading) -> dict[str, str]:
    return {slot.id: slot.ink for slot in reading.slots}


@pytest.mark.parametrize("paper", ["digital", "scan", "photo"])
@pytest.mark.parametrize("is_signed", [True, False])
def test_a_signature_is_seen_where_it_is_and_nowhere_else(paper: str, is_signed: bool) -> None:
    who: tuple[forms.drawing.Party, ...] = ("applicant",) if is_signed else ()
    pdf = forms.filled_form(signed=who, dated=who)
    if paper == "photo":
        reading = _read(forms.as_photo(pdf, 2), 1)
    else:
        reading = _read(pdf if paper == "digital" else forms.as_scan(pdf), 2)
    expected = "present" if is_signed else "absent"
    assert reading.source == paper
    assert (reading.form, reading.edition, reading.form_page) == (forms.FORM, forms.EDITION, 2)
    assert (reading.is_learned, reading.form_pages) == (True, 3)
    assert _ink(reading) == {SIGNATURE: expected, DATE: expected}


def test_a_typed_date_of_a_digital_page_is_read() -> None:
    date = _read(forms.filled_form(dated=("applicant",)), 2).slots[1]
    assert (date.id, date.mark, date.value, date.value_status) == (DATE, "typed", "2026-03-05", "read")
    assert date.pair == SIGNATURE


def test_a_date_that_is_no_day_is_unreadable_not_guessed() -> None:
    date = _read(forms.filled_form(dated=("applicant",), date="25/03/2026"), 2).slots[1]
    assert (date.ink, date.value, date.value_status, date.text) == ("present", None, "unreadable", "25/03/2026")


@pytest.mark.parametrize("paper", ["digital", "scan"])
def test_the_use_of_an_interpreter_is_seen(paper: str) -> None:
    pdf = forms.filled_form(used=("interpreter",))
    document = pdf if paper == "digital" else forms.as_scan(pdf)
    fields = [*_read(document, 2).fields, *_read(document, 3).fields]
    assert {field.purpose: field.is_filled for field in fields} == {
        "interpreter.statement": True,
        "preparer.statement": False,
        "interpreter.name": True,
        "preparer.name": False,
    }


def test_the_applicants_name_is_read_from_the_fields() -> None:
    values = {field.purpose: field.value for field in _read(forms.filled_form(), 1).fields}
    assert values["person.family_name"] == "Testperson"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_shaded_check_box_is_ticked_on_a_photo_only_where_somebody_ticked_it(seed: int) -> None:
    reading = _read(forms.as_photo(forms.filled_form(used=("interpreter",)), 2, seed=seed), 1)
    ticked = {field.purpose: field.is_filled for field in reading.fields}
    assert ticked == {"interpreter.statement": True, "preparer.statement": False}


@pytest.mark.parametrize("quarter_turns", [1, 2, 3])
def test_a_page_may_lie_sideways_or_upside_down(quarter_turns: int) -> None:
    photo = Image.open(io.BytesIO(forms.as_photo(forms.filled_form(signed=("applicant",)), 2)))
    target = io.BytesIO()
    photo.rotate(90 * quarter_turns, expand=True).save(target, "PNG")
    reading = _read(target.getvalue(), 1)
    assert (reading.form_page, reading.identified_by) == (2, "barcode")
    assert _ink(reading) == {SIGNATURE: "present", DATE: "absent"}


def test_a_form_that_was_never_learned_is_named_but_not_judged() -> None:
    reading = _read(forms.as_scan(forms.filled_form()), 2, Catalogue([]))
    assert (reading.form, reading.edition, reading.form_page) == (forms.FORM, forms.EDITION, 2)
    assert (reading.is_learned, reading.form_pages, reading.slots) == (False, None, [])


def test_another_edition_is_told_by_its_own_date_not_by_its_layout() -> None:
    reading = _read(forms.as_scan(forms.blank_form("02/20/27")), 2)
    assert (reading.edition, reading.is_learned) == ("2027-02-20", False)


def test_a_paper_that_is_no_form_has_no_name() -> None:
    target = io.BytesIO()
    Image.new("L", (850, 1100), 255).save(target, "PNG")
    assert _read(target.getvalue(), 1).identified_by is None


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_a_picture_that_is_cut_short_is_read_as_far_as_it_goes_and_says_so(kind: str) -> None:
    whole = saved(paper(), kind)
    reading = _read(whole[: len(whole) * 9 // 10], 1)
    assert (reading.outcome, reading.reason) == ("partial", "picture_cut_short")


def test_a_picture_of_which_nothing_is_there_is_unreadable() -> None:
    photo = forms.as_photo(forms.blank_form(), 1)
    assert _read(photo[: photo.index(b"\xff\xda")], 1).outcome == "unreadable"


@pytest.mark.parametrize(
    "bad", [bad for bad in filter_files() if bad.name.endswith("-60.pdf")], ids=lambda b: b.name
)
def test_a_scan_that_ends_inside_its_stream_says_so(bad: BadFile) -> None:
    reading = _read(bad.make(), 1)
    assert (reading.outcome, reading.reason) in {("partial", "picture_cut_short"), ("unreadable", "page_damaged")}


def test_a_drawing_on_clear_paper_is_black_on_white() -> None:
    grey = np.asarray(paper())
    drawing = Image.fromarray(np.dstack([np.zeros_like(grey), 255 - grey]), "LA")
    assert _read(saved(drawing, "PNG"), 1).form_page == 2


def test_every_slot_has_a_picture() -> None:
    for document in (forms.filled_form(), forms.as_scan(forms.filled_form())):
        blob = count_and_cut([document]).pages[1].blob or b""
        _, pictures = read_page(blob, 2, _catalogue())
        assert [picture.slot_id for picture in pictures] == [SIGNATURE, DATE]
        assert all(picture.pixels.shape[0] > 100 for picture in pictures)


def test_a_damaged_blob_is_a_reading_too() -> None:
    reading, pictures = read_page(b"no blob", 4, _catalogue())
    assert (reading.number, reading.outcome, reading.reason, pictures) == (4, "unreadable", "page_damaged", [])


def test_the_same_page_is_read_the_same_way_each_time() -> None:
    document = forms.as_scan(forms.filled_form(signed=("applicant",)))
    first, second = (_read(document, 2).model_dump(exclude={"seconds"}) for _ in range(2))
    assert first == second
