import hashlib
from importlib.resources import files

import cv2
import numpy as np
import pytest

from services.ocr.reading.date_readers import CHARACTERS, texts
from services.ocr.reading.dates_picture import date_in, opinion, read_date
from tests.support.date_place import BOX, typed_place

AMERICAN, ISO = "mm/dd/yyyy", "yyyy-mm-dd"


@pytest.mark.parametrize(
    ("written", "grammar", "day"),
    [
        ("03/14/2026", AMERICAN, "2026-03-14"),
        ("3/4/2025", AMERICAN, "2025-03-04"),
        ("11-30-2027", AMERICAN, "2027-11-30"),
        ("2026-07-09", ISO, "2026-07-09"),
    ],
)
def test_a_typed_date_is_read(written, grammar, day):
    found = read_date(typed_place(written), grammar)
    assert (found.value, found.status, found.text) == (day, "read", written)


def test_a_day_written_first_is_certain_as_text_but_no_day():
    found = read_date(typed_place("25/03/2026"), AMERICAN)
    assert found == (None, "unreadable", "25/03/2026")


@pytest.mark.parametrize("written", ["March 5, 2026", "N/A", "same as above", "2026", "I"])
def test_what_is_no_date_in_numbers_is_unsure(written):
    assert read_date(typed_place(written), AMERICAN) == (None, "unsure", None)


def test_a_digit_that_may_be_two_is_unsure():
    one, other = typed_place("03/14/2026"), typed_place("03/16/2026")
    both = one._replace(dark=np.minimum(one.dark, other.dark))
    assert read_date(both, AMERICAN).status == "unsure"


def test_a_date_struck_through_is_unsure():
    place = typed_place("03/14/2026")
    for shift in range(-8, 9, 4):
        cv2.line(place.dark, (BOX.left + 8, 90 + shift), (BOX.right - 30, 84 - shift), 0, 3)
    assert read_date(place, AMERICAN).status == "unsure"


def test_an_empty_place_is_unsure_rather_than_a_date():
    assert read_date(typed_place(""), AMERICAN).status == "unsure"


def test_the_same_pixels_are_read_the_same():
    place = typed_place("12/31/2024", size_px=24)
    assert read_date(place, AMERICAN) == read_date(place, AMERICAN)


def test_text_that_the_page_has_goes_before_its_pixels():
    assert date_in(typed_place("03/14/2026"), "03/15/2026", AMERICAN).value == "2026-03-15"
    assert date_in(typed_place("03/14/2026"), None, AMERICAN).value == "2026-03-14"


def test_a_text_that_is_a_day_goes_before_one_that_is_none():
    likeliest = opinion({"31/04/2026": 0.6, "01/04/2026": 0.4}, AMERICAN)
    assert likeliest is not None
    assert likeliest.groups == ("01", "04", "2026")
    assert likeliest.likely < 0.95


def test_separators_do_not_count_but_numbers_do():
    likeliest = opinion({"03/04/2026": 0.5, "03-04-2026": 0.4, "03/04/2020": 0.1}, AMERICAN)
    assert likeliest is not None
    assert (likeliest.groups, round(likeliest.likely, 3)) == (("03", "04", "2026"), 0.9)


@pytest.mark.parametrize(("grammar", "text"), [(AMERICAN, "03/04/2026"), (ISO, "0304-20-26")])
def test_eight_digits_in_a_row_are_cut_by_the_forms_grammar(grammar, text):
    likeliest = opinion({"03042026": 1.0}, grammar)
    assert likeliest is not None
    assert likeliest.text == text


@pytest.mark.parametrize("text", ["", "??? 5? 2026", "2026", "03/2026", "0304202", "1/2/3/4"])
def test_letters_and_lone_numbers_are_no_opinion(text):
    assert opinion({text: 1.0}, AMERICAN) is None


def test_a_digit_twice_needs_a_blank_between():
    steps = np.full((5, 1 + len(CHARACTERS)), 1e-6)
    for step, place in enumerate([1 + 2, 0, 1 + 2, 1 + 2, 0]):
        steps[step, place] = 1.0
    found = texts(steps)
    assert max(found, key=lambda text: found[text]) == "22"


def test_the_readme_tells_of_these_weights():
    folder = files("services.ocr.dates")
    readme = folder.joinpath("README.md").read_text()
    for name in ("sequence.onnx", "digits.onnx"):
        weights = folder.joinpath(name).read_bytes()
        assert hashlib.sha256(weights).hexdigest() in readme
        assert len(weights) < 2_000_000
