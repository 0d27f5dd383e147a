"""The grammars of barcodes, footers and dates."""

import pytest

from services.ocr.reading.dates import read_typed_date
from services.ocr.reading.identity import (
    Identity,
    SeveralPagesError,
    find_footer,
    find_only_footer,
    find_recognised_footer,
    read_barcode_text,
)


def test_a_barcode_names_form_edition_and_page() -> None:
    assert read_barcode_text("I-130|04/01/24|9") == Identity("I-130", "2024-04-01", 9)
    assert read_barcode_text("I-90|09/17/19 E|2") == Identity("I-90", "2019-09-17", 2)


@pytest.mark.parametrize("text", ["I-130|04/01/24", "I-130|44/01/24|9", "x I-130|04/01/24|9", "I-130|04/01/24|0"])
def test_a_corrupt_barcode_names_nothing(text: str) -> None:
    assert read_barcode_text(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Form I-130 Edition 04/01/24 Page 1 of 12", Identity("I-130", "2024-04-01", 1)),
        ("Page 1 of 7Form I-765 Edition 08/21/25", Identity("I-765", "2025-08-21", 1)),
        ("Form G-28 09/17/18 Page 3 of 4", Identity("G-28", "2018-09-17", 3)),
        ("Form I-589 (Rev. 08/25/20) Page 10", Identity("I-589", "2020-08-25", 10)),
        ("Form I-589 Supplement A Edition 01/20/25", Identity("I-589", "2025-01-20", None)),
        ("PAGE 4 OF 4 IMM 5669 (12-2012) E", Identity("IMM 5669", "2012-12", 4)),
        ("Form N-600 Edition 04/01/2024 Page 2 of 9", Identity("N-600", "2024-04-01", 2)),
        ("Form I-765 Instructions 08/21/25 Page 2 of 25", None),
        ("Form I-765 Expires 02/28/27", None),
        ("Dear Sir or Madam", None),
    ],
)
def test_a_footer_is_read_by_its_grammar(text: str, expected: Identity | None) -> None:
    assert find_footer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Form 1-765 Edition 08/21/25\n\nPage | of 7\n", Identity("I-765", "2025-08-21", 1)),
        ("Form l-130\nEdition 04 / 01/24 Page 12 of 12", Identity("I-130", "2024-04-01", 12)),
        ("Form WT-100 Edition 01/15/26 Page 2 of 3", Identity("WT-100", "2026-01-15", 2)),
        ("Form [-130A Edition 04.01:24 Page 2 of 6", Identity("I-130A", "2024-04-01", 2)),
        ("Flat 1-765, edition 08/21/25", None),
    ],
)
def test_a_footer_is_known_although_tesseract_misread_it(text: str, expected: Identity | None) -> None:
    assert find_recognised_footer(text) == expected


def test_the_footers_of_two_pages_name_neither() -> None:
    one = "Form I-130 Edition 04/01/24 Page 1 of 12"
    assert find_only_footer(f"{one} {one}") == Identity("I-130", "2024-04-01", 1)
    with pytest.raises(SeveralPagesError):
        find_only_footer(f"{one} Form I-130 Edition 04/01/24 Page 2 of 12")


def test_a_typed_date_is_read_by_the_forms_own_grammar_alone() -> None:
    assert read_typed_date("3/5/2026", "mm/dd/yyyy") == ("2026-03-05", "read", "3/5/2026")
    assert read_typed_date("2026-03-05", "yyyy-mm-dd") == ("2026-03-05", "read", "2026-03-05")
    assert read_typed_date(" 25/03/2026", "mm/dd/yyyy") == (None, "unreadable", "25/03/2026")
    assert read_typed_date("03/05/26", "mm/dd/yyyy") == (None, "unreadable", "03/05/26")
    assert read_typed_date("  ", "mm/dd/yyyy") == (None, None, None)
