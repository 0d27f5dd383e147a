"""What the validator remembers and says as events come, in any order, more than once and at the same time."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from services.validator import judging
from services.validator.tables import cases, documents, pages
from tests.support.filing import i765, i765_page, letter
from tests.support.validator import NOW, Validator
from wetink.contracts.events import CaseDeleted
from wetink.errors import RetryError

EMPTY = {"ink": "absent"}


@pytest.fixture
def validator():
    return Validator()


def states(validator):
    return {state.document_id: state.status for state in validator.reviews[-1].documents}


def superseded(validator):
    return {state.document_id for state in validator.reviews[-1].documents if state.is_superseded}


def test_a_document_is_judged_when_its_last_page_is_read(validator):
    validator.take(validator.case_changed(), *validator.document(1, i765(signature=EMPTY)))
    assert validator.codes == ["signature_missing"]
    (review,) = validator.reviews
    assert review.case_revision == 1
    assert [(state.status, state.codes) for state in review.documents] == [("reviewed", ["signature_missing"])]
    assert validator.judgement.documents_in_flight == 0
    assert validator.judgement.record_blob == "record-1"


def test_each_judgement_has_a_higher_revision(validator):
    validator.take(validator.case_changed(), *validator.document(1, i765(signature=EMPTY)))
    validator.take(*validator.document(2, i765()))
    assert [review.case_revision for review in validator.reviews] == [1, 2]
    assert validator.codes == []


def test_a_document_is_superseded_when_later_ones_correct_all_of_it(validator):
    validator.take(validator.case_changed(), *validator.document(1, i765(signature=EMPTY)))
    assert superseded(validator) == set()
    validator.take(*validator.document(2, [i765_page(4)]))
    assert superseded(validator) == set()
    validator.take(*validator.document(3, i765()))
    assert superseded(validator) == {"doc-1", "doc-2"}
    validator.take(*validator.document(4, [letter()]))
    assert superseded(validator) == {"doc-1", "doc-2"}


def test_pages_that_come_before_their_document_and_case_are_kept(validator):
    opened, *read = validator.document(1, i765(signature=EMPTY))
    validator.take(*reversed(read))
    assert validator.reviews == []
    validator.take(opened)
    assert validator.reviews == []
    validator.take(validator.case_changed())
    assert validator.codes == ["signature_missing"]


def test_a_changed_record_is_judged_again_and_an_older_one_is_not(validator):
    newer, older = validator.case_changed(2, jurisdiction="CA"), validator.case_changed(1)
    validator.take(newer, *validator.document(1, i765(day=EMPTY)), older)
    assert [one.severity for one in validator.judgement.findings] == ["critical"]
    validator.take(validator.case_changed(3))
    assert [one.severity for one in validator.judgement.findings] == ["high"]


def test_a_document_that_was_taken_out_of_its_case_counts_for_nothing_also_when_more_of_it_is_read(validator):
    opened, *read = validator.document(2, i765(day=EMPTY))
    validator.take(validator.case_changed(), *validator.document(1, i765(signature=EMPTY)), opened, *read[:-1])
    validator.take(validator.case_changed(2, withdrawn=["doc-1", "doc-2"]))
    assert validator.codes == []
    assert states(validator) == {}
    validator.take(read[-1], *validator.document(3, [letter()]))
    assert states(validator) == {"doc-3": "reviewed"}
    assert validator.judgement.documents_in_flight == 0


@pytest.mark.parametrize("outcome", ["locked", "unreadable", "hostile"])
def test_a_document_that_cannot_be_read_is_final_at_once(validator, outcome):
    validator.take(validator.case_changed(), validator.opened(1, 0, outcome=outcome, reason="truncated"))
    assert validator.codes == [f"document_{outcome}"]
    assert states(validator) == {"doc-1": "unreadable"}


def test_a_document_waits_for_the_text_of_unknown_pages_alone(validator):
    validator.take(validator.case_changed(), validator.opened(1, 2))
    validator.take(validator.read(1, 1, i765_page(1)), validator.read(1, 2, letter(), is_text_awaited=True))
    assert validator.reviews == []
    validator.take(validator.text(1, 1))
    assert validator.reviews == []
    validator.take(validator.text(1, 2))
    assert states(validator) == {"doc-1": "reviewed"}


def test_text_that_comes_before_its_page_counts(validator):
    validator.take(validator.case_changed(), validator.opened(1, 1), validator.text(1, 1))
    validator.take(validator.read(1, 1, letter(), is_text_awaited=True))
    assert states(validator) == {"doc-1": "reviewed"}


def test_the_first_form_of_a_bundle_is_judged_while_the_rest_is_read(validator):
    opened, *read = validator.document(1, [*i765(signature=EMPTY), *i765(), letter()])
    validator.take(validator.case_changed(), opened, *read[:7])
    assert validator.codes == ["signature_missing"]
    assert states(validator) == {"doc-1": "reading"}
    assert validator.judgement.documents_in_flight == 1


def test_a_long_bundle_is_judged_a_bounded_number_of_times(validator):
    one_page_forms = [i765_page(1, form="G-1145", form_pages=1)] * 100
    validator.take(validator.case_changed(), *validator.document(1, one_page_forms))
    assert 1 < len(validator.reviews) < 35
    assert states(validator) == {"doc-1": "reviewed"}


def test_an_early_judgement_reads_no_page_twice(validator, monkeypatch):
    opened = []
    get = validator.blobs.get
    monkeypatch.setattr(validator.blobs, "get", lambda ref: opened.append(ref.name) or get(ref))
    validator.take(validator.case_changed(), *validator.document(1, [*i765(), *i765()]))
    read = [name for name in opened if "reading" in name]
    assert len(read) == len(set(read)) == 14


def test_a_judgement_that_lost_a_race_is_prepared_again(validator):
    validator.take(validator.case_changed(), *validator.document(1, i765()[:6])[:-1])
    last, other = validator.read(1, 6, i765_page(6)), validator.opened(2, 0, outcome="locked")
    result = validator.prepare(last)
    validator.take(other)
    with pytest.raises(RetryError):
        validator.handle(last, result)
    validator.take(last)
    assert validator.codes == ["document_locked", "page_missing"]


def test_the_loser_of_a_race_overwrites_no_judgement(validator):
    validator.take(validator.case_changed())
    winner, loser = validator.opened(1, 0, outcome="locked"), validator.opened(2, 0, outcome="hostile")
    won, lost = validator.prepare(winner), validator.prepare(loser)
    assert won.events[0].case_revision == lost.events[0].case_revision
    validator.handle(winner, won)
    assert validator.codes == ["document_locked"]


def test_a_new_case_that_two_events_make_at_once_is_made_once(validator):
    first, second = validator.opened(1, 2), validator.opened(2, 2)
    result = validator.prepare(second)
    validator.take(first)
    with pytest.raises(RetryError):
        validator.handle(second, result)


def test_single_photos_are_judged_when_the_case_is_quiet(validator):
    validator.take(validator.case_changed(), *validator.document(1, [i765_page(4)]))
    validator.turn(after_s=299)
    assert validator.codes == []
    validator.turn(after_s=1)
    assert validator.codes == ["page_missing"] * 6
    validator.turn(after_s=600)
    assert len(validator.reviews) == 2


def test_another_upload_starts_the_quiet_time_again(validator):
    later = {"occurred_at": NOW + timedelta(seconds=200)}
    validator.take(validator.case_changed(), *validator.document(1, [i765_page(4)]))
    opened, read = validator.document(2, [i765_page(5)])
    validator.take(opened.model_copy(update=later), read)
    validator.turn(after_s=300)
    assert validator.codes == []
    validator.turn(after_s=200)
    assert validator.codes == ["page_missing"] * 5


def test_a_case_that_is_said_to_be_complete_is_judged_at_once(validator):
    validator.take(validator.case_changed(), *validator.document(1, [i765_page(4)]))
    validator.take(validator.case_changed(2, completed_at=NOW))
    assert validator.codes == ["page_missing"] * 6


def test_a_document_in_flight_keeps_a_complete_case_from_lacking_pages(validator):
    validator.take(validator.case_changed(), *validator.document(1, [i765_page(4)]), validator.opened(2, 6))
    validator.take(validator.case_changed(2, completed_at=NOW))
    assert validator.codes == []
    rest = [page for page in i765() if page.form_page != 4]
    validator.take(*validator.document(2, rest)[1:])
    assert validator.codes == []


def test_a_page_that_was_given_up_is_told_and_the_document_ends(validator):
    opened, *read = validator.document(1, i765())
    validator.take(validator.case_changed(), opened, *read[:3], *read[4:])
    validator.give_up(read[3])
    validator.turn()
    assert validator.codes == ["page_illegible"]
    assert states(validator) == {"doc-1": "reviewed"}


def test_a_document_or_text_that_was_given_up_ends_too(validator):
    validator.take(validator.case_changed(), validator.opened(1, 1))
    validator.take(validator.read(1, 1, letter(), is_text_awaited=True))
    validator.give_up(validator.text(1, 1))
    validator.give_up(validator.opened(2, 3))
    validator.turn()
    assert states(validator) == {"doc-1": "reviewed", "doc-2": "unreadable"}
    assert validator.codes == ["document_unreadable", "page_illegible"]


def test_a_reading_that_is_lost_is_told_as_unread(validator):
    opened, *read = validator.document(1, i765())
    gone = next(ref for ref in validator.blobs.contents if ref.name.endswith("reading-4"))
    del validator.blobs.contents[gone]
    validator.take(validator.case_changed(), opened, *read)
    assert validator.codes == ["page_illegible"]


def test_a_lost_record_loses_no_page_and_the_next_version_mends_it(validator):
    changed = validator.case_changed()
    gone = next(ref for ref in validator.blobs.contents if ref.name == changed.record_blob)
    del validator.blobs.contents[gone]
    validator.take(changed, *validator.document(1, i765(signature=EMPTY)))
    assert validator.reviews == []
    validator.take(validator.case_changed(2))
    assert validator.codes == ["signature_missing"]


def test_a_deleted_case_is_forgotten_and_late_events_of_it_are_dropped(validator):
    opened, *read = validator.document(1, i765(signature=EMPTY))
    validator.take(validator.case_changed(), opened, *read[:6])
    validator.take(CaseDeleted(organisation_id="org-1", case_id="case-1", occurred_at=NOW))
    validator.take(
        read[6], validator.case_changed(2), validator.text(1, 1), validator.opened(2, 0, outcome="locked")
    )
    validator.give_up(read[5])
    with validator.database.reading() as view:
        assert [
            view.execute(select(func.count()).select_from(table)).scalar() for table in (documents, pages)
        ] == [0, 0]
        assert view.execute(select(cases.c.is_deleted)).scalars().all() == [True]
    assert [event.topic for event in validator.reviews] == ["case.forgotten"]


def test_one_case_that_cannot_be_judged_keeps_no_other_from_it(validator, monkeypatch):
    validator.take(validator.case_changed(), *validator.document(1, [i765_page(4)]))

    def fail(*_arguments, **_options):
        raise RetryError("away")

    monkeypatch.setattr(judging, "build_case_view", fail)
    with pytest.raises(RetryError):
        validator.turn(after_s=300)
    monkeypatch.undo()
    validator.turn()
    assert validator.codes == ["page_missing"] * 6


@settings(max_examples=30, deadline=None)
@given(st.randoms())
def test_two_versions_at_once_end_as_the_later_one_whatever_finishes_first(random):
    validator = Validator()
    first = validator.document(1, i765(signature=EMPTY))
    second = validator.document(2, i765(day=EMPTY))
    events = [validator.case_changed(), *first, *second]
    validator.take(*random.sample(events, len(events)))
    assert validator.codes == ["date_missing"]
    assert [one.form_copy for one in validator.judgement.findings] == ["I-765-1"]
    assert [(state.document_id, state.codes) for state in validator.reviews[-1].documents] == [
        ("doc-1", []),
        ("doc-2", ["date_missing"]),
    ]


@pytest.mark.parametrize("is_told_in_order", [True, False])
def test_a_page_that_is_read_after_all_is_judged_and_what_could_not_be_read_is_no_flag_any_more(
    validator, is_told_in_order
):
    first, *others, last = validator.document(1, i765(signature=EMPTY))
    lost = last.model_copy(update={"outcome": "unreadable", "reason": "worker_died", "reading_blob": None})
    validator.take(validator.case_changed(), first, *others, lost)
    before = validator.codes
    if is_told_in_order:
        assert "page_illegible" in before
    validator.take(*((last,) if is_told_in_order else (last, lost)))
    assert validator.codes == ["signature_missing"]
    assert states(validator) == {"doc-1": "reviewed"}


def test_a_document_that_is_opened_after_all_is_judged_by_its_pages(validator):
    opened, *read = validator.document(1, i765(signature=EMPTY))
    lost = opened.model_copy(update={"outcome": "unreadable", "pages_total": 0, "reason": "worker_died"})
    validator.take(validator.case_changed(), lost)
    assert validator.codes == ["document_unreadable"]
    validator.take(opened, *read, lost)
    assert validator.codes == ["signature_missing"]
    assert states(validator) == {"doc-1": "reviewed"}


def test_a_text_that_is_read_after_all_stays(validator):
    text = validator.text(1, 1)
    lost = text.model_copy(update={"outcome": "unreadable", "text_blob": None})
    validator.take(lost, text, lost)
    with validator.database.reading() as view:
        (row,) = view.execute(select(pages)).all()
    assert (row.text_outcome, row.text_blob) == ("read", text.text_blob)
