"""Learning a dynamic XFA form from its template."""

from pathlib import Path

import pytest

from services.ocr.catalogue.cannot_learn import CannotLearnError
from services.ocr.catalogue.learn import learn
from services.ocr.catalogue.model import Catalogue, SlotPlan, save
from tests.support.forms.dynamic import APPLICANTS_FIELD, DATES, EDITION, FORM, dynamic_form, learned_dynamic


def _slots() -> dict[str, SlotPlan]:
    return {slot.id: slot for slot in learned_dynamic().plan.slots}


def test_each_party_has_a_place_to_sign_and_its_date() -> None:
    assert {(slot.party, slot.kind, slot.pair) for slot in _slots().values()} == {
        (party, kind, f"signatures.{party}.{other}")
        for party in ("sponsor", "cosigner", "applicant")
        for kind, other in (("signature", "date"), ("date", "signature"))
    }
    assert {slot.part for slot in _slots().values()} == {"Signatures"}


def test_a_printed_line_is_a_place_without_a_value() -> None:
    signature = _slots()["signatures.sponsor.signature"]
    assert signature.label == "Sponsor's signature"
    assert signature.node is not None
    assert (signature.node.block, signature.node.data) == ("form1.Part2.Signing.Lines", ())


def test_a_line_lies_between_the_top_of_its_date_and_its_label() -> None:
    assert _slots()["signatures.sponsor.signature"].box_pt == (20.0, 156.0, 320.0, 180.0)
    assert _slots()["signatures.sponsor.date"].box_pt == (400.0, 160.0, 500.0, 180.0)


def test_a_field_to_sign_has_its_path_and_its_box_added_up_to_the_block() -> None:
    signature = _slots()["signatures.applicant.signature"]
    assert signature.node is not None
    assert signature.node.template == "form1.Part2.Signing.Consent.Inner.Text2"
    assert signature.node.block == "form1.Part2.Signing.Consent"
    assert signature.box_pt == (15.0, 20.0, 315.0, 50.0)


def test_values_are_found_below_the_parts_that_are_bound_to_data() -> None:
    data = {slot.party: slot.node.data for slot in _slots().values() if slot.kind == "date" and slot.node}
    assert data == {party: (path,) for party, path in DATES.items()}
    signature = _slots()["signatures.applicant.signature"]
    assert signature.node is not None
    assert signature.node.data == (APPLICANTS_FIELD,)


def test_a_date_has_the_label_that_is_printed_in_it_or_below() -> None:
    assert {slot.label for slot in _slots().values() if slot.kind == "date"} == {"Date: YYYY-MM-DD"}


def test_the_form_says_that_its_boxes_are_on_no_page() -> None:
    plan = learned_dynamic().plan
    assert (plan.form, plan.edition, plan.pages, plan.date_grammar) == (FORM, EDITION, [], "yyyy-mm-dd")
    assert {slot.form_page for slot in plan.slots} == {None}
    assert any("laid out when it is filled" in remark for remark in plan.to_confirm)


def test_values_are_never_learned() -> None:
    filled = learn(dynamic_form(dict.fromkeys(DATES.values(), "2026-03-05") | {APPLICANTS_FIELD: "Ana Lima"}))
    assert filled.plan.slots == learned_dynamic().plan.slots
    assert "Lima" not in filled.plan.model_dump_json()


def test_a_learned_entry_comes_back_from_its_files(tmp_path: Path) -> None:
    save(learned_dynamic(), tmp_path)
    catalogue = Catalogue.load([tmp_path])
    found = catalogue.find(FORM, EDITION)
    assert found is not None
    assert found.plan == learned_dynamic().plan
    assert catalogue.version == Catalogue([learned_dynamic()]).version


def _template(*captions: str) -> bytes:
    """A template with fields of these captions, one below the other."""
    fields = "".join(
        f'<field name="a" w="9pt" h="9pt"><ui><textEdit/></ui><caption><value><text>{caption}</text></value>'
        "</caption></field>"
        for caption in captions
    )
    footer = "<pageSet><draw><value><text>IMM 9999 (01-2025) E</text></value></draw></pageSet>"
    return f'<template><subform name="f" layout="tb">{footer}{fields}</subform></template>'.encode()


def test_a_place_that_nobody_can_be_named_for_is_to_be_confirmed() -> None:
    remarks = learn(dynamic_form(template=_template("Signature"))).plan.to_confirm
    assert any("who signs here?" in remark for remark in remarks)
    assert any("no date belongs to it" in remark for remark in remarks)


def test_two_places_of_one_party_have_ids_and_paths_of_their_own() -> None:
    plan = learn(dynamic_form(template=_template("Signature of applicant", "Applicant's signature"))).plan
    assert [(slot.id, slot.node.data if slot.node else None) for slot in plan.slots] == [
        ("applicant.signature", ("f.a",)),
        ("applicant-2.signature", ("f.a[1]",)),
    ]


def test_a_text_about_signatures_is_no_place_to_sign() -> None:
    advice = "Your signature is needed before you send this application to us by mail. " * 2
    assert learn(dynamic_form(template=_template(advice))).plan.slots == []


def test_a_template_without_a_place_to_sign_says_so() -> None:
    template = b"<template><draw><value><text>IMM 9999 (01-2025) E</text></value></draw></template>"
    assert any("No place to sign" in remark for remark in learn(dynamic_form(template=template)).plan.to_confirm)


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        (b"<template><!-- IMM 9999 (01-2025) E -->", "cannot_be_opened"),
        (b'<!DOCTYPE t [<!ENTITY a "b">]><template>IMM 9999 (01-2025) E</template>', "cannot_be_opened"),
        (b"<template/>", "names_no_form"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_with_the_reason(template: bytes, reason: str) -> None:
    with pytest.raises(CannotLearnError, match=reason):
        learn(dynamic_form(template=template))
