"""Learning a blank that has no fields: places are found by lines, boxes and labels, all of it to be confirmed."""

import pytest

from services.ocr.catalogue.learn import learn
from services.ocr.catalogue.model import Catalogue, Entry, SlotPlan
from tests.support import forms
from tests.support.corpus import corpus_form
from tests.support.forms.changing import without_fields


def meaning(slot: SlotPlan) -> tuple[object, ...]:
    return slot.id, slot.kind, slot.party, slot.part, slot.item, slot.form_page, slot.pair, slot.is_for_official


def same_places(flat: Entry, entry: Entry) -> bool:
    """The same slots, in boxes that lie within 3 points of the fields (a box is drawn beside its field's edge)."""
    by_id = {slot.id: slot for slot in flat.plan.slots}
    assert {meaning(slot) for slot in entry.plan.slots} == {meaning(slot) for slot in by_id.values()}
    return all(
        abs(one - other) < 3
        for slot in entry.plan.slots
        for one, other in zip(slot.box_pt, by_id[slot.id].box_pt, strict=True)
    )


def test_a_flat_blank_has_the_slots_and_fields_of_the_one_with_fields() -> None:
    flat = learn(without_fields(forms.blank_form()))
    assert same_places(flat, forms.learned())
    fields = {(field.purpose, field.form_page) for field in flat.plan.fields}
    boxes_are_drawn = {(one.purpose, one.form_page) for one in forms.learned().plan.fields if not one.is_check_box}
    assert fields == boxes_are_drawn


def test_each_place_of_a_flat_blank_is_to_be_confirmed() -> None:
    flat = learn(without_fields(forms.blank_form()))
    for slot in flat.plan.slots:
        assert [remark for remark in flat.plan.to_confirm if slot.id in remark and "no field" in remark]


def test_a_real_form_is_learned_without_its_fields() -> None:
    shipped = Catalogue.load().find("I-765", "2025-08-21")
    assert shipped is not None
    assert same_places(learn(without_fields(corpus_form("I-765_20250821_official"))), shipped)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("prefix", "form"),
    [
        ("G-28_20180917_official-encrypted_", "G-28"),
        ("I-130_20240401_official", "I-130"),
        ("I-130A_20240401_official", "I-130A"),
        ("I-131_20250120_official", "I-131"),
        ("I-485_20250120_official", "I-485"),
        ("I-821_20250120_official", "I-821"),
        ("I-864_20241017_official", "I-864"),
        ("I-90_20250120", "I-90"),
        ("I-912_20250722_official", "I-912"),
        ("N-400_20250120_official", "N-400"),
    ],
)
def test_every_real_form_is_learned_without_its_fields(prefix: str, form: str) -> None:
    shipped = next(entry for entry in Catalogue.load() if entry.form == form)
    assert same_places(learn(without_fields(corpus_form(prefix))), shipped)
