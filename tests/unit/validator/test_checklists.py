"""What belongs to each filing: there or missing, for whom, and where nobody can tell."""

from datetime import date
from typing import get_args

import pytest

from services.validator.checklists.comparing import checklist_of
from services.validator.requirements import requirements_with, shipped_requirements
from services.validator.requirements.checklist import Checklist, shipped_checklists
from services.validator.requirements.files import RequirementsFileError, read_rules_file
from services.validator.requirements.lint import remarks
from tests.support.filing import TODAY, case, document, findings, unread_page
from tests.support.packets import category, form, packet, papers
from wetink.contracts.case_record import Filing
from wetink.contracts.reading import FieldReading

COUPLE = [{"role": "petitioner", "name": "Rui Costa"}, {"role": "spouse", "name": "Ana Lima"}]
CANADIANS = [{"role": "sponsor", "name": "Rui Costa"}, {"role": "applicant", "name": "Ana Lima"}]
ABROAD = [{"role": "applicant", "name": "Ana Lima", "lives_abroad": True, "birth_date": "1990-05-01"}]
COMPLETE = {
    "family_adjustment": (["I-130", "I-130A", "I-485", "I-864"], COUPLE),
    "i130_alone": (["I-130", "I-130A"], COUPLE),
    "work_permit": (["I-765"], []),
    "asylum": (["I-589"], []),
    "naturalisation": (["N-400"], []),
    "tps": (["I-821"], []),
    "green_card_renewal": (["I-90"], []),
    "fee_waiver": (["I-912", "N-400"], []),
    "ircc_spousal": (["IMM 1344", "IMM 5532", "IMM 0008", "IMM 5669", "IMM 5406"], CANADIANS),
    "ircc_work_permit": (["IMM 1295", "IMM 5707"], ABROAD),
    "ircc_study_permit": (["IMM 1294", "IMM 5645"], ABROAD),
    "ircc_visitor": (["IMM 5257", "IMM 5707"], ABROAD),
}
"""For each filing the forms of a packet that lacks nothing, and its people."""


def missing(*documents, **details):
    return [one for one in findings(*documents, **details) if one.code == "form_missing"]


def subjects(*documents, **details):
    return sorted(one.subject for one in missing(*documents, **details))


def lines(*documents, **details):
    return {line.id: line for line in checklist_of(case(*documents, **details), TODAY)}


def states(*documents, **details):
    return {name: line.state for name, line in lines(*documents, **details).items()}


def test_every_filing_has_a_checklist():
    assert shipped_checklists().keys() == set(get_args(Filing)) == COMPLETE.keys()


def test_every_line_says_where_it_is_written():
    for checklist in shipped_checklists().values():
        for line in checklist.lines:
            assert line.source.url
            assert line.source.confidence != "unconfirmed"
            if line.source.confidence == "belief":
                assert line.need == "advised"


@pytest.mark.parametrize("filing", COMPLETE)
def test_a_complete_packet_lacks_nothing(filing):
    forms, people = COMPLETE[filing]
    assert missing(*packet(*forms), filing=filing, people=people) == []


@pytest.mark.parametrize(
    ("filing", "name"), [(filing, name) for filing in COMPLETE for name in COMPLETE[filing][0]]
)
def test_each_form_that_is_taken_out_is_missing(filing, name):
    forms, people = COMPLETE[filing]
    documents = packet("G-1145", *[one for one in forms if one != name])
    (finding,) = missing(*documents, filing=filing, people=people)
    assert finding.form == name or (filing, name) in {
        ("fee_waiver", "N-400"),
        ("ircc_study_permit", "IMM 5645"),
    }
    assert finding.subject
    assert finding.rule.citation


def test_without_a_filing_nothing_is_missing():
    assert missing(*packet("G-1145")) == []
    assert states(*packet("G-1145")) == {}


def test_what_is_missing_is_not_told_while_more_is_expected():
    assert missing(*packet("I-130"), filing="family_adjustment", is_settled=False) == []


def test_a_finding_names_form_person_and_what_to_do():
    finding = missing(*packet("I-130", "I-130A", "I-485"), filing="family_adjustment", people=COUPLE)[0]
    assert (finding.form, finding.party, finding.subject) == ("I-864", "petitioner", "I-864 petitioner")
    assert finding.title == "Form I-864 or I-864EZ of the petitioner is missing"
    assert (finding.form_copy, finding.document_id) == (None, None)
    assert finding.severity == "high"
    assert finding.expected == (
        "Form I-864 or I-864EZ of the petitioner. It is needed: the petitioner undertakes to support the "
        "applicant, unless the Form I-485 asks for an exemption."
    )
    assert finding.found == (
        "It is not among the documents of the case. If it is filed separately, dismiss this flag."
    )
    assert (finding.rule.id, finding.rule.url) == (
        "checklist",
        "https://www.ecfr.gov/current/title-8/section-213a.2",
    )


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
    found = states(*packet(*COMPLETE["ircc_spousal"][0]), filing="ircc_spousal", people=people)
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


@pytest.mark.parametrize("changes", [{"edition": None}, {"is_learned": False, "form_pages": None}])
def test_a_form_of_unknown_edition_is_there(changes):
    assert missing(document(1, [form("N-400", **changes)]), filing="naturalisation") == []


def test_a_form_of_which_a_page_cannot_be_read_is_there():
    pages = [form("N-400", form_pages=2), unread_page()]
    assert missing(document(1, pages), filing="naturalisation") == []


@pytest.mark.parametrize("outcome", ["locked", "unreadable", "hostile"])
def test_a_form_may_be_in_a_document_that_cannot_be_read(outcome):
    closed = document(2, [], outcome=outcome)
    assert missing(*packet("I-130"), closed, filing="naturalisation") == []
    assert states(*packet("I-130"), closed, filing="naturalisation")["N-400 applicant"] == "unsure"
    assert missing(*packet("I-130"), document(2, [unread_page()]), filing="naturalisation") == []
    assert (
        missing(*packet("I-130"), document(2, [form("I-765")], outcome="partial"), filing="naturalisation") == []
    )


def test_one_unread_page_among_others_hides_no_form():
    documents = [document(1, [form("I-130"), unread_page(), form("I-765")])]
    assert subjects(*documents, filing="naturalisation") == ["N-400 applicant"]


def test_a_canadian_form_may_be_a_form_whose_small_print_could_not_be_read():
    nameless = papers(2, {"kind": "form"})
    assert missing(*packet("IMM 5707"), nameless, filing="ircc_visitor") == []
    assert subjects(*packet("I-130"), nameless, filing="naturalisation") == ["N-400 applicant"]
    a_letter = papers(2, {"kind": "letter"})
    assert "IMM 5257 applicant" in subjects(*packet("IMM 5707"), a_letter, filing="ircc_visitor")


FAMILY = packet("I-130", "I-130A", "I-485", "I-864")


def test_a_paper_satisfies_its_line_and_says_where_it_was_seen():
    both = papers(
        2, {"kind": "marriage_certificate"}, {"kind": "birth_certificate"}, {"kind": "birth_certificate"}
    )
    found = lines(*FAMILY, both, filing="family_adjustment", people=COUPLE)
    assert found["birth_certificate beneficiary"].state == "present"
    (seen,) = found["birth_certificate beneficiary"].seen
    assert (seen.document_id, seen.pages) == ("doc-2", [2, 3])
    assert missing(*FAMILY, both, filing="family_adjustment", people=COUPLE) == []


def test_a_paper_is_missed_among_other_papers():
    wedding = papers(2, {"kind": "marriage_certificate"})
    (finding,) = missing(*FAMILY, wedding, filing="family_adjustment", people=COUPLE)
    assert (finding.subject, finding.severity, finding.form) == ("birth_certificate beneficiary", "medium", None)


def test_where_no_papers_are_filed_none_is_flagged_but_the_checklist_says_so():
    found = lines(*FAMILY, filing="family_adjustment", people=COUPLE)
    assert (found["birth_certificate beneficiary"].state, found["birth_certificate beneficiary"].severity) == (
        "missing",
        None,
    )
    assert missing(*FAMILY, filing="family_adjustment", people=COUPLE) == []


@pytest.mark.parametrize("unknown", [{"kind": None}, {"kind": "evidence"}, {"outcome": "unreadable"}])
def test_a_paper_that_could_not_be_told_may_be_the_one_that_is_missed(unknown):
    mixed = papers(2, {"kind": "marriage_certificate"}, unknown)
    assert missing(*FAMILY, mixed, filing="family_adjustment", people=COUPLE) == []
    found = states(*FAMILY, mixed, filing="family_adjustment", people=COUPLE)
    assert found["birth_certificate beneficiary"] == "unsure"


def test_what_is_only_advised_is_never_flagged():
    found = lines(*packet("N-400"), papers(2, {"kind": "letter"}), filing="tps")
    assert (found["I-765 applicant"].state, found["I-765 applicant"].severity) == ("unsure", None)


GOOD = """filing: asylum
source:
  citation: The fictional rule book
  as_of: 2026-01-01
  confidence: belief
lines:
  - forms: [Z-9]
    whose: [applicant]
    severity: high
    reason: the applicant applies on it
"""


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        ("filing: asylum", "filing: holiday", 1),
        ("severity: high", "severity: huge", 9),
        ("  - forms: [Z-9]\n    whose", "  - whose", 7),
        ("  - forms: [Z-9]", "  - forms: [Z-9]\n    papers: [passport]", 7),
        ("whose: [applicant]", "whose: [dog]", 8),
        ("whose: [applicant]", "for_each: [child]\n    whose: [applicant]", 7),
        ("forms: [Z-9]\n    whose: [applicant]", "papers: [passport]\n    for_each: [child]", 7),
    ],
)
def test_a_wrong_file_says_in_which_line(tmp_path, right, wrong, line):
    path = tmp_path / "list.yaml"
    path.write_text(GOOD)
    assert read_rules_file(path, Checklist).lines[0].source.confidence == "belief"
    path.write_text(GOOD.replace(right, wrong))
    with pytest.raises(RequirementsFileError, match=rf"list\.yaml, line {line}\b"):
        read_rules_file(path, Checklist)


def test_a_firms_own_checklist_takes_the_place_of_ours(tmp_path):
    (tmp_path / "checklists").mkdir()
    (tmp_path / "checklists" / "asylum.yaml").write_text(GOOD)
    requirements = requirements_with(tmp_path)
    assert [line.forms for line in requirements.checklists["asylum"].lines] == [("Z-9",)]
    assert requirements.checklists["tps"] == shipped_checklists()["tps"]


def test_a_stale_source_of_a_checklist_is_remarked():
    def stale(day):
        return {one.form for one in remarks(shipped_requirements(), (), day) if one.code == "source_stale"}

    assert "checklist asylum" in stale(date(2028, 1, 1))
    assert not [form for form in stale(date(2027, 1, 1)) if form.startswith("checklist")]
