"""Where a document of a stranger belongs: other cases are named by their ids alone, protected ones never."""

import pytest

from services.validator.tables import cases
from tests.support.filing import i765, i765_page
from tests.support.validator import NOW, Validator
from wetink.contracts.events import CaseDeleted

ANA = {"role": "applicant", "name": "Ana Lima"}
BEN = {"role": "applicant", "name": "OKORO, Ben"}
BENS_FORM = [i765_page(1, name="Ben Okoro"), *i765()[1:]]


@pytest.fixture
def validator():
    return Validator()


def found(validator, *others, **details):
    """What the finding says of Ben's form in Ana's case."""
    case = {"people": [ANA], **details}
    validator.take(*others, validator.case_changed(**case), *validator.document(1, BENS_FORM))
    (finding,) = validator.judgement.findings
    assert finding.code == "document_misfiled"
    return finding.found


def test_the_case_that_has_the_person_is_named_by_its_id(validator):
    others = validator.other_case("case-2", people=[BEN]), validator.other_case("case-3", people=[ANA])
    said = found(validator, *others)
    assert "case-2" in said
    assert "case-3" not in said
    assert not any(word in said for word in ("Ben", "Okoro"))


def test_all_cases_that_have_the_person_are_named(validator):
    others = [validator.other_case(case_id, people=[BEN]) for case_id in ("case-3", "case-2")]
    assert "cases case-2, case-3" in found(validator, *others)


def test_a_stranger_whom_no_case_has_is_misfiled_too(validator):
    assert "case-" not in found(validator, validator.other_case("case-2", people=[{**BEN, "name": "Benno Okoro"}]))


def test_a_protected_case_is_never_named_and_never_asks(validator):
    assert "case-2" not in found(validator, validator.other_case("case-2", people=[BEN], protected=True))
    other = Validator()
    assert "case-2" not in found(other, other.other_case("case-2", people=[BEN]), protected=True)


def test_nobody_looks_beyond_the_organisation(validator):
    assert "case-2" not in found(validator, validator.other_case("case-2", "org-2", people=[BEN]))


def test_a_deleted_case_is_not_named(validator):
    other = validator.other_case("case-2", people=[BEN])
    validator.take(other)
    gone = CaseDeleted(organisation_id="org-1", case_id="case-2", occurred_at=NOW, case_version=2)
    validator.take(gone)
    assert "case-2" not in found(validator)


def test_a_case_whose_record_is_lost_or_being_deleted_is_passed_over(validator):
    validator.take(validator.other_case("case-2", people=[BEN]))
    with validator.database.transaction() as transaction:
        transaction.execute(cases.update().where(cases.c.case_id == "case-2").values(record_blob="record-9"))
    assert "case-2" not in found(validator)


def test_what_the_document_says_stays_one_flag_when_its_case_becomes_known(validator):
    found(validator)
    before = validator.judgement.findings[0].identity("case-1")
    validator.take(validator.other_case("case-2", people=[BEN]), validator.case_changed(2, people=[ANA]))
    (finding,) = validator.judgement.findings
    assert "case-2" in finding.found
    assert finding.identity("case-1") == before


def test_adding_the_person_to_the_case_answers_it(validator):
    found(validator)
    validator.take(validator.case_changed(2, people=[ANA, {**BEN, "role": "spouse"}]))
    assert validator.codes == []
