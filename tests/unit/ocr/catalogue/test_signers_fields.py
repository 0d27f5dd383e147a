"""The shipped catalogue takes a birth date, and the name on a supplement, from the boxes that are the signer's."""

import io

import pikepdf
import pytest

from services.ocr.catalogue.model import Catalogue
from tests.support.corpus import corpus_form

CATALOGUE = Catalogue.load()


def boxes(form, edition, purpose):
    entry = CATALOGUE.find(form, edition)
    assert entry is not None
    return [(one.form_page, one.box_pt) for one in entry.plan.fields if one.purpose == purpose]


def tooltips_in(blank, form_page, box):
    """What the form says of the fields whose middle lies in that box."""
    with pikepdf.open(io.BytesIO(blank)) as pdf:
        for widget in pdf.pages[form_page - 1].Annots:
            left, bottom, right, top = (float(edge) for edge in widget.Rect)
            if box[0] < (left + right) / 2 < box[2] and box[1] < (bottom + top) / 2 < box[3]:
                yield str(widget.get("/TU", ""))


@pytest.mark.parametrize(
    ("blank", "form", "edition"),
    [
        ("I-130_20240401_official", "I-130", "2024-04-01"),
        ("I-131_20250120_official", "I-131", "2025-01-20"),
        ("I-485_20250120_official", "I-485", "2025-01-20"),
        ("I-589_20250120_decrypted", "I-589", "2025-01-20"),
        ("I-765_20250821_official", "I-765", "2025-08-21"),
        ("I-821_20250120_official", "I-821", "2025-01-20"),
        ("I-864_20241017_official", "I-864", "2024-10-17"),
        ("I-90_20250120_decrypted", "I-90", "2025-01-20"),
        ("N-400_20250120_official", "N-400", "2025-01-20"),
    ],
)
def test_the_birth_date_is_the_signers_own(blank, form, edition):
    ((form_page, box),) = boxes(form, edition, "person.birth_date")
    assert any("Date of Birth" in one for one in tooltips_in(corpus_form(blank), form_page, box))


def test_a_parents_birth_date_is_not_the_signers():
    assert boxes("I-130A", "2024-04-01", "person.birth_date") == []


def test_the_name_on_a_supplement_shows_that_it_is_used():
    pages = [boxes("I-589", "2025-01-20", f"supplement-{letter}.name") for letter in "ab"]
    assert [[page for page, _ in found] for found in pages] == [[11], [12]]
