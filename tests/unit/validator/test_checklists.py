"""What belongs to each filing: there or missing, for whom, and where nobody can tell."""

from typing import get_args

import pytest

from services.validator.requirements.checklist import shipped_checklists
from tests.support.packets import missing, packet, states
from wetink.contracts.case_record import Filing

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
