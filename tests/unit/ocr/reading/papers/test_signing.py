"""Places to sign on papers that are no form, with and without a signature."""

import pytest

from services.ocr.reading.papers.lines import lines_of
from services.ocr.reading.papers.signing import lines_to_sign
from tests.support.papers import Sheet


def look(sheet):
    return lines_to_sign(lines_of(sheet.words), sheet.picture)


def under_a_rule(label="Signature"):
    """A ruled line with its label below it; returns the sheet and where a pen would be put."""
    sheet = Sheet()
    sheet.write("I declare that all of this is true and that nothing was left out of it.")
    sheet.skip(60)
    sheet.rule(110, 420)
    spot = (140, sheet.y - 14)
    sheet.skip(4)
    sheet.write(label)
    return sheet, spot


def beside_a_rule(label="Signature of sponsor:"):
    sheet = Sheet()
    sheet.write("I declare that all of this is true and that nothing was left out of it.")
    sheet.skip(50)
    right = round(sheet.write(label)[2])
    sheet.rule(right + 8, right + 300, sheet.y - 12)
    return sheet, (right + 40, sheet.y - 30)


def in_a_cell(label="Firma del solicitante"):
    sheet = Sheet()
    sheet.write("Declaro que todo esto es verdad y que nada falta.")
    sheet.skip(50)
    sheet.box(100, sheet.y - 6, 460, sheet.y + 70)
    sheet.box(460, sheet.y - 6, 760, sheet.y + 70)
    sheet.write(label)
    return sheet, (150, sheet.y + 14)


def after_a_letter(closing="Sincerely,"):
    sheet = Sheet()
    sheet.write("We have known each other for ten years and I recommend her.")
    sheet.skip(20)
    sheet.write(closing)
    spot = (120, sheet.y + 26)
    sheet.skip(60)
    sheet.write("John Example")
    return sheet, spot


PLACES = [under_a_rule, beside_a_rule, in_a_cell, after_a_letter]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("seed", range(3))
def test_a_signature_is_seen(place, seed):
    sheet, (left, y) = place()
    sheet.sign(left, y, seed=seed, wide=120 + 30 * seed)
    assert [line.ink for line in look(sheet)] == ["present"]


@pytest.mark.parametrize("place", PLACES)
def test_an_empty_place_is_seen_as_empty(place):
    sheet, _ = place()
    assert [line.ink for line in look(sheet)] == ["absent"]


@pytest.mark.parametrize("place", PLACES)
def test_print_that_was_not_recognised_is_no_signature(place):
    sheet, (left, y) = place()
    below, sheet.y = sheet.y, round(y - 12)
    sheet.write("John Q. Example", left=left, is_read=False)
    sheet.y = below
    assert [line.ink for line in look(sheet)] == ["unsure"]


def test_a_name_typed_on_the_line_is_for_people_to_judge():
    sheet, (left, y) = under_a_rule()
    sheet.y = round(y - 8)
    sheet.write("John Example", left=left)
    assert [line.ink for line in look(sheet)] == ["unsure"]


def test_a_conformed_signature_is_for_people_to_judge():
    sheet = Sheet()
    sheet.write("/s/ John Example")
    assert [line.ink for line in look(sheet)] == ["unsure"]


@pytest.mark.parametrize(
    "label", ["Signature", "Translator's signature", "Signature du traducteur", "Firma", "Unterschrift"]
)
def test_labels_of_other_languages_are_known(label):
    sheet, _ = under_a_rule(label)
    assert [line.label for line in look(sheet)] == [label]


def test_the_day_beside_it_is_read_where_it_can_only_be_one():
    for text, day in (
        ("Date: March 5, 2026", "2026-03-05"),
        ("Date: 25/03/2026", "2026-03-25"),
        ("Date: 03/05/2026", None),
    ):
        sheet, (left, y) = under_a_rule()
        sheet.sign(left, y)
        sheet.write(text)
        assert [line.date for line in look(sheet)] == [day]


@pytest.mark.parametrize(
    "text",
    [
        "The signature of the applicant must be in ink and must not be typed.",
        "I signed the contract on the first day of the month and left.",
        "SIGNATURE REQUIRED",
        "Yours is the best school in town, and I am sincerely glad of it.",
    ],
)
def test_text_about_signing_is_no_place_to_sign(text):
    sheet = Sheet()
    sheet.write(text)
    sheet.write("Another line follows at once and says something else.")
    assert look(sheet) == []


def test_a_seal_over_the_line_is_no_signature():
    sheet, _ = under_a_rule()
    sheet.seal(260, sheet.y - 50)
    assert [line.ink for line in look(sheet)] == ["unsure"]
