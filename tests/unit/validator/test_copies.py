"""Pages of a case become copies of forms that survive corrections, whatever is read first."""

from dataclasses import replace
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.filing import case, codes, document, findings, i765, i765_page
from wetink.contracts.reading import FieldReading

EMPTY = {"ink": "absent"}


def ids(*documents):
    return [copy.id for copy in case(*documents).copies]


def named(name, **page_4):
    return [i765_page(1, name=name), *i765(**page_4)[1:]]


def half_read(number, pages, up_to, **changes):
    """A document of which only pages 1 to `up_to` are read."""
    whole = document(number, pages, **changes)
    return replace(whole, pages={n: page for n, page in whole.pages.items() if n <= up_to})


def test_a_later_version_corrects_the_earlier_one():
    unsigned, signed = document(1, i765(signature=EMPTY)), document(2, i765())
    assert ids(unsigned, signed) == ["I-765-1"]
    assert codes(unsigned, signed) == []


def test_the_number_of_the_upload_decides_what_is_later():
    assert codes(document(1, i765()), document(2, i765(signature=EMPTY))) == ["signature_missing"]


def test_a_single_page_corrects_that_page_alone():
    bad = document(1, i765(signature=EMPTY)[:6])
    found = findings(bad, document(2, [i765_page(4)]))
    assert [(one.code, one.form_page) for one in found] == [("page_missing", 7)]


def test_two_forms_in_one_document_are_two_copies():
    both = document(1, [*i765(), *i765(signature=EMPTY)])
    assert ids(both) == ["I-765-1", "I-765-1-2"]
    assert [one.form_copy for one in findings(both)] == ["I-765-1-2"]


def test_forms_of_two_people_are_two_copies():
    ana, ben = document(1, named("Ana Lima", signature=EMPTY)), document(2, named("Ben Okoro"))
    assert ids(ana, ben) == ["I-765-1", "I-765-2"]
    assert [one.form_copy for one in findings(ana, ben)] == ["I-765-1"]


def test_accents_case_and_order_do_not_make_another_person():
    first, second = document(1, named("José Núñez-Prieto")), document(2, named("NUNEZ PRIETO, jose"))
    assert ids(first, second) == ["I-765-1"]


def test_a_second_given_name_does_not_make_another_person():
    assert ids(document(1, named("Ana Lima")), document(2, named("Ana Maria Lima"))) == ["I-765-1"]


def test_names_that_are_nearly_alike_are_two_people():
    mario, maria = document(1, named("Mario Lima", signature=EMPTY)), document(2, named("Maria Lima"))
    assert codes(mario, maria) == ["signature_missing"]


def test_the_same_a_number_is_the_same_person_whatever_the_name():
    def numbered(name, a_number):
        field = FieldReading(purpose="person.a_number", is_filled=True, value=a_number)
        return [i765_page(1, name=name, fields=[field]), *i765()[1:]]

    assert ids(
        document(1, numbered("Ana Lima", "A012-345-678")), document(2, numbered("Ana Costa", "12345678"))
    ) == ["I-765-1"]
    assert ids(document(1, numbered("Ana Lima", "1")), document(2, numbered("Ben Okoro", "2"))) == [
        "I-765-1",
        "I-765-2",
    ]


def test_a_correction_finds_its_person_among_several():
    ana = document(1, named("Ana Lima", signature=EMPTY))
    ben = document(2, named("Ben Okoro", signature=EMPTY))
    found = findings(ana, ben, document(3, named("Okoro Ben")))
    assert [one.form_copy for one in found] == ["I-765-1"]


def test_a_form_that_may_be_either_of_two_corrects_neither():
    ana = document(1, named("Ana Lima", signature=EMPTY))
    ben = document(2, named("Ben Okoro"))
    assert codes(ana, ben, document(3, named(None))) == ["signature_missing"]


def test_what_is_said_to_replace_a_document_corrects_its_form_whatever_name_is_read():
    ana = document(1, named("Ana Lima", signature=EMPTY))
    assert codes(ana, document(2, named("Anna-Maria Rodriguez"), replaces="doc-1")) == []


def test_two_forms_together_correct_two_forms_in_their_order():
    before = document(1, [*named(None, signature=EMPTY), *named(None)])
    after = document(2, [*named(None), *named(None)])
    assert ids(before, after) == ["I-765-1", "I-765-1-2"]
    assert codes(before, after) == []


def test_a_new_edition_takes_the_place_of_all_old_pages():
    old = [i765_page(n, form_pages=9, edition="2024-01-01") for n in range(1, 10)]
    assert codes(document(1, old), document(2, i765())) == []


def test_a_paper_without_a_common_form_displaces_what_it_replaces():
    other = [i765_page(1, form="G-1145", form_pages=1, slots=[])]
    assert codes(document(1, i765(signature=EMPTY)), document(2, other, replaces="doc-1")) == []
    assert codes(document(1, i765(signature=EMPTY)), document(2, other)) == ["signature_missing"]


def test_a_version_that_is_half_read_hides_nothing_of_the_earlier_one():
    unsigned = document(1, i765(signature=EMPTY))
    assert codes(unsigned, half_read(2, i765(), up_to=6)) == ["signature_missing"]
    assert codes(unsigned, half_read(2, i765(), up_to=7)) == []


def test_a_half_read_version_does_not_show_its_own_findings_either():
    assert codes(document(1, i765()), half_read(2, i765(signature=EMPTY), up_to=6)) == []


def test_the_first_form_of_a_bundle_is_judged_before_the_bundle_ends():
    bundle = half_read(1, [*i765(signature=EMPTY), *i765()], up_to=9)
    assert codes(bundle) == ["signature_missing"]


def test_a_page_read_ahead_of_the_others_is_not_taken_for_the_first_form():
    bundle = document(1, [*i765()[:3], *i765(signature=EMPTY)])
    ahead = replace(bundle, pages={n: page for n, page in bundle.pages.items() if n != 4})
    assert case(ahead).copies == ()


def test_a_document_announced_again_keeps_the_name_of_its_form():
    first, second = document(1, i765(signature=EMPTY)), document(2, i765())
    again = replace(document(3, i765(signature=EMPTY)), id="doc-1")
    assert ids(first, second, again) == ["I-765-1"]
    assert codes(first, second, again) == ["signature_missing"]


def test_a_document_being_read_again_keeps_its_findings_until_then():
    locked = document(1, [], outcome="locked")
    again = replace(half_read(2, i765(), up_to=3), id="doc-1")
    assert codes(locked, again) == ["document_locked"]
    assert codes(locked, replace(document(2, i765()), id="doc-1")) == []


PAGE_SETS = st.lists(st.sampled_from(range(1, 8)), min_size=1, max_size=7, unique=True)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(PAGE_SETS, st.booleans()), min_size=1, max_size=4), st.randoms())
def test_the_order_in_which_documents_are_told_changes_nothing(filings, random):
    documents = [
        document(
            number, [i765_page(page, **({"signature": EMPTY} if page == 4 and is_empty else {})) for page in pages]
        )
        for number, (pages, is_empty) in enumerate(filings, 1)
    ]
    shuffled = random.sample(documents, len(documents))
    assert findings(*documents) == findings(*shuffled)


@settings(max_examples=50, deadline=None)
@given(PAGE_SETS, PAGE_SETS)
def test_every_page_that_came_is_in_a_copy_and_every_other_one_is_missing(first, second):
    documents = [
        document(number, [i765_page(page, name=None) for page in pages])
        for number, pages in enumerate((first, second), 1)
    ]
    for copy in case(*documents).copies:
        lacking = {one.form_page for one in findings(*documents) if one.form_copy == copy.id}
        assert lacking | copy.pages.keys() == set(range(1, 8))
        assert not lacking & copy.pages.keys()


def test_findings_have_one_order_and_no_double_identity():
    documents = [document(1, i765(signature=EMPTY, day=EMPTY)[:5]), document(2, [], outcome="locked")]
    expected = findings(*documents)
    assert len({one.identity("case") for one in expected}) == len(expected)
    assert all(findings(*order) == expected for order in permutations(documents))
