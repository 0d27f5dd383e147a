"""An open case is judged again each day of its organisation, and only what is new is announced."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from services.validator.tables import cases
from tests.support.filing import i765, i765_page, signed, slot
from tests.support.validator import NOW, Validator

DAY_S = 24 * 3600


@pytest.fixture
def validator():
    return Validator()


def dated(day):
    """An IMM form signed and dated on that day, which IRCC takes for 90 days."""
    date = signed(value=day, value_status="read")
    slots = [slot("signature", "applicant", "1", "1", **signed()), slot("date", "applicant", "1", "1", **date)]
    return i765_page(1, name=None, form="IMM 9999", edition="2023-09", form_pages=1, slots=slots)


def judge_at(validator):
    with validator.database.reading() as view:
        return view.execute(select(cases.c.judge_at)).scalar()


def test_a_signature_that_grows_too_old_is_told_on_that_day_and_nothing_before(validator):
    validator.take(validator.case_changed(), *validator.document(1, [dated("2026-01-01")]))
    assert (validator.codes, len(validator.reviews)) == ([], 1)
    days = 0
    while not validator.codes:
        days += 1
        validator.turn(after_s=DAY_S)
        assert days < 60
    assert validator.codes == ["date_stale"]
    assert validator.clock.now().date().isoformat() == "2026-04-02"
    assert len(validator.reviews) == 2
    assert validator.judgement.case_revision == 2


def test_the_day_is_that_of_the_organisation(validator):
    changed = validator.case_changed(time_zone="America/Los_Angeles")
    validator.take(changed, *validator.document(1, i765()))
    midnight = datetime(2026, 3, 11, 7, tzinfo=UTC)
    assert midnight <= judge_at(validator) < midnight + timedelta(hours=4)


def test_a_day_on_which_nothing_changed_announces_nothing_and_makes_the_next_day_due(validator):
    validator.take(validator.case_changed(), *validator.document(1, i765()))
    first = judge_at(validator)
    for _ in range(3):
        validator.turn(after_s=DAY_S)
    assert len(validator.reviews) == 1
    assert judge_at(validator) == first + timedelta(days=3)


def test_a_case_at_which_nobody_works_any_more_is_left_alone(validator):
    validator.take(validator.case_changed(), *validator.document(1, i765()))
    validator.turn(after_s=181 * DAY_S)
    assert judge_at(validator) is None
    validator.take(*validator.document(2, i765()))
    assert judge_at(validator) is None
    later = {"occurred_at": NOW + timedelta(days=181)}
    opened, *read = validator.document(3, i765())
    validator.take(opened.model_copy(update=later), *read)
    assert judge_at(validator) > NOW + timedelta(days=181)
