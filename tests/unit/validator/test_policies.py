"""What holds for every form of an agency: founded, a firm's own file goes before ours, wrong files say where."""

from datetime import date

import pytest

from services.validator.case_view import Days
from services.validator.judge import judge
from services.validator.requirements import requirements_with, shipped_requirements
from services.validator.requirements.files import RequirementsFileError
from services.validator.requirements.lint import remarks
from services.validator.requirements.policy import policy_of, shipped_policies
from services.validator.view import build_case_view
from tests.support.filing import TODAY, document, i765, signed
from wetink.contracts.case_record import CaseDetails

OLD = signed(value="2025-12-01", value_status="read")
SOURCE = "  source: {citation: The partners' decision, as_of: 2026-01-01, confidence: belief}\n"
FIRM = f"""jurisdiction: US
grammar: mm/dd/yyyy
blank_dates:
  severity: high
{SOURCE}old_dates:
  after_days: 60
  severity: low
{SOURCE}guardians:
  below_age: 14
{SOURCE}valid_marks:
  by_channel:
    paper: [handwritten]
    online: [handwritten, digital]
    pr_portal: [handwritten]
{SOURCE}"""


def statements(policy):
    return [policy.blank_dates, policy.old_dates, policy.guardians, policy.valid_marks]


def test_every_statement_of_a_policy_is_founded():
    for policy in shipped_policies().values():
        for statement in statements(policy):
            assert statement.source.citation
            assert statement.source.confidence != "unconfirmed"


def test_a_canadian_form_is_judged_by_the_canadian_policy_whatever_the_case_says():
    details = CaseDetails(reference="R-1", jurisdiction="US")
    assert policy_of("IMM 5257", details, shipped_policies()).jurisdiction == "CA"
    assert policy_of("I-765", details, shipped_policies()).jurisdiction == "US"


def test_a_policy_that_nobody_has_checked_for_long_is_remarked():
    assert not [one for one in remarks(shipped_requirements(), (), date(2027, 1, 1)) if "every form" in one.form]
    found = {
        one.form for one in remarks(shipped_requirements(), (), date(2028, 1, 1)) if one.code == "source_stale"
    }
    assert {"every form (US)", "every form (CA)"} <= found


def codes(requirements):
    form = document(1, i765(day=OLD))
    view = build_case_view(CaseDetails(reference="R-1"), [form], requirements, is_settled=True)
    return [(one.code, one.severity, one.rule.citation) for one in judge(view, Days(TODAY, {"doc-1": TODAY}))]


def test_a_firm_says_itself_when_a_signature_is_too_old(tmp_path):
    assert codes(requirements_with(tmp_path)) == []
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "US.yaml").write_text(FIRM)
    assert codes(requirements_with(tmp_path)) == [("date_stale", "low", "The partners' decision")]
    assert requirements_with(tmp_path).policies["CA"] == shipped_policies()["CA"]


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        ("after_days: 60", "after_days: many", 7),
        ("below_age: 14", "below_age: 0", 11),
        ("    pr_portal: [handwritten]\n", "", 14),
        ("grammar: mm/dd/yyyy", "grammar: dd/mm/yyyy", 2),
    ],
)
def test_a_wrong_policy_says_in_which_line(tmp_path, right, wrong, line):
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "US.yaml").write_text(FIRM.replace(right, wrong))
    with pytest.raises(RequirementsFileError, match=rf"US\.yaml, line {line}\b"):
        requirements_with(tmp_path)
