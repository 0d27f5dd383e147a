"""Checklists are files: wrong ones say in which line, a firm's own go before ours, stale ones are remarked."""

from datetime import date

import pytest

from services.validator.requirements import requirements_with, shipped_requirements
from services.validator.requirements.checklist import Checklist, shipped_checklists
from services.validator.requirements.files import RequirementsFileError, read_rules_file
from services.validator.requirements.lint import remarks

GOOD = """filing: asylum
source:
  citation: The fictional rule book
  as_of: 2026-01-01
  confidence: belief
lines:
  - forms: [Z-9]
    whose: [applicant]
    severity: high
    reason: the applicant applies on it
"""


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        ("filing: asylum", "filing: holiday", 1),
        ("severity: high", "severity: huge", 9),
        ("  - forms: [Z-9]\n    whose", "  - whose", 7),
        ("  - forms: [Z-9]", "  - forms: [Z-9]\n    papers: [passport]", 7),
        ("whose: [applicant]", "whose: [dog]", 8),
        ("whose: [applicant]", "for_each: [child]\n    whose: [applicant]", 7),
        ("forms: [Z-9]\n    whose: [applicant]", "papers: [passport]\n    for_each: [child]", 7),
    ],
)
def test_a_wrong_file_says_in_which_line(tmp_path, right, wrong, line):
    path = tmp_path / "list.yaml"
    path.write_text(GOOD)
    assert read_rules_file(path, Checklist).lines[0].source.confidence == "belief"
    path.write_text(GOOD.replace(right, wrong))
    with pytest.raises(RequirementsFileError, match=rf"list\.yaml, line {line}\b"):
        read_rules_file(path, Checklist)


def test_a_firms_own_checklist_takes_the_place_of_ours(tmp_path):
    (tmp_path / "checklists").mkdir()
    (tmp_path / "checklists" / "asylum.yaml").write_text(GOOD)
    requirements = requirements_with(tmp_path)
    assert [line.forms for line in requirements.checklists["asylum"].lines] == [("Z-9",)]
    assert requirements.checklists["tps"] == shipped_checklists()["tps"]


def test_a_stale_source_of_a_checklist_is_remarked():
    def stale(day):
        return {one.form for one in remarks(shipped_requirements(), (), day) if one.code == "source_stale"}

    assert "checklist asylum" in stale(date(2028, 1, 1))
    assert not [form for form in stale(date(2027, 1, 1)) if form.startswith("checklist")]
