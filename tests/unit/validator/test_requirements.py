"""Requirements are data: complete for the shipped catalogue, and wrong files say where they are wrong."""

import json
from pathlib import Path

import pytest

import services.ocr.catalogue
from services.validator.requirements import shipped_requirements
from services.validator.requirements.files import RequirementsFileError, read_form_requirements
from tests.support.filing import slot

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


def plans_with_slots():
    return [pytest.param(plan, id=f"{plan['form']} {plan['edition']}") for plan in PLANS if plan["slots"]]


def files_of(plan):
    return [
        file for file in shipped_requirements().forms if file.form == plan["form"] and file.covers(plan["edition"])
    ]


@pytest.mark.parametrize("plan", plans_with_slots())
def test_every_slot_of_the_catalogue_has_a_requirement_on_its_page(plan):
    (file,) = files_of(plan)
    for known in plan["slots"]:
        requirement = file.of_slot(known["id"])
        assert requirement is not None, known["id"]
        assert requirement.page == known["form_page"], known["id"]
        assert (requirement.need == "must_be_empty") == known["is_for_official"], known["id"]


@pytest.mark.parametrize("plan", plans_with_slots())
def test_every_requirement_has_its_slot_and_its_fields(plan):
    (file,) = files_of(plan)
    slots = {known["id"]: known["kind"] for known in plan["slots"]}
    purposes = {field["purpose"] for field in plan["fields"]}
    for place in file.places:
        assert place.signature is None or slots[place.signature] == "signature"
        assert place.date is None or slots[place.date] == "date"
        assert {purpose for purpose in place.used_when if purpose.endswith(".name")} <= purposes


def test_every_requirements_file_is_of_a_form_that_was_learned():
    assert {file.form for file in shipped_requirements().forms} <= {plan["form"] for plan in PLANS}


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
