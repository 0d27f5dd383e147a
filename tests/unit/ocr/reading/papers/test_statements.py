"""What a translator's certificate states, and what only looks like it."""

import pytest

from services.ocr.reading.papers.lines import lines_of
from services.ocr.reading.papers.signing import lines_to_sign
from services.ocr.reading.papers.statements import statements_of
from tests.support.papers import written

WHOLE = """
# CERTIFICATE OF TRANSLATION
I, Maria Lopez, certify that I am competent to translate from Spanish into English and that the
above is a complete and accurate translation of the attached document.
12 Main Street, Springfield, IL 62701
March 5, 2026
"""


def look(text, *, is_signed=False):
    sheet = written(text)
    sheet.skip(60)
    sheet.rule(110, 420)
    if is_signed:
        sheet.sign(130, sheet.y - 14)
    sheet.skip(4)
    sheet.write("Signature")
    lines = lines_of(sheet.words)
    return set(statements_of(lines, lines_to_sign(lines, sheet.picture)))


def test_a_whole_certificate_states_all_six():
    assert look(WHOLE, is_signed=True) == {
        "complete_and_accurate",
        "competent",
        "name",
        "contact",
        "date",
        "signature",
    }


@pytest.mark.parametrize(
    ("left_out", "missing"),
    [
        ("complete and ", "complete_and_accurate"),
        ("competent to translate", "competent"),
        (", Maria Lopez, ", "name"),
        ("12 Main Street, Springfield, IL 62701", "contact"),
        ("March 5, 2026", "date"),
    ],
)
def test_what_is_left_out_is_not_stated(left_out, missing):
    every = {"complete_and_accurate", "competent", "name", "contact", "date", "signature"}
    assert look(WHOLE.replace(left_out, " "), is_signed=True) == every - {missing}


def test_an_unsigned_certificate_has_no_signature():
    assert "signature" not in look(WHOLE)


def test_what_is_denied_is_not_stated():
    text = WHOLE.replace("is a complete", "is not a complete").replace("am competent", "am not competent")
    assert look(text) & {"complete_and_accurate", "competent"} == set()


@pytest.mark.parametrize(
    "text",
    [
        "I speak fluent English and my translation of the poem was complete.",
        "Je certifie que la traduction ci-dessus est complète et fidèle. Je suis compétent pour traduire.",
        "Certifico que la traducción es completa y exacta y que soy competente para traducir.",
    ],
)
def test_other_words_and_languages(text):
    found = look(text)
    assert ("complete_and_accurate" in found) == ("poem" not in text)


def test_names_and_days_of_the_translated_paper_above_do_not_count():
    above = "\n".join(f"Name John Example number {number} of 4 January 1990" for number in range(12))
    below = "This is a complete and accurate translation. I am competent to translate it."
    assert look(f"# BIRTH CERTIFICATE\n{above}\n\n{below}") == {"complete_and_accurate", "competent"}


def test_a_letter_that_mentions_a_translation_states_nothing():
    assert look("Dear Sir, please send us the translation of the birth certificate and your name.") == set()
