"""For whom a form is needed, and under which facts of the case; which copy is whose."""

import pytest

from tests.support.filing import document
from tests.support.packets import category, form, lines, missing, packet, states, subjects
from wetink.contracts.reading import FieldReading

COUPLE = [{"role": "petitioner", "name": "Rui Costa"}, {"role": "spouse", "name": "Ana Lima"}]
CANADIANS = [{"role": "sponsor", "name": "Rui Costa"}, {"role": "applicant", "name": "Ana Lima"}]
FORMS = ["IMM 1344", "IMM 5532", "IMM 0008", "IMM 5669", "IMM 5406"]


def test_a_person_recorded_later_under_another_role_is_the_same_line():
    before = subjects(*packet("I-130"), filing="family_adjustment")
    people = [{"role": "petitioner"}, {"role": "applicant"}]
    assert subjects(*packet("I-130"), filing="family_adjustment", people=people) == before


def test_another_form_may_stand_in_its_place():
    packet_ez = packet("I-130", "I-130A", "I-485", "I-864EZ")
    assert missing(*packet_ez, filing="family_adjustment", people=COUPLE) == []


def test_a_spouse_needs_the_supplement_and_a_parent_does_not():
    mother = [{"role": "petitioner"}, {"role": "mother"}]
    assert subjects(*packet("I-130"), filing="i130_alone", people=COUPLE) == ["I-130A spouse"]
    assert subjects(*packet("I-130"), filing="i130_alone", people=mother) == []
    assert states(*packet("I-130"), filing="i130_alone", people=mother)["I-130A spouse"] == "not_required"


@pytest.mark.parametrize("people", [[], [{"role": "petitioner"}, {"role": "beneficiary"}]])
def test_whether_a_beneficiary_is_the_spouse_is_not_guessed(people):
    assert subjects(*packet("I-130"), filing="i130_alone", people=people) == []
    assert states(*packet("I-130"), filing="i130_alone", people=people)["I-130A spouse"] == "unsure"


def test_the_supplement_is_needed_of_a_spouse_abroad_too():
    people = [{"role": "petitioner"}, {"role": "spouse", "lives_abroad": True}]
    assert subjects(*packet("I-130"), filing="i130_alone", people=people) == ["I-130A spouse"]


def i765(*boxes):
    return document(1, [form("I-765", fields=category(*boxes))])


@pytest.mark.parametrize("boxes", [("c", "33", ""), ("C", "33", ""), ("(c)", "(33)", ""), ("c33", "", "")])
def test_deferred_action_needs_the_worksheet(boxes):
    assert subjects(i765(*boxes), filing="work_permit") == ["I-765WS applicant"]
    both = [*packet("I-765WS"), document(2, i765(*boxes).pages.values())]
    assert subjects(*both, filing="work_permit") == []


def test_the_worksheet_is_needed_for_another_deferred_action():
    assert subjects(i765("c", "14", ""), filing="work_permit") == ["I-765WS applicant"]


@pytest.mark.parametrize("boxes", [("c", "9", ""), ("a", "12", ""), ("c", "3", "C"), ("c", "3", "3")])
def test_other_categories_need_no_worksheet(boxes):
    found = states(i765(*boxes), filing="work_permit")
    assert found["I-765WS applicant"] == ("missing" if boxes == ("c", "3", "3") else "not_required")


@pytest.mark.parametrize("boxes", [(), ("", "", ""), ("c", None, ""), (None, None, None)])
def test_a_category_that_cannot_be_read_is_no_ground_for_a_flag(boxes):
    assert subjects(i765(*boxes), filing="work_permit") == []
    assert states(i765(*boxes), filing="work_permit")["I-765WS applicant"] == "unsure"


@pytest.mark.parametrize(
    ("boxes", "state"),
    [([False, True], "not_required"), ([False, False], "missing"), ([], "missing"), ([False, None], "unsure")],
)
def test_an_applicant_who_asks_for_an_exemption_needs_no_affidavit(boxes, state):
    fields = [FieldReading(purpose="support.exemption", is_filled=box) for box in boxes]
    documents = [document(1, [form("I-130"), form("I-130A"), form("I-485", fields=fields)])]
    assert states(*documents, filing="family_adjustment", people=COUPLE)["I-864 petitioner"] == state


def ticked(purpose, value):
    return [FieldReading(purpose=purpose, is_filled=value)]


@pytest.mark.parametrize(("value", "state"), [(True, "missing"), (False, "not_required"), (None, "unsure")])
def test_a_form_that_says_that_an_attorney_appears_needs_the_attorneys_form(value, state):
    applicant = [{"role": "applicant"}]
    documents = [document(1, [form("N-400", fields=ticked("g-28.attached", value))])]
    assert states(*documents, filing="naturalisation", people=applicant)["G-28 attorney"] == state
    with_it = document(2, [form("G-28")])
    assert subjects(*documents, with_it, filing="naturalisation", people=applicant) == []


@pytest.mark.parametrize(("value", "expected"), [(True, ["I-864A sponsor"]), (False, []), (None, [])])
def test_household_members_of_whom_the_affidavit_speaks_need_their_form(value, expected):
    affidavit = form("I-864", fields=ticked("i-864a.attached", value))
    documents = [document(1, [form("I-130"), form("I-130A"), form("I-485"), affidavit])]
    assert subjects(*documents, filing="family_adjustment", people=COUPLE) == expected


def test_each_joint_sponsor_needs_an_affidavit_of_their_own():
    people = [*COUPLE, {"role": "joint_sponsor", "name": "Eva Rey"}, {"role": "joint_sponsor", "name": "Max Roy"}]
    forms = [form("I-130"), form("I-130A"), form("I-485"), form("I-864", "Rui Costa")]
    assert subjects(document(1, forms), filing="family_adjustment", people=people) == [
        "I-864 joint_sponsor-1",
        "I-864 joint_sponsor-2",
    ]
    of_max = document(2, [form("I-864", "Max Roy")])
    assert subjects(document(1, forms), of_max, filing="family_adjustment", people=people) == [
        "I-864 joint_sponsor-1"
    ]
    of_eva = document(3, [form("I-864", "Eva Maria Rey")])
    assert subjects(document(1, forms), of_max, of_eva, filing="family_adjustment", people=people) == []


def test_grown_children_declare_for_themselves():
    people = [
        *CANADIANS,
        {"role": "child", "name": "Leo Lima", "birth_date": "2008-03-10"},
        {"role": "child", "name": "Bia Lima", "birth_date": "2008-03-11"},
        {"role": "child", "name": "Gil Lima"},
    ]
    found = states(*packet(*FORMS), filing="ircc_spousal", people=people)
    assert [found[f"IMM 5669 child-{number}"] for number in (1, 2, 3)] == ["missing", "not_required", "unsure"]


def test_forms_without_names_that_may_be_two_peoples_are_not_missing():
    people = [*CANADIANS, {"role": "child", "name": "Leo Lima", "birth_date": "2000-01-01"}]
    two = [document(number, [form("IMM 5669"), form("IMM 5406")]) for number in (2, 3)]
    whole = [*packet("IMM 1344", "IMM 5532", "IMM 0008"), *two]
    assert missing(*whole, filing="ircc_spousal", people=people) == []


def test_a_form_with_a_strange_name_is_left_to_people():
    documents = [document(1, [form("N-400", "Otto Kern")])]
    found = lines(*documents, filing="naturalisation", people=[{"role": "applicant", "name": "Ana Lima"}])
    assert (found["N-400 applicant"].state, found["N-400 applicant"].severity) == ("unsure", None)
    assert found["N-400 applicant"].seen[0].document_id == "doc-1"


def test_a_second_copy_of_one_person_is_not_the_other_persons():
    people = [*COUPLE, {"role": "joint_sponsor", "name": "Eva Rey"}]
    twice = document(1, [form("I-864", "Rui Costa"), form("I-864", "Rui Costa")])
    found = subjects(*packet("I-130", "I-130A", "I-485"), twice, filing="family_adjustment", people=people)
    assert found == ["I-864 joint_sponsor-1"]


def test_a_form_that_names_somebody_else_of_the_case_is_left_to_people():
    about_ana = document(1, [form("I-130"), form("I-130A"), form("I-485", "Ana Lima"), form("I-864", "Ana Lima")])
    assert missing(about_ana, filing="family_adjustment", people=COUPLE) == []
    assert states(about_ana, filing="family_adjustment", people=COUPLE)["I-864 petitioner"] == "unsure"


def test_in_the_portal_some_forms_are_no_files():
    online = packet("IMM 1344", "IMM 5532")
    assert missing(*online, filing="ircc_spousal", channel="pr_portal", people=CANADIANS) == []
    assert len(missing(*online, filing="ircc_spousal", people=CANADIANS)) == 3


def test_an_attorney_appears_by_form_when_filing_on_paper():
    people = [{"role": "applicant"}, {"role": "attorney"}]
    assert subjects(*packet("N-400"), filing="naturalisation", people=people) == ["G-28 attorney"]
    assert subjects(*packet("N-400"), filing="naturalisation", people=people[:1]) == []
    assert subjects(*packet("N-400"), filing="naturalisation", people=people, channel="online") == []
    assert subjects(*packet("N-400", "G-28"), filing="naturalisation", people=people) == []
