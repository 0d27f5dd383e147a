"""Pages that are missing, unread, or of a form that was never learned; documents that cannot be read."""

import pytest

from tests.support.filing import (
    codes,
    document,
    findings,
    i765,
    i765_page,
    letter,
    unread_page,
)
from wetink.contracts.reading import PageText


def without(*numbers):
    return [page for page in i765() if page.form_page not in numbers]


def test_each_missing_page_of_a_bundle_is_told_at_once():
    found = findings(document(1, without(2, 5)), is_settled=False)
    assert [(one.code, one.form_page, one.document_page) for one in found] == [
        ("page_missing", 2, None),
        ("page_missing", 5, None),
    ]
    assert found[0].title == "Page 2 of 7 is missing (Form I-765 08/21/25)"


def test_a_single_photo_waits_until_nothing_more_is_expected():
    photo = document(1, [i765_page(4)])
    assert codes(photo, is_settled=False) == []
    assert codes(photo) == ["page_missing"] * 6


def test_photos_that_make_a_whole_form_lack_nothing():
    photos = [document(number, [i765_page(number, name=None)]) for number in range(1, 8)]
    assert codes(*photos) == []


def test_pages_in_reverse_order_are_one_whole_form():
    assert codes(document(1, reversed(i765()))) == []


def test_a_form_scanned_without_its_first_page_is_not_completed_by_the_next_form():
    two = document(1, [*i765()[1:], *i765()])
    assert [(one.code, one.form_copy, one.form_page) for one in findings(two)] == [("page_missing", "I-765-1", 1)]


def test_an_unread_page_among_others_is_that_page_of_the_form_and_not_missing():
    pages = i765()
    pages[3] = unread_page(reason="page_blurred")
    (finding,) = findings(document(1, pages))
    assert (finding.code, finding.form_copy, finding.form_page) == ("page_illegible", "I-765-1", 4)
    assert "page blurred" in finding.found


@pytest.mark.parametrize("place", [0, 6])
def test_an_unread_first_or_last_page_is_told_by_its_neighbour(place):
    pages = i765()
    pages[place] = unread_page()
    assert [(one.code, one.form_page) for one in findings(document(1, pages))] == [("page_illegible", place + 1)]


def test_a_readable_page_takes_the_place_of_an_unread_one():
    pages = i765()
    pages[3] = unread_page()
    assert codes(document(1, pages), document(2, [i765_page(4)])) == []
    assert codes(document(1, pages), document(2, [letter(), i765_page(5)])) == ["page_illegible"]


def test_a_whole_form_takes_the_place_of_one_with_an_unread_page():
    pages = i765()
    pages[3] = unread_page()
    assert codes(document(1, pages), document(2, i765())) == []


def test_an_unread_page_is_told_although_an_earlier_version_of_it_could_be_read():
    pages = i765()
    pages[3] = unread_page()
    assert codes(document(1, i765()), document(2, pages)) == ["page_illegible"]
    empty = document(1, i765(signature={"ink": "absent"}))
    assert codes(empty, document(2, pages)) == ["page_illegible", "signature_missing"]


def test_an_unread_page_beside_letters_is_a_page_of_the_document():
    (finding,) = findings(document(1, [letter(), unread_page()]))
    assert (finding.code, finding.form_copy, finding.form_page) == ("page_illegible", "doc-1-2", None)


def test_a_letter_needs_no_flag():
    text = PageText(number=1, outcome="read")
    assert codes(document(1, [letter()], texts={1: text}, texts_awaited=frozenset({1}))) == []


def test_a_page_whose_text_cannot_be_read_either_is_told():
    text = PageText(number=1, outcome="unreadable")
    read = document(1, [letter(), letter()], texts={1: text}, texts_awaited=frozenset({1}))
    assert codes(read) == ["page_illegible"]


def named_by_text(number):
    text = PageText(number=number, outcome="read", form="I-765", edition="2025-08-21", form_page=number)
    pages = i765()
    pages[number - 1] = letter()
    return document(1, pages, texts={number: text}, texts_awaited=frozenset({number}))


def test_a_page_that_only_its_text_names_counts_as_there():
    assert codes(named_by_text(2)) == []


def test_a_page_with_signatures_that_only_its_text_names_was_not_checked():
    assert codes(named_by_text(4)) == ["page_illegible"]


def unlearned(**changes):
    return [i765_page(n, is_learned=False, form_pages=None, slots=[], **changes) for n in range(1, 8)]


def test_an_edition_that_was_never_learned_is_told_once():
    (finding,) = findings(document(1, unlearned(edition="2027-01-01")))
    assert (finding.code, finding.edition) == ("edition_unknown", "2027-01-01")
    assert "01/01/27" in finding.found
    assert "were not checked" in finding.found


def test_an_edition_that_cannot_be_read_is_unknown_too():
    (finding,) = findings(document(1, unlearned(edition=None)))
    assert finding.code == "edition_unknown"
    assert "could not be read" in finding.found


def test_a_page_without_places_whose_edition_alone_cannot_be_read_is_no_unknown_form():
    pages = i765()
    pages[1] = unlearned(edition=None, identified_by="layout")[1]
    assert codes(document(1, pages)) == []


def test_a_page_with_places_whose_edition_cannot_be_read_was_not_checked():
    pages = i765()
    pages[3] = unlearned(edition=None, identified_by="layout")[3]
    assert codes(document(1, pages)) == ["edition_unknown"]


def test_a_dynamic_form_that_was_never_learned_is_never_passed_over():
    page = unlearned(form="IMM 5257", edition="2023-09", form_page=None, source="xfa")[0]
    (finding,) = findings(document(1, [page]), jurisdiction="CA")
    assert finding.title == "Form IMM 5257 09-2023: its signatures were not checked"
    assert "dynamic" in finding.found


def test_pages_of_an_unknown_form_without_numbers_are_one_form():
    pages = [i765_page(n, form="Q-1", form_page=None, form_pages=None, is_learned=False, slots=[]) for n in (1, 2)]
    assert codes(document(1, pages)) == ["edition_unknown"]


def test_a_form_that_only_its_text_names_and_that_was_never_learned_is_unknown():
    text = PageText(number=1, outcome="read", form="I-999", edition="2026-01-01", form_page=1)
    assert codes(document(1, [letter()], texts={1: text}, texts_awaited=frozenset({1}))) == ["edition_unknown"]


@pytest.mark.parametrize("outcome", ["locked", "unreadable", "hostile"])
def test_a_document_that_was_not_read_has_its_flag(outcome):
    (finding,) = findings(document(1, [], outcome=outcome))
    assert finding.code == f"document_{outcome}"
    assert (finding.form_copy, finding.document_id) == ("doc-1", "doc-1")


def test_a_document_without_pages_or_with_unread_ones_alone_is_unreadable():
    assert codes(document(1, [])) == ["document_unreadable"]
    assert codes(document(1, [unread_page(), unread_page()])) == ["document_unreadable"]


def test_a_document_that_breaks_off_keeps_what_was_read_and_says_so():
    assert codes(document(1, i765(), outcome="partial")) == ["document_unreadable"]


def test_one_hostile_page_is_told_as_the_documents_and_not_as_illegible():
    assert codes(document(1, [letter(), unread_page("hostile")])) == ["document_hostile"]


def test_a_document_that_is_still_being_read_is_not_called_unreadable():
    assert codes(document(1, [], pages_total=3)) == []


def test_a_readable_correction_answers_a_locked_document():
    locked = document(1, [], outcome="locked")
    assert codes(locked, document(2, i765(), replaces="doc-1")) == []
    assert codes(locked, document(2, i765())) == ["document_locked"]


def test_a_correction_that_is_locked_itself_answers_nothing():
    replacing = document(2, [], outcome="locked", replaces="doc-1")
    assert codes(document(1, [], outcome="locked"), replacing) == ["document_locked"] * 2


def test_advice_for_the_next_picture_is_said_where_there_is_any():
    text = PageText(number=2, outcome="unreadable", advice=["blurred", "cut_off", "unheard_of"])
    dark = document(1, [letter(), letter()], texts={2: text}, texts_awaited=frozenset({2}))
    (finding,) = findings(dark)
    assert finding.expected.endswith("Take it again in focus and with all four edges in the picture.")
    (silent,) = findings(document(1, [letter(), unread_page()]))
    assert "Take it again" not in silent.expected
