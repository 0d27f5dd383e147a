"""Each page once, each document once, each paper in its own case: what does not belong is told, and no more."""

import pytest

from tests.support.filing import codes, document, findings, i765, i765_page, letter, signed, unread_page
from tests.support.marks import fingerprint
from wetink.contracts.reading import FieldReading

EMPTY = {"ink": "absent"}
MARK, ANOTHER_MARK = fingerprint(1), fingerprint(2)
ANA = {"role": "applicant", "name": "Ana Lima", "a_number": "A123456789"}
BEN = {"role": "child", "name": "Ben Okoro", "a_number": "A207118345"}


def told(*documents, **details):
    return [(one.code, one.form_page) for one in findings(*documents, **details)]


def numbered(number):
    return FieldReading(purpose="person.a_number", is_filled=True, value=number)


def form(name="Ana Lima", a_number=None, **page_4):
    """An I-765 with a name on page 1 and a number on page 2."""
    pages = i765(**page_4)
    pages[0] = i765_page(1, name=name)
    pages[1] = i765_page(2, fields=[numbered(a_number)] if a_number else [])
    return pages


# The same page twice


@pytest.mark.parametrize("place", [3, 4, 7])
def test_a_page_that_a_document_has_twice_is_told_once_and_nothing_is_missing(place):
    pages = i765()
    (finding,) = findings(document(1, [*pages[:place], i765_page(3), *pages[place:]]))
    assert (finding.code, finding.form_page, finding.document_page) == ("page_duplicate", 3, place + 1)


def test_of_a_page_that_is_there_twice_the_later_one_counts():
    assert told(document(1, [*i765(signature=EMPTY), i765_page(4)])) == [("page_duplicate", 4)]
    assert told(document(1, [*i765(), i765_page(4, signature=EMPTY)])) == [
        ("signature_missing", 4),
        ("page_duplicate", 4),
    ]


def test_a_repeated_page_is_answered_by_a_newer_one():
    twice = document(1, [*i765(), i765_page(3)])
    assert codes(twice, document(2, [i765_page(3)])) == []
    assert codes(twice, document(2, i765())) == []


def test_the_same_page_in_two_documents_is_a_correction():
    assert codes(document(1, i765()), document(2, [i765_page(3)])) == []


def test_two_forms_in_a_document_have_no_page_twice():
    assert codes(document(1, [*form("Ana Lima"), *form("Ben Okoro")])) == []
    assert codes(document(1, [*reversed(form(None)), *reversed(form(None))])) == []


def test_two_forms_and_one_page_more():
    pages = [*form("Ana Lima"), *form("Ben Okoro"), i765_page(5)]
    found = findings(document(1, pages))
    assert [(one.code, one.form_copy) for one in found] == [("page_duplicate", "I-765-1-2")]


# A whole document twice


def stroked(mark=MARK, **changes):
    return signed(fingerprint=mark, **changes)


def test_a_rescan_of_the_same_paper_is_a_duplicate_alone():
    first, again = (document(n, form(None, signature=stroked())) for n in (1, 2))
    (finding,) = findings(first, again)
    assert (finding.code, finding.form_copy, finding.document_id) == ("document_duplicate", "doc-2", "doc-2")
    assert (finding.severity, finding.subject) == ("low", "doc-1")


def test_a_rescan_on_which_a_place_can_no_longer_be_told_is_still_one():
    first = document(1, form(None, signature=stroked(), day=signed(value="2026-03-05", value_status="read")))
    again = document(2, form(None, signature=stroked(), day={"ink": "unsure"}))
    assert codes(first, again) == ["document_duplicate"]


def test_what_an_unsigned_form_lacks_is_told_once_beside_its_duplicate():
    pages = form("Ana Lima", signature=EMPTY)
    digital = [page.model_copy(update={"content": f"page {n}"}) for n, page in enumerate(pages)]
    assert codes(document(1, digital), document(2, digital)) == ["document_duplicate", "signature_missing"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"signature": EMPTY}, {"signature": stroked()}),
        ({"signature": stroked()}, {"signature": stroked(ANOTHER_MARK)}),
        ({"signature": {"ink": "unsure"}}, {"signature": stroked()}),
        (
            {"signature": stroked(), "day": signed(value="2026-03-05", value_status="read")},
            {"signature": stroked(), "day": signed(value="2026-03-06", value_status="read")},
        ),
        (
            {"signature": stroked(), "day": signed(value_status="unsure")},
            {"signature": stroked(), "day": signed(value="2026-03-05", value_status="read")},
        ),
    ],
)
def test_a_corrected_version_is_no_duplicate(before, after):
    assert codes(document(1, form(None, **before)), document(2, form(None, **after))) == []


def test_a_corrected_answer_is_no_duplicate():
    first, later = form("Ana Lima", "A123456780", signature=stroked()), form("Ana Lima", "A123456789")
    later[3] = first[3]
    assert codes(document(1, first), document(2, later)) == []
    digital = [page.model_copy(update={"content": f"page {page.form_page}"}) for page in form()]
    edited = [*digital[:2], digital[2].model_copy(update={"content": "another answer"}), *digital[3:]]
    assert codes(document(1, digital), document(2, edited)) == []


def test_without_proof_nothing_is_called_a_duplicate():
    assert codes(document(1, form(None)), document(2, form(None))) == []


def test_a_paper_sent_to_replace_another_is_no_duplicate():
    first, again = document(1, form(signature=stroked())), document(2, form(signature=stroked()), replaces="doc-1")
    assert codes(first, again) == []


def test_a_document_with_something_more_is_no_duplicate():
    first = document(1, form(signature=stroked()))
    assert codes(first, document(2, [*form(signature=stroked()), letter()])) == []
    assert codes(first, document(2, [*form(signature=stroked()), unread_page()])) == ["page_illegible"]


def test_a_letter_that_says_the_same_is_a_duplicate_too():
    first, other = (letter().model_copy(update={"content": content}) for content in ("one", "other"))
    assert codes(document(1, [first, other]), document(2, [first, other])) == ["document_duplicate"]
    assert codes(document(1, [first]), document(2, [first, other]), document(3, [other])) == []
    assert codes(document(1, [letter()]), document(2, [letter()])) == []


def test_forms_of_two_people_that_look_alike_are_no_duplicates():
    ana, ben = form("Ana Lima", signature=stroked()), form("Ben Okoro", signature=stroked(ANOTHER_MARK))
    assert codes(document(1, ana), document(2, ben)) == []


def test_an_older_version_that_comes_again_counts_again_and_is_no_duplicate():
    unsigned, signed_form = form(signature=EMPTY), form(signature=stroked())
    documents = document(1, unsigned), document(2, signed_form), document(3, unsigned)
    assert codes(*documents) == ["signature_missing"]


# A page of somebody else


def test_a_page_of_somebody_else_is_told_by_the_name_or_by_the_number():
    wrong_name = document(1, form("Ben Okoro", "A123456789"))
    assert told(wrong_name, people=[ANA]) == [("page_of_other_person", 1)]
    wrong_number = document(1, form("Ana Lima", "A207118345"))
    assert told(wrong_number, people=[ANA]) == [("page_of_other_person", 2)]
    assert told(wrong_number, people=[ANA, BEN]) == [("page_of_other_person", 2)]


def test_the_finding_quotes_nobody():
    (finding,) = findings(document(1, form("Ben Okoro", "A123456789")), people=[ANA])
    said = finding.model_dump_json()
    assert not any(word in said for word in ("Ben", "Okoro", "Ana", "Lima", "123456789"))


@pytest.mark.parametrize(
    ("name", "a_number"),
    [
        ("LIMA, Ana", "A-123-456-789"),
        ("Ána Lirna", "A123456780"),
        ("Ana Lina", "A1234S6789"),
        ("Ana Maria Lima", "123456798"),
        ("Ana Costa", "A123456789"),
        (None, "A123456789"),
        ("Ana Lima", None),
    ],
)
def test_slips_accents_order_and_a_changed_surname_raise_no_alarm(name, a_number):
    assert codes(document(1, form(name, a_number)), people=[ANA]) == []


def test_without_a_record_a_name_and_a_number_do_not_contradict_each_other():
    assert codes(document(1, form("Ana Lima", "A207118345"))) == []


def test_a_strangers_page_in_the_middle_of_a_form_does_not_break_it_in_two():
    pages = form("Ana Lima")
    mixed = document(1, [*pages[:4], i765_page(1, name="Ben Okoro"), *pages[4:]])
    assert told(mixed) == [("page_of_other_person", 1)]
    assert told(mixed, people=[ANA]) == [("page_of_other_person", 1)]


def test_a_strangers_page_in_place_of_one_that_is_missing_is_told_alone():
    assert told(document(1, form()[1:]), document(2, [i765_page(1, name="Ben Okoro")]), people=[ANA]) == [
        ("page_of_other_person", 1)
    ]


def test_the_right_page_answers_it():
    wrong = document(1, form("Ben Okoro", "A123456789"))
    assert codes(wrong, document(2, [i765_page(1, name="Ana Lima")]), people=[ANA]) == []


def test_a_strangers_whole_form_in_a_bundle_is_told_where_it_names_him():
    bundle = document(1, [*form("Ana Lima"), *form("Ben Okoro")])
    found = findings(bundle, people=[ANA])
    assert [(one.code, one.form_copy, one.document_page) for one in found] == [
        ("page_of_other_person", "I-765-1-2", 8)
    ]
    assert codes(bundle, people=[ANA, BEN]) == []


# A document of somebody else


def test_a_whole_document_of_a_stranger_is_misfiled():
    (finding,) = findings(document(1, form("Ana Lima")), document(2, form("Ben Okoro")), people=[ANA])
    assert (finding.code, finding.severity, finding.document_id) == ("document_misfiled", "high", "doc-2")
    assert not any(word in finding.model_dump_json() for word in ("Ben", "Okoro", "Ana", "Lima"))


def test_one_page_of_a_strangers_form_is_misfiled_and_lacks_no_others():
    photo = document(2, [i765_page(1, name="Ben Okoro")])
    assert codes(document(1, form("Ana Lima")), photo, people=[ANA]) == ["document_misfiled"]


def test_an_empty_signature_on_a_misfiled_form_is_still_told():
    wrong = document(1, form("Ben Okoro", signature=EMPTY))
    assert codes(wrong, people=[ANA]) == ["document_misfiled", "signature_missing"]


@pytest.mark.parametrize(
    "people",
    [
        [],
        [{"role": "applicant"}],
        [{"role": "petitioner", "name": "Carl Weber"}],
        [ANA, BEN],
        [ANA, {"role": "spouse"}],
        [{"role": "applicant", "name": "Okoro Ben"}],
        [{"role": "applicant", "name": "Benn Okoro"}],
        [{"role": "applicant", "name": "Ada Okoro"}],
        [{"role": "applicant", "name": "\u0411\u0435\u043d \u041e\u043a\u043e\u0440\u043e"}],
    ],
)
def test_somebody_who_may_be_in_the_case_is_no_stranger(people):
    assert codes(document(1, form("Ben Okoro")), people=people) == []


def test_a_family_name_in_common_is_no_family_when_numbers_contradict():
    ada = {"role": "applicant", "name": "Ada Okoro", "a_number": "A111222333"}
    assert codes(document(1, form("Ben Okoro", "A207118345")), people=[ada]) == ["document_misfiled"]


def test_a_petition_is_compared_with_those_who_petition():
    petition = [page.model_copy(update={"form": "I-130"}) for page in form("Carl Weber")]
    petition[3] = petition[3].model_copy(
        update={"slots": [one.model_copy(update={"party": "petitioner"}) for one in petition[3].slots]}
    )
    assert "document_misfiled" not in codes(document(1, petition), people=[ANA])
    petitioner = {"role": "petitioner", "name": "Dora Klein"}
    assert "document_misfiled" in codes(document(1, petition), people=[ANA, petitioner])
    assert "document_misfiled" not in codes(
        document(1, petition), people=[ANA, {**petitioner, "name": "Weber, Carl"}]
    )


def test_an_affidavit_of_a_joint_sponsor_who_is_not_in_the_record_is_no_strangers():
    affidavit = [page.model_copy(update={"form": "I-864"}) for page in form("Carl Weber")]
    affidavit[3] = affidavit[3].model_copy(
        update={"slots": [one.model_copy(update={"party": "sponsor"}) for one in affidavit[3].slots]}
    )
    petitioner = {"role": "petitioner", "name": "Dora Klein"}
    joint = {"role": "joint_sponsor", "name": "Eva Stern"}
    assert "document_misfiled" not in codes(document(1, affidavit), people=[ANA, petitioner])
    assert "document_misfiled" in codes(document(1, affidavit), people=[ANA, petitioner, joint])
