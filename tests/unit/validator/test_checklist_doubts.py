"""What could not be read may be what is missed; papers are missed among papers alone."""

import pytest

from tests.support.filing import document, unread_page
from tests.support.packets import form, lines, missing, packet, papers, states, subjects

COUPLE = [{"role": "petitioner", "name": "Rui Costa"}, {"role": "spouse", "name": "Ana Lima"}]


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


@pytest.mark.parametrize("kind", ["letter", "photo", "translation_certificate"])
def test_a_covering_letter_is_no_sign_that_evidence_is_kept_here(kind):
    assert missing(*FAMILY, papers(2, {"kind": kind}), filing="family_adjustment", people=COUPLE) == []


@pytest.mark.parametrize("unknown", [{"kind": None}, {"kind": "evidence"}, {"outcome": "unreadable"}])
def test_a_paper_that_could_not_be_told_may_be_the_one_that_is_missed(unknown):
    mixed = papers(2, {"kind": "marriage_certificate"}, unknown)
    assert missing(*FAMILY, mixed, filing="family_adjustment", people=COUPLE) == []
    found = states(*FAMILY, mixed, filing="family_adjustment", people=COUPLE)
    assert found["birth_certificate beneficiary"] == "unsure"


def test_what_is_only_advised_is_never_flagged():
    found = lines(*packet("N-400"), papers(2, {"kind": "letter"}), filing="tps")
    assert (found["I-765 applicant"].state, found["I-765 applicant"].severity) == ("unsure", None)
