"""Requirements are data: complete for the shipped catalogue, and wrong files say where they are wrong."""

import json
from datetime import date
from pathlib import Path

import pytest

import services.ocr.catalogue
from services.ocr.catalogue.model import Catalogue
from services.validator.requirements import requirements_with, shipped_requirements
from services.validator.requirements.files import RequirementsFileError, read_form_requirements
from services.validator.requirements.lint import KnownForm, remarks
from tests.support.filing import slot
from wetink.cli.rules import known_form
from wetink.contracts.reading import SlotReading

PLANS = [
    json.loads(path.read_text())
    for path in sorted((Path(services.ocr.catalogue.__file__).parent / "data").glob("*/*.json"))
]
GOOD = """form: Z-9
source:
  citation: The fictional rule book
  as_of: 2026-01-01
  confidence: belief
places:
  - signature: part-1.item-1.signature
    date: part-1.item-2.date
    need: required
    reason: the signer signs
"""


def known_forms() -> list[KnownForm]:
    return [known_form(entry) for entry in Catalogue.load()]


def test_every_slot_of_the_catalogue_has_a_requirement_and_every_requirement_its_slot_and_its_fields():
    found = remarks(shipped_requirements(), known_forms(), date(2026, 12, 1))
    assert [remark for remark in found if remark.is_to_mend] == []


@pytest.mark.parametrize("plan", [plan for plan in PLANS if plan["slots"]], ids=lambda plan: plan["form"])
def test_a_requirement_is_on_the_page_of_its_slot_and_keeps_officials_places_empty(plan):
    for known in plan["slots"]:
        requirement = shipped_requirements().of_slot(
            plan["form"], plan["edition"], SlotReading(**known, ink="absent", confidence=1)
        )
        assert requirement.page == known["form_page"], known["id"]
        assert (requirement.need == "must_be_empty") == known["is_for_official"], known["id"]


def test_forms_whose_blank_was_not_at_hand_are_listed_and_are_no_mistake():
    found = remarks(shipped_requirements(), known_forms(), date(2026, 12, 1))
    assert {"I-539", "IMM 5669"} <= {remark.form for remark in found if remark.code == "not_learned"}


def test_remarks_tell_what_is_missing_stale_or_not_founded(tmp_path):
    (tmp_path / "z.yaml").write_text(GOOD)
    there = slot("signature", "applicant", "7", "1")
    known = [KnownForm("Z-9", "2026-01-01", (there,), frozenset())]
    requirements = requirements_with(tmp_path)
    codes = {(one.code, one.what) for one in remarks(requirements, known, date(2028, 1, 1)) if one.form == "Z-9"}
    assert codes == {
        ("slot_without_requirement", "part-7.item-1.signature"),
        ("requirement_without_slot", "part-1.item-1.signature"),
        ("requirement_without_slot", "part-1.item-2.date"),
        ("citation_without_address", "The fictional rule book"),
        ("source_stale", "The fictional rule book (2026-01-01)"),
    }


def test_a_firms_own_file_goes_before_ours_for_the_places_it_names(tmp_path):
    own = (
        GOOD.replace("Z-9", "I-765")
        .replace("part-1.item-1.", "part-4.item-7.a.")
        .replace("part-1.item-2.date", "part-4.item-7.b.date")
    )
    (tmp_path / "interpreter-always.yaml").write_text(own)
    requirements = requirements_with(tmp_path)
    interpreter = requirements.of_slot("I-765", "2025-08-21", slot("signature", "interpreter", "4", "7.a"))
    applicant = requirements.of_slot("I-765", "2025-08-21", slot("signature", "applicant", "3", "7.a"))
    assert interpreter.need == "required"
    assert requirements.is_own(interpreter)
    assert applicant == shipped_requirements().of_slot(
        "I-765", "2025-08-21", slot("signature", "applicant", "3", "7.a")
    )
    assert not requirements.is_own(applicant)


def test_an_officials_place_of_an_edition_without_a_file_stays_empty():
    place = slot("signature", "applicant", "13", "1", is_for_official=True)
    assert shipped_requirements().of_slot("I-485", "2031-01-01", place).need == "must_be_empty"


@pytest.mark.parametrize(
    ("part", "item", "party", "is_for_official", "need"),
    [
        ("13", "6", "interpreter", False, "conditional"),
        ("12", "6", "applicant", False, "required"),
        ("11", "4", "preparer", False, "conditional"),
        ("11", "4", "applicant", True, "must_be_empty"),
    ],
)
def test_a_newer_edition_that_numbers_its_parts_anew_is_told_by_party(part, item, party, is_for_official, need):
    moved = slot("signature", party, part, item, is_for_official=is_for_official)
    found = shipped_requirements().of_slot("N-400", "2027-01-20", moved)
    assert (found.need, found.source.confidence) == (need, "unconfirmed")


def test_what_frees_from_signing_holds_in_another_edition_of_the_form_too():
    place = slot("signature", "spouse", "4", "6")
    required = shipped_requirements().of_slot("I-130A", "2031-01-01", place)
    assert required.unless == "spouse_abroad"
    assert required.source.confidence == "unconfirmed"


def test_a_form_whose_blank_was_not_at_hand_is_told_by_who_signs():
    place = slot("signature", "interpreter", "2", "1")
    assert shipped_requirements().of_slot("IMM 5669", "2012-12", place).need == "must_be_empty"


def test_every_requirement_says_where_it_is_written():
    for file in shipped_requirements().forms:
        for source in (file.source, *(place.source for place in file.places)):
            assert source.citation
            assert source.url
            assert source.confidence != "unconfirmed"


def test_an_edition_outside_the_range_of_a_file_falls_back_to_the_party():
    requirements = shipped_requirements()
    place = slot("signature", "applicant", "3", "7.a")
    assert requirements.of_slot("I-765", "2025-08-21", place).source.confidence != "unconfirmed"
    assert requirements.of_slot("I-765", "2019-01-01", place).source.confidence == "unconfirmed"
    assert requirements.of_slot("I-765", None, place).source.confidence != "unconfirmed"


def test_a_good_file_hands_its_source_to_each_place(tmp_path):
    file = read_form_requirements(write(tmp_path, GOOD))
    assert file.places[0].source == file.source


def test_a_place_may_have_a_source_of_its_own(tmp_path):
    own = "    source: {citation: Another rule book, as_of: 2026-02-02, confidence: read}\n"
    assert read_form_requirements(write(tmp_path, GOOD + own)).places[0].source.citation == "Another rule book"


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        ("need: required", "need: perhaps", 9),
        ("as_of: 2026-01-01", "as_of: soon", 4),
        ("    date: part-1.item-2.date", "    dates: part-1.item-2.date", 8),
        ("form: Z-9", "form: [Z-9", 2),
        ("need: required", "need: required\n    used_when: [x.name]", 7),
        ("    reason: the signer signs\n", "", 7),
    ],
)
def test_a_wrong_file_says_in_which_line(tmp_path, right, wrong, line):
    with pytest.raises(RequirementsFileError, match=rf"rules\.yaml, line {line}\b"):
        read_form_requirements(write(tmp_path, GOOD.replace(right, wrong)))


@pytest.mark.parametrize("content", ["", "- a list", "places: none", "places: [7]"])
def test_a_file_of_another_shape_is_refused(tmp_path, content):
    with pytest.raises(RequirementsFileError, match="line"):
        read_form_requirements(write(tmp_path, content))


def write(folder, content):
    path = folder / "rules.yaml"
    path.write_text(content)
    return path
