"""Whose signature it may be: a child's or a parent's, and one picture in two places."""

import pytest

from tests.support.filing import codes, document, findings, i765, i765_page, signed, slot
from tests.support.marks import fingerprint
from wetink.contracts.reading import FieldReading

EMPTY = {"ink": "absent"}
REVIEW = ["signature_by_other_person"]
SIGNED_ON = signed(value="2026-03-05", value_status="read")


def child(birth_date, role="applicant", **more):
    return {"role": role, "birth_date": birth_date, **more}


GUARDIAN = {"role": "guardian", "name": "Rui Lima"}


@pytest.mark.parametrize(
    ("born", "day", "expected"),
    [
        ("2016-01-01", SIGNED_ON, REVIEW),
        ("2012-03-06", SIGNED_ON, REVIEW),  # 14 the day after signing
        ("2012-03-05", SIGNED_ON, []),  # 14 on that day
        ("1985-01-01", SIGNED_ON, []),
        ("2012-03-11", signed(), REVIEW),  # no date was read: the day of receipt counts
        ("2012-03-10", signed(), []),
    ],
)
def test_who_signed_for_a_child_under_14_is_looked_at(born, day, expected):
    form = document(1, i765(day=day))
    assert codes(form, people=[child(born), GUARDIAN]) == expected
    assert codes(form, people=[child(born)]) == expected


def test_a_date_that_cannot_be_believed_makes_nobody_younger():
    form = document(1, i765(day=signed(value="1998-03-05", value_status="read")))
    assert codes(form, people=[child("1990-01-01"), GUARDIAN]) == ["date_before_edition"]


def test_a_review_is_low_and_says_whether_a_guardian_is_known():
    for people, words in (([GUARDIAN], "names a parent or guardian"), ([], "names no parent or guardian")):
        (finding,) = findings(document(1, i765()), people=[child("2016-01-01"), *people])
        assert (finding.severity, finding.party) == ("low", "applicant")
        assert finding.found == f"The place is signed; the applicant was 10 years old. The case {words}."
        assert "legal guardian" in finding.rule.citation


def test_a_child_for_whom_nobody_signed_lacks_the_signature():
    assert codes(document(1, i765(signature=EMPTY)), people=[child("2016-01-01"), GUARDIAN]) == [
        "signature_missing"
    ]


def test_the_limit_is_18_in_canada():
    page = i765_page(4, name=None, form="IMM 9999", form_page=1, form_pages=1)
    for born, expected in (("2008-03-11", REVIEW), ("2008-03-10", [])):
        assert codes(document(1, [page]), jurisdiction="CA", people=[child(born)]) == expected


def test_a_helper_and_an_adult_beside_the_child_are_no_children():
    pages = i765()
    pages[4] = i765_page(5, signature=signed(), day=signed())
    assert codes(document(1, pages), people=[child("2016-01-01", "child"), child("1985-01-01")]) == []


def test_of_two_people_the_one_whom_the_form_names_is_meant():
    people = [child("1985-01-01", name="Ana Lima"), child("2016-01-01", "child", name="Rui Lima")]
    assert codes(document(1, i765()), people=people) == []
    pages = [i765_page(1, name="Rui Lima"), *i765()[1:]]
    assert codes(document(1, pages), people=people) == REVIEW


def test_the_birth_date_may_stand_on_the_form():
    for written, expected in (("03/06/2016", REVIEW), ("03/06/1985", []), ("03/2016", [])):
        field = FieldReading(purpose="person.birth_date", is_filled=True, value=written)
        assert codes(document(1, i765(fields=[field]))) == expected


def test_a_spouse_who_signs_the_own_form_is_not_the_child_of_the_case():
    place = slot("signature", "spouse", "4", "6.a", **signed())
    page = i765_page(
        1, name=None, form="I-130A", edition="2024-04-01", form_page=3, form_pages=None, slots=[place]
    )
    assert codes(document(1, [page]), people=[child("2016-01-01"), child("2016-01-01", "child")]) == []


def marked(seed, moved=0):
    return signed(fingerprint=fingerprint(seed, moved))


def with_preparer(applicant, preparer, number=1, **first_page):
    pages = [i765_page(1, **first_page), *i765(signature=applicant)[1:]]
    pages[5] = i765_page(6, signature=preparer, day=signed())
    return document(number, pages)


def test_the_same_picture_in_two_places_is_told_of_the_later_one():
    (finding,) = findings(with_preparer(marked(1), marked(1, moved=2)))
    assert (finding.code, finding.severity, finding.slot) == (
        "signature_reused",
        "critical",
        "part-5.item-8.a.signature",
    )
    assert finding.subject == "I-765-1 part-3.item-7.a.signature"
    assert "Part 3, Item 7.a" in finding.found
    assert "103.2(a)(7)" in finding.rule.citation


def test_two_marks_are_not_the_same_picture():
    assert codes(with_preparer(marked(1), marked(2))) == []


@pytest.mark.parametrize("nothing", [None, "no fingerprint"])
def test_marks_without_a_fingerprint_are_never_the_same(nothing):
    mark = signed(fingerprint=nothing)
    assert codes(with_preparer(mark, signed(fingerprint=nothing and "another one"))) == []


def test_the_same_picture_on_forms_of_two_people_is_told():
    ana = document(1, i765(signature=marked(1)))
    rui = document(2, [i765_page(1, name="Rui Mota"), *i765(signature=marked(1))[1:]])
    (finding,) = findings(ana, rui)
    assert (finding.document_id, finding.subject) == ("doc-2", "I-765-1 part-3.item-7.a.signature")


def test_the_same_page_sent_again_is_no_copy_of_a_signature():
    again = codes(document(1, i765(signature=marked(1))), document(2, [i765_page(4, signature=marked(1))]))
    assert "signature_reused" not in again


def test_three_equal_pictures_are_two_copies_of_the_first():
    pages = i765(signature=marked(1))
    pages[4] = i765_page(5, signature=marked(1), day=signed())
    pages[5] = i765_page(6, signature=marked(1), day=signed())
    found = findings(document(1, pages))
    assert [one.code for one in found] == ["signature_reused"] * 2
    assert {one.subject for one in found} == {"I-765-1 part-3.item-7.a.signature"}
