"""What a case lacks is told when nothing more is expected, and from then on until it comes."""

import pytest

from tests.support.filing import i765_page, letter
from tests.support.packets import form
from tests.support.validator import NOW, Validator


@pytest.fixture
def validator():
    return Validator()


def lacking(validator):
    return sorted(one.subject for one in validator.judgement.findings if one.code == "form_missing")


def test_forms_are_missing_once_the_case_is_quiet(validator):
    validator.take(validator.case_changed(filing="fee_waiver"), *validator.document(1, [form("G-1145")]))
    assert lacking(validator) == []
    validator.turn(after_s=300)
    assert lacking(validator) == ["I-912 requestor", "application or petition whose fee is to be waived requestor"]


def test_a_case_that_lacks_nothing_is_not_judged_again(validator):
    validator.take(validator.case_changed(filing="naturalisation"), *validator.document(1, [form("N-400")]))
    before = len(validator.reviews)
    validator.turn(after_s=300)
    assert len(validator.reviews) == before


def test_what_was_told_missing_stays_told_while_more_comes(validator):
    validator.take(
        validator.case_changed(filing="fee_waiver", completed_at=NOW), *validator.document(1, [form("G-1145")])
    )
    first = lacking(validator)
    validator.take(validator.opened(2, pages_total=2), validator.read(2, 1, letter()))
    assert lacking(validator) == first
    validator.take(validator.read(2, 2, form("I-912")))
    assert lacking(validator) == first[1:]


def test_a_document_that_cannot_be_read_takes_nothing_back_that_was_told(validator):
    changed = validator.case_changed(filing="naturalisation", completed_at=NOW)
    validator.take(changed, *validator.document(1, [form("G-1145")]))
    validator.take(validator.opened(2, 0, outcome="locked"))
    assert lacking(validator) == ["N-400 applicant"]
    assert validator.judgement.checklist[0].state == "unsure"


def test_a_document_that_cannot_be_read_keeps_from_telling_what_may_be_in_it(validator):
    changed = validator.case_changed(filing="naturalisation", completed_at=NOW)
    validator.take(validator.opened(1, 0, outcome="locked"), changed)
    assert lacking(validator) == []


def test_a_certificate_told_missing_stays_told_beside_a_page_that_cannot_be_read(validator):
    def told():
        return [one.code for one in validator.judgement.findings if one.code.startswith("translation")]

    paper = [validator.opened(1, 1), validator.read(1, 1, letter(), is_text_awaited=True)]
    said = {"language": "es", "kind": "birth_certificate"}
    validator.take(validator.case_changed(completed_at=NOW), *paper, validator.text(1, 1, **said))
    assert told() == ["translation_certificate_missing"]
    validator.take(validator.opened(2, 0, outcome="locked"))
    assert told() == ["translation_certificate_missing"]


def test_what_came_and_was_taken_out_again_waits_like_the_first_time(validator):
    validator.take(validator.case_changed(filing="naturalisation"), *validator.document(1, [form("G-1145")]))
    validator.turn(after_s=300)
    assert lacking(validator) == ["N-400 applicant"]
    later = validator.clock.moment
    validator.take(*validator.document(2, [form("N-400")], occurred_at=later))
    assert lacking(validator) == []
    validator.take(validator.case_changed(2, filing="naturalisation", withdrawn=["doc-2"]))
    assert lacking(validator) == []
    validator.turn(after_s=300)
    assert lacking(validator) == ["N-400 applicant"]


def test_pages_told_missing_stay_told_while_the_next_photo_is_read(validator):
    validator.take(validator.case_changed(), *validator.document(1, [i765_page(4)]))
    validator.turn(after_s=300)
    assert validator.codes == ["page_missing"] * 6
    later = validator.clock.moment
    validator.take(*validator.document(2, [i765_page(5)], occurred_at=later))
    assert validator.codes == ["page_missing"] * 5


def test_the_judgement_carries_the_checklist_at_once(validator):
    validator.take(validator.case_changed(filing="naturalisation"), *validator.document(1, [form("G-1145")]))
    assert validator.judgement.filing == "naturalisation"
    states = {line.id: line.state for line in validator.judgement.checklist}
    assert states == {
        "N-400 applicant": "missing",
        "G-28 attorney": "unsure",
        "marriage_certificate spouse": "unsure",
    }


def test_a_new_case_has_its_checklist_before_anything_came_and_lacks_nothing_yet(validator):
    validator.take(validator.case_changed(filing="naturalisation"))
    assert {line.state for line in validator.judgement.checklist} == {"missing", "unsure"}
    assert lacking(validator) == []
    validator.turn(after_s=600)
    assert len(validator.reviews) == 1


def test_a_case_that_is_said_to_be_complete_lacks_all_that_never_came(validator):
    validator.take(validator.case_changed(filing="naturalisation", completed_at=NOW))
    assert lacking(validator) == ["N-400 applicant"]


def test_a_new_case_without_a_filing_is_not_judged(validator):
    validator.take(validator.case_changed())
    assert validator.reviews == []
