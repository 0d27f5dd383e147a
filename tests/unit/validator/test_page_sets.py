"""Whatever pages come in whatever documents: each is there, missing or repeated once, and order tells nothing."""

from collections import Counter
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.filing import case, document, findings, i765_page

EMPTY = {"ink": "absent"}
PEOPLE = [{"role": "applicant", "name": "Ana Lima"}, {"role": "child", "name": "Ben Okoro"}]
OTHER = "2024-01-01"

PAGE = st.builds(
    lambda number, name, edition, is_signed: i765_page(
        number, name=name, edition=edition, **({} if is_signed or number != 4 else {"signature": EMPTY})
    ),
    st.integers(1, 7),
    st.sampled_from(["Ana Lima", "Ben Okoro", "Carl Weber", None]),
    st.sampled_from(["2025-08-21", "2025-08-21", "2025-08-21", OTHER, None]),
    st.booleans(),
)
CASES = st.lists(st.lists(PAGE, min_size=1, max_size=9), min_size=1, max_size=4)
WHO = st.sampled_from([[], PEOPLE[:1], PEOPLE])


def documents_of(filings):
    return [document(number, pages) for number, pages in enumerate(filings, 1)]


@settings(max_examples=30, deadline=None)
@given(CASES, WHO, st.randoms())
def test_the_order_in_which_documents_are_told_changes_nothing(filings, people, random):
    documents = documents_of(filings)
    shuffled = random.sample(documents, len(documents))
    assert findings(*documents, people=people) == findings(*shuffled, people=people)


@settings(max_examples=30, deadline=None)
@given(CASES, WHO)
def test_no_two_findings_are_the_same_flag(filings, people):
    found = findings(*documents_of(filings), people=people)
    assert len({one.identity("case") for one in found}) == len(found)


@settings(max_examples=30, deadline=None)
@given(CASES, WHO)
def test_every_page_of_a_copy_is_there_or_told_missing_once_and_never_both(filings, people):
    documents = documents_of(filings)
    found = findings(*documents, people=people)
    misfiled = {one.document_id for one in found if one.code == "document_misfiled"}
    for copy in case(*documents, people=people).copies:
        missing = Counter(
            one.form_page for one in found if one.code == "page_missing" and one.form_copy == copy.id
        )
        stray = {page.form_page for page in (*copy.of_other_edition, *copy.of_other_person)}
        assert set(missing.values()) <= {1}
        assert not missing.keys() & (copy.pages.keys() | stray)
        is_told_otherwise = copy.is_unassigned or any(page.document.id in misfiled for page in copy.pages.values())
        unassigned = {one.form_page for one in found if one.code == "page_unassigned" and one.form_copy != copy.id}
        if not is_told_otherwise:
            assert missing.keys() | copy.pages.keys() | stray | unassigned >= set(range(1, 8))


@settings(max_examples=30, deadline=None)
@given(CASES, WHO)
def test_no_page_belongs_to_two_copies(filings, people):
    copies = case(*documents_of(filings), people=people).copies
    places = [page.place for copy in copies for page in copy.pages.values()]
    assert len(places) == len(set(places))


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(1, 8)), st.lists(st.integers(1, 6), max_size=6, unique=True), st.booleans())
def test_a_whole_form_lacks_nothing_however_its_pages_come(order, cuts, is_signed):
    pages = [
        i765_page(number, name=None, **({} if is_signed or number != 4 else {"signature": EMPTY}))
        for number in order
    ]
    ends = [0, *sorted(cuts), 7]
    parts = [pages[start:end] for start, end in pairwise(ends)]
    expected = [] if is_signed else ["signature_missing"]
    assert [one.code for one in findings(*documents_of(parts))] == expected


@settings(max_examples=25, deadline=None)
@given(st.sets(st.integers(1, 7), min_size=2, max_size=7), st.data())
def test_of_a_form_in_one_document_exactly_the_missing_and_the_repeated_pages_are_told(there, data):
    twice = data.draw(st.sampled_from(sorted(there)))
    place = data.draw(st.integers(0, len(there)))
    numbers = sorted(there)
    numbers.insert(place, twice)
    found = findings(document(1, [i765_page(number, name=None) for number in numbers]))
    told = {(one.code, one.form_page) for one in found}
    missing = {("page_missing", number) for number in range(1, 8) if number not in there}
    assert told == missing | {("page_duplicate", twice)}
