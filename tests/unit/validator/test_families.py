"""One form of several people: a page or form whose person cannot be told is never taken for a correction."""

import pytest

from tests.support.filing import case, codes, document, findings, i765, i765_page, signed, slot
from tests.support.marks import fingerprint

EMPTY = {"ink": "absent"}
MARK, ANOTHER_MARK = fingerprint(1), fingerprint(2)
MOTHER = {"role": "mother", "name": "Ana Lima"}
CHILD = {"role": "child", "name": "Tomas Lima"}
PETITIONER = {"role": "petitioner", "name": "Carl Weber"}
BENEFICIARY = {"role": "beneficiary", "name": "Ana Lima"}
FAMILY = [MOTHER, CHILD]


def scan(name=None, **page_4):
    """An I-765 of which no name could be read, unless told."""
    return [i765_page(1, name=name), *i765(**page_4)[1:]]


def told(*documents, **details):
    return [(one.code, one.form_copy, one.form_page) for one in findings(*documents, **details)]


def photo(number, page, **changes):
    return document(number, [i765_page(page, **{"name": None, **changes})])


def test_nameless_scans_of_a_family_are_two_forms_so_that_no_signature_is_lost():
    unsigned, other = document(1, scan(signature=EMPTY)), document(2, scan())
    assert told(unsigned, other, people=FAMILY) == [("signature_missing", "I-765-1", 4)]
    assert codes(unsigned, other, people=[MOTHER]) == []


@pytest.mark.parametrize(
    "people",
    [
        [],
        [BENEFICIARY],
        [PETITIONER, BENEFICIARY],
        [MOTHER, {"role": "attorney", "name": "Eva Stern"}],
        [MOTHER, MOTHER],
    ],
)
def test_where_one_person_files_such_a_form_a_nameless_scan_is_a_correction(people):
    assert codes(document(1, scan(signature=EMPTY)), document(2, scan()), people=people) == []


def test_the_spouse_who_sponsors_files_no_such_form():
    people = [{"role": "applicant", "name": "Ana Lima"}, {"role": "spouse", "name": "Carl Weber"}]
    scans = document(1, scan(signature=EMPTY)), document(2, scan())
    assert "signature_missing" not in codes(*scans, people=people, filing="family_adjustment")
    assert "signature_missing" in codes(*scans, people=people, filing="asylum")


def test_a_name_or_a_reference_to_the_old_document_still_makes_it_a_correction():
    assert (
        codes(document(1, scan("Ana Lima", signature=EMPTY)), document(2, scan("Lima Ana")), people=FAMILY) == []
    )
    assert codes(document(1, scan(signature=EMPTY)), document(2, scan(), replaces="doc-1"), people=FAMILY) == []


def test_a_rescan_of_the_same_paper_is_no_second_form():
    pages = scan(signature=signed(fingerprint=MARK))
    assert codes(document(1, pages), document(2, pages), people=FAMILY) == ["document_duplicate"]


def test_the_same_paper_with_a_date_added_is_a_correction_of_it():
    undated = scan(signature=signed(fingerprint=MARK), day=EMPTY)
    dated = scan(signature=signed(fingerprint=MARK))
    assert codes(document(1, undated), document(2, dated), people=FAMILY) == []
    assert codes(document(1, undated), document(2, [dated[3]]), people=FAMILY) == []
    others = scan(signature=signed(fingerprint=ANOTHER_MARK))
    assert codes(document(1, undated), document(2, others), people=FAMILY) == ["date_missing"]


def test_both_forms_in_one_document_correct_both():
    before = document(1, [*scan(signature=EMPTY), *scan()])
    assert codes(before, document(2, [*scan(), *scan()]), people=FAMILY) == []


def test_a_form_scanned_in_two_parts_is_one_form():
    pages = scan()
    assert codes(document(1, pages[:3]), document(2, pages[3:]), people=FAMILY) == []


def test_a_nameless_page_that_only_one_of_two_forms_lacks_is_that_ones():
    ana, tomas = scan("Ana Lima"), scan("Tomas Lima")
    lacking = document(1, [*ana[:3], *ana[4:]]), document(2, tomas)
    assert codes(*lacking, photo(3, 4), people=FAMILY) == []
    assert codes(*lacking, photo(3, 4)) == []


def test_a_nameless_page_that_may_correct_either_of_two_forms_is_left_to_a_person():
    both = document(1, scan("Ana Lima", signature=EMPTY)), document(2, scan("Tomas Lima"))
    assert told(*both, photo(3, 4), people=FAMILY) == [
        ("signature_missing", "I-765-1", 4),
        ("page_unassigned", "I-765-3", 4),
    ]


def test_a_page_that_two_forms_lack_is_missing_in_both_until_there_are_two_of_it():
    ana, tomas = scan("Ana Lima"), scan("Tomas Lima")
    both = document(1, [*ana[:3], *ana[4:]]), document(2, [*tomas[:3], *tomas[4:]])
    assert codes(*both, photo(3, 4)) == ["page_missing", "page_missing", "page_unassigned"]
    assert codes(*both, photo(3, 4), photo(4, 4)) == ["page_unassigned"] * 2


def test_a_page_that_names_its_person_is_never_unassigned():
    both = document(1, scan("Ana Lima")), document(2, scan("Tomas Lima"))
    assert codes(*both, photo(3, 1, name="Tomas Lima"), people=FAMILY) == []


def test_a_nameless_page_of_a_family_of_which_one_form_came_is_left_to_a_person():
    unsigned = document(1, scan("Ana Lima", signature=EMPTY))
    assert codes(unsigned, photo(2, 4), people=FAMILY) == ["page_unassigned", "signature_missing"]
    assert codes(unsigned, photo(2, 4), people=[MOTHER]) == []


def test_an_unassigned_page_is_answered_when_every_form_has_a_newer_one():
    both = document(1, scan("Ana Lima")), document(2, scan("Tomas Lima"))
    newer = document(4, scan("Ana Lima")), document(5, scan("Tomas Lima"))
    assert codes(*both, photo(3, 4), newer[0]) == ["page_unassigned"]
    assert codes(*both, photo(3, 4), *newer) == []


def test_what_an_unassigned_page_itself_lacks_is_told():
    both = document(1, scan("Ana Lima")), document(2, scan("Tomas Lima"))
    assert codes(*both, photo(3, 4, signature=EMPTY)) == ["page_unassigned", "signature_missing"]


def test_photos_of_a_whole_form_after_another_persons_form_are_his():
    ana = document(1, scan("Ana Lima"))
    photos = [photo(2, 1, name="Tomas Lima"), *(photo(number + 1, number) for number in range(2, 8))]
    assert codes(ana, *photos, people=FAMILY) == []
    assert [copy.id for copy in case(ana, *photos, people=FAMILY).copies] == ["I-765-1", "I-765-2"]


def test_a_form_of_one_page_has_no_pages_to_mix_up():
    one = [i765_page(1, name=None, form="G-1145", form_pages=1, slots=[])]
    assert codes(document(1, one), document(2, one), people=FAMILY) == []


def test_petitioner_and_beneficiary_each_have_an_attorney():
    def g28(**signature):
        places = [
            slot("signature", "client", "4", "2", **signature),
            slot("signature", "attorney", "5", "1", **signed()),
        ]
        return [i765_page(1, name=None, form="G-28", edition="2018-09-17", form_pages=1, slots=places)]

    scans = document(1, g28(**EMPTY)), document(2, g28(**signed()))
    assert "signature_missing" in codes(*scans, people=[PETITIONER, BENEFICIARY])
    assert "signature_missing" not in codes(*scans, people=[BENEFICIARY])
