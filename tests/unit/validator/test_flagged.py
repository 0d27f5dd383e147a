"""A judgement counts as answered when its flags are in the queue; before that it is announced again."""

import pytest
from sqlalchemy import select

from services.validator.flagged import unanswered
from tests.support.filing import i765, i765_page
from tests.support.validator import NOW, Validator
from wetink.contracts.events import DocumentFlagged
from wetink.stream.tables import outbox


@pytest.fixture
def validator():
    return Validator()


def waiting(validator):
    with validator.database.reading() as view:
        return list(unanswered(view))


def flagged(review):
    whose = {"organisation_id": review.organisation_id, "case_id": review.case_id, "occurred_at": NOW}
    return DocumentFlagged(**whose, case_revision=review.case_revision, documents=review.documents)


def test_the_newest_judgement_of_a_case_waits_for_its_flags(validator):
    validator.take(validator.case_changed(), *validator.document(1, i765()), *validator.document(2, i765()))
    first, second = validator.reviews
    assert waiting(validator) == [second.id]
    validator.take(flagged(first))
    assert waiting(validator) == [second.id]
    validator.take(flagged(second), flagged(first))
    assert waiting(validator) == []


def test_a_judgement_says_by_which_record_it_was_made(validator):
    validator.take(validator.case_changed(), *validator.document(1, i765()), validator.case_changed(2))
    assert [review.case_version for review in validator.reviews] == [1, 2]


def test_a_judgement_that_no_event_caused_is_sent_again_with_the_cases_record(validator):
    changed = validator.case_changed()
    validator.take(changed, *validator.document(1, [i765_page(4)]))
    validator.turn(after_s=300)
    with validator.database.reading() as view:
        (row,) = view.execute(select(outbox)).all()
    assert (row.event_id, row.cause_id) == (validator.reviews[-1].id, changed.id)
