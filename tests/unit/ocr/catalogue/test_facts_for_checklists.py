"""The shipped catalogue knows the boxes on which a filing's checklist depends."""

import pytest

from services.ocr.catalogue.model import Catalogue

CATALOGUE = Catalogue.load()


def boxes(form, edition, purpose):
    entry = CATALOGUE.find(form, edition)
    assert entry is not None
    return [(one.form_page, one.item, one.is_check_box) for one in entry.plan.fields if one.purpose == purpose]


@pytest.mark.parametrize(
    ("form", "edition", "purpose", "expected"),
    [
        ("I-765", "2025-08-21", "eligibility_category", [(3, "27", False)] * 3),
        ("I-485", "2025-01-20", "support.exemption", [(8, None, True)] * 5),
        ("I-864", "2024-10-17", "i-864a.attached", [(6, None, True)]),
        ("I-765", "2025-08-21", "g-28.attached", [(1, None, True)]),
        ("I-485", "2025-01-20", "g-28.attached", [(1, None, True)]),
        ("I-130", "2024-04-01", "eligibility_category", []),
    ],
)
def test_the_boxes_are_known_and_no_others(form, edition, purpose, expected):
    assert boxes(form, edition, purpose) == expected


def test_the_boxes_of_a_category_are_in_reading_order():
    entry = CATALOGUE.find("I-765", "2025-08-21")
    left = [one.box_pt[0] for one in entry.plan.fields if one.purpose == "eligibility_category"]
    assert left == sorted(left)
