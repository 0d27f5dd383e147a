"""Copies of forms are handed out to people: each once, and what names somebody to nobody else."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.validator.checklists.matching import Seeker, hand_out
from tests.support.filing import case, document
from tests.support.packets import form
from wetink.contracts.case_record import Person

NAMES = ["Ana Lima", "Rui Costa", "Eva Rey"]
FORMS = ["I-864", "I-765"]
SEEKERS = st.builds(
    lambda name, forms: Seeker((forms,), name and Person(role="applicant", name=name)),
    st.sampled_from([*NAMES, None]),
    st.sampled_from(FORMS),
)


@st.composite
def copies(draw):
    """Copies of a case without people, each with a name or none."""
    drawn = draw(st.lists(st.tuples(st.sampled_from(FORMS), st.sampled_from([*NAMES, None])), max_size=4))
    pages = [form(name, person) for name, person in drawn]
    return case(document(1, pages)).copies if pages else ()


def name_on(copy):
    (page,) = list(copy.pages.values())[:1]
    return next((field.value for field in page.reading.fields), None)


@settings(deadline=None, max_examples=60)
@given(st.lists(SEEKERS, max_size=4), copies())
def test_each_copy_goes_to_one_who_seeks_its_form_and_never_to_another_than_it_names(seekers, copies):
    matches = hand_out(seekers, copies)
    given_out = [match.copy.id for match in matches if match]
    assert len(set(given_out)) == len(given_out)
    for seeker, match in zip(seekers, matches, strict=True):
        if match is None:
            continue
        assert match.copy.form in seeker.forms
        name = name_on(match.copy)
        others = {one.person.name for one in seekers if one.person and match.copy.form in one.forms}
        if seeker.person and name and name != seeker.person.name:
            assert not match.is_certain
            assert name not in others


@settings(deadline=None, max_examples=60)
@given(st.lists(SEEKERS, max_size=4), copies())
def test_nobody_goes_without_while_a_copy_names_them_or_nobody(seekers, copies):
    matches = hand_out(seekers, copies)
    taken = {match.copy.id for match in matches if match}
    for seeker, match in zip(seekers, matches, strict=True):
        if match is None:
            left = [copy for copy in copies if copy.id not in taken and copy.form in seeker.forms]
            names = {seeker.person.name if seeker.person else None, None}
            assert not [copy for copy in left if name_on(copy) in names]
