"""Learning an edition from its blank."""

import io
from pathlib import Path

import pikepdf
import pypdf
import pytest

from services.ocr.catalogue.cannot_learn import CannotLearnError
from services.ocr.catalogue.learn import learn
from services.ocr.catalogue.model import Catalogue, save
from tests.support import forms


def test_slots_are_named_by_their_printed_labels() -> None:
    slots = {slot.id: slot for slot in forms.learned().plan.slots}
    signature = slots["part-3.item-2.a.signature"]
    assert (signature.party, signature.part, signature.item, signature.form_page) == ("interpreter", "3", "2.a", 3)
    assert signature.box_pt == (60.0, 560.0, 360.0, 578.0)
    assert signature.pair == "part-3.item-2.b.date"
    assert slots["part-3.item-2.b.date"].pair == signature.id
    assert len(slots) == 6


def test_names_and_statements_of_helpers_are_found() -> None:
    found = {(field.purpose, field.form_page) for field in forms.learned().plan.fields}
    assert {
        ("interpreter.name", 3),
        ("preparer.name", 3),
        ("interpreter.statement", 2),
        ("preparer.statement", 2),
        ("person.family_name", 1),
    } <= found


def test_a_barcode_that_is_drawn_is_found_and_a_missing_one_is_told() -> None:
    plan = forms.learned().plan
    assert [page.barcode for page in plan.pages] == [f"WT-100|01/15/26|{number}" for number in (1, 2, 3)]
    assert not [remark for remark in plan.to_confirm if "barcode" in remark]
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(forms.blank_form())) as blank:
        del blank.pages[1].Resources["/XObject"]
        blank.save(target)
    assert [remark for remark in learn(target.getvalue()).plan.to_confirm if "barcode" in remark] == [
        "Page 2 has no barcode."
    ]


def test_a_learned_entry_comes_back_from_its_files(tmp_path: Path) -> None:
    entry = forms.learned()
    save(entry, tmp_path)
    catalogue = Catalogue.load([tmp_path])
    found = catalogue.find(forms.FORM, forms.EDITION)
    assert found is not None
    assert found.plan == entry.plan
    assert set(found.unpack(2).masks) >= {"part-2.item-2.a.signature", "part-2.item-2.b.date"}
    assert catalogue.version == Catalogue([entry]).version


def test_learning_twice_gives_the_same_entry() -> None:
    assert learn(forms.blank_form()).to_files() == forms.learned().to_files()


def test_what_cannot_be_learned_is_refused_with_the_reason() -> None:
    with pytest.raises(CannotLearnError, match="is_a_picture"):
        learn(forms.as_scan(forms.blank_form()))
    with pytest.raises(CannotLearnError, match="cannot_be_opened"):
        learn(b"garbage")
    with pytest.raises(CannotLearnError, match="pages_out_of_order"):
        learn(_without_first_page())


def _without_first_page() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(forms.blank_form()))
    writer.remove_page(0)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()
