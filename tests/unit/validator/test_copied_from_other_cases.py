"""A signature that is a copy of one in another case of the organisation, and what is none."""

import pytest
from sqlalchemy import select

from services.validator.tables import marks
from tests.support.filing import i765, i765_page, signed
from tests.support.marks import fingerprint
from tests.support.validator import NOW, Validator
from wetink.blobs.port import BlobRef
from wetink.contracts.events import CaseDeleted, PageRead
from wetink.contracts.judgement import Judgement


@pytest.fixture
def validator():
    return Validator()


def marked(seed, moved=0, **changes):
    return signed(fingerprint=fingerprint(seed, moved)) | changes


RUI = "Rui Mota"


def form(signature, name="Ana Lima"):
    return [i765_page(1, name=name), *i765(signature=signature)[1:]]


def elsewhere(validator, pages, case_id="case-2", organisation_id="org-1", **details):
    """Another case has a document with these pages; its findings."""
    of_case = {"case_id": case_id, "organisation_id": organisation_id}
    validator.take(validator.other_case(case_id, organisation_id, **details))
    for event in validator.document(9, pages):
        if isinstance(event, PageRead):
            content = validator.blobs.get(BlobRef("org-1", "case-1", event.reading_blob))
            validator.blobs.put(BlobRef(organisation_id, case_id, event.reading_blob), content)
        validator.take(event.model_copy(update=of_case))
    review = validator.reviews[-1]
    content = validator.blobs.get(BlobRef(organisation_id, case_id, review.judgement_blob))
    return Judgement.model_validate_json(content).findings


def here(validator, pages, number=1, **details):
    """The findings of case-1 with a document of these pages."""
    validator.take(validator.case_changed(**details), *validator.document(number, pages))
    return validator.judgement.findings


def kept(validator):
    with validator.database.reading() as view:
        return view.execute(select(marks.c.mark_id)).scalars().all()


def test_a_copy_of_a_signature_in_another_case_is_told_of_the_later_one_with_the_others_id_alone(validator):
    assert elsewhere(validator, form(marked(1), RUI)) == []
    (finding,) = here(validator, form(marked(1, moved=3)))
    assert (finding.code, finding.severity) == ("signature_reused", "critical")
    assert finding.found == (
        "It is the same picture as in the case case-2: Form I-765, part-3.item-7.a.signature."
    )
    assert "Rui" not in finding.model_dump_json()


def test_another_signature_is_no_copy(validator):
    elsewhere(validator, form(marked(1), RUI))
    assert here(validator, form(marked(2))) == []


def test_nobody_looks_beyond_the_organisation(validator):
    elsewhere(validator, form(marked(1), RUI), organisation_id="org-2")
    assert here(validator, form(marked(1, moved=3))) == []


def test_a_protected_case_is_not_looked_at_and_never_asks(validator):
    elsewhere(validator, form(marked(1), RUI), protected=True)
    assert kept(validator) == []
    assert here(validator, form(marked(1, moved=3))) == []
    other = Validator()
    elsewhere(other, form(marked(1), RUI))
    assert here(other, form(marked(1, moved=3)), protected=True) == []


@pytest.mark.parametrize("name", ["Ana Lima", None])
def test_a_sheet_that_came_to_two_cases_and_was_scanned_anew_copies_no_signature(validator, name):
    elsewhere(validator, form(marked(1), name))
    assert here(validator, form(marked(1, moved=3))) == []


def test_the_same_picture_beside_another_date_or_in_another_place_is_a_copy(validator):
    def dated(day):
        return i765(signature=marked(1), day=signed(value=day, value_status="read"))

    elsewhere(validator, dated("2026-03-01"))
    assert [one.code for one in here(validator, dated("2026-03-02"))] == ["signature_reused"]
    other = Validator()
    elsewhere(other, form(marked(1)))
    preparer = [*form(signed())[:5], i765_page(6, signature=marked(1), day=signed()), i765_page(7)]
    assert [one.code for one in here(other, preparer)] == ["signature_reused"]


def test_a_copy_stays_told_and_is_looked_for_once(validator, monkeypatch):
    elsewhere(validator, form(marked(1), RUI))
    here(validator, form(marked(1, moved=3)))
    monkeypatch.setattr("services.validator.marks._nearest", lambda *_: pytest.fail("looked for again"))
    validator.take(validator.case_changed(2))
    assert validator.codes == ["signature_reused"]


def test_a_copy_is_told_no_more_when_the_other_case_is_deleted(validator):
    elsewhere(validator, form(marked(1), RUI))
    here(validator, form(marked(1, moved=3)))
    gone = CaseDeleted(organisation_id="org-1", case_id="case-2", occurred_at=NOW, case_version=2)
    validator.take(gone)
    validator.take(validator.case_changed(2))
    assert validator.codes == []
    assert [mark.partition("/")[0] for mark in kept(validator)] == ["case-1"]


def test_a_signature_of_a_document_that_was_taken_out_is_forgotten(validator):
    here(validator, form(marked(1)))
    assert len(kept(validator)) == 1
    validator.take(validator.case_changed(2, withdrawn=["doc-1"]))
    assert kept(validator) == []
    assert elsewhere(validator, form(marked(1, moved=3), RUI)) == []


def test_what_is_kept_of_a_mark_is_no_picture(validator):
    print_ = fingerprint(1)
    here(validator, form(marked(1)))
    with validator.database.reading() as view:
        (row,) = view.execute(select(marks)).all()
    assert not any(print_[:20] in str(value) for value in row)
