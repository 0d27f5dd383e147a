"""A supplement of the I-589 is signed and dated when it is used, which its name box shows."""

import pytest

from tests.support.filing import document, findings, i765_page, signed, slot
from wetink.contracts.reading import FieldReading

EMPTY = {"ink": "absent"}


def supplement(*, is_used, signature=EMPTY, day=EMPTY):
    """Page 11 of an I-589: Supplement A."""
    slots = [
        slot("signature", "applicant", "Supplement A", "", id="supplement-a.signature", pair="supplement-a.date"),
        slot("date", "applicant", "Supplement A", "", id="supplement-a.date", pair="supplement-a.signature"),
    ]
    slots = [one.model_copy(update=what) for one, what in zip(slots, (signature, day), strict=True)]
    name = FieldReading(purpose="supplement-a.name", part="Supplement A", is_filled=is_used)
    return i765_page(11, form="I-589", edition="2025-01-20", form_pages=1, slots=slots, fields=[name])


def told(page):
    return [one.code for one in findings(document(1, [page])) if one.slot]


def test_a_used_supplement_lacks_its_signature_and_date():
    assert told(supplement(is_used=True)) == ["date_missing", "signature_missing"]
    assert told(supplement(is_used=True, signature=signed())) == ["date_missing"]
    assert told(supplement(is_used=True, signature=signed(), day=signed())) == []


@pytest.mark.parametrize("is_used", [False, None])
def test_a_supplement_that_is_not_used_needs_nothing(is_used):
    assert told(supplement(is_used=is_used)) == []
