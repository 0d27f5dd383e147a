"""Who signs, when, and what is said when nobody did."""

import pytest

from tests.support.filing import codes, document, findings, i765, i765_page, signed, slot
from wetink.contracts.reading import FieldReading

EMPTY = {"ink": "absent"}


def filled(purpose, is_filled=True):
    return FieldReading(purpose=purpose, is_filled=is_filled)


def with_part(page, *fields, **content):
    """An I-765 whose page `page` holds `content` and `fields`."""
    pages = i765()
    pages[page - 1] = i765_page(page, fields=fields, **content)
    return document(1, pages)


def test_a_signed_and_dated_form_has_no_findings():
    assert findings(document(1, i765())) == []


def test_an_empty_signature_is_named_by_form_page_part_and_item():
    (finding,) = findings(document(1, i765(signature=EMPTY)))
    assert finding.title == "Applicant's signature is missing (Form I-765 08/21/25, page 4, Part 3, Item 7.a)"
    assert (finding.code, finding.severity, finding.slot) == (
        "signature_missing",
        "critical",
        "part-3.item-7.a.signature",
    )
    assert (finding.form_copy, finding.document_id, finding.document_page) == ("I-765-1", "doc-1", 4)
    assert finding.evidence == "documents/doc/slot-3-signature"
    assert finding.rule.citation
    assert finding.rule.url


def test_an_empty_signature_beside_an_empty_date_gives_both_flags():
    assert codes(document(1, i765(signature=EMPTY, day=EMPTY))) == ["date_missing", "signature_missing"]


def test_a_short_mark_of_low_confidence_counts_as_signed():
    assert codes(document(1, i765(signature=signed(confidence=0.51)))) == []


@pytest.mark.parametrize("reading", [{"ink": "unsure", "reason": "page_blurred"}, signed(mark="unsure")])
def test_what_cannot_be_told_goes_to_a_person(reading):
    assert codes(document(1, i765(signature=reading))) == ["signature_unsure"]


@pytest.mark.parametrize("mark", ["typed", "stamped", "pasted", "digital"])
def test_a_mark_that_is_no_ink_is_not_handwritten_instead_of_missing(mark):
    assert codes(document(1, i765(signature=signed(mark=mark)))) == ["signature_not_handwritten"]


def test_a_digital_signature_counts_where_the_filing_is_online():
    assert codes(document(1, i765(signature=signed(mark="digital"))), channel="online") == []


@pytest.mark.parametrize("page", [5, 6])
def test_the_part_of_a_helper_that_was_not_used_needs_nothing(page):
    helper = "interpreter" if page == 5 else "preparer"
    assert codes(with_part(page, filled(f"{helper}.name", is_filled=False))) == []


@pytest.mark.parametrize("page", [5, 6])
def test_a_helper_who_is_named_signs_and_dates(page):
    helper = "interpreter" if page == 5 else "preparer"
    found = findings(with_part(page, filled(f"{helper}.name")))
    assert [finding.code for finding in found] == ["signature_missing", "date_missing"]
    assert {finding.severity for finding in found} == {"high"}


def test_a_name_box_that_cannot_be_told_is_no_evidence_that_the_part_was_used():
    assert codes(with_part(5, filled("interpreter.name", is_filled=None))) == []
    assert codes(with_part(5, filled("interpreter.name", is_filled=None), signature={"ink": "unsure"})) == []


def test_a_dated_part_without_a_name_that_can_be_told_needs_a_look():
    used = with_part(5, filled("interpreter.name", is_filled=None), day=signed())
    assert codes(used) == ["signature_unsure"]


def test_a_signed_helper_without_a_date_lacks_the_date():
    assert codes(with_part(6, filled("preparer.name", is_filled=None), signature=signed())) == ["date_missing"]


def test_a_statement_that_names_a_helper_whose_part_is_empty_is_a_contradiction():
    pages = i765(fields=[filled("interpreter.statement")])
    pages[4] = i765_page(5, fields=[filled("interpreter.name", is_filled=False)])
    assert codes(document(1, pages)) == ["declaration_contradiction"]


def test_a_statement_that_names_a_helper_who_signed_is_none():
    pages = i765(fields=[filled("interpreter.statement")])
    pages[4] = i765_page(5, fields=[filled("interpreter.name")], signature=signed(), day=signed())
    assert codes(document(1, pages)) == []


def test_a_statement_makes_the_part_used_when_its_name_box_cannot_be_told():
    pages = i765(fields=[filled("preparer.statement")])
    pages[5] = i765_page(6, fields=[filled("preparer.name", is_filled=None)])
    assert codes(document(1, pages)) == ["date_missing", "signature_missing"]


def one_page(form, edition, page, *slots):
    """A document with one page of a form, which has that page alone."""
    return document(
        1,
        [i765_page(1, name=None, form=form, edition=edition, form_page=page, form_pages=None, slots=list(slots))],
    )


def i130a(**signature):
    slots = (
        slot("signature", "spouse", "4", "6.a", **signature),
        slot("date", "spouse", "4", "6.b", **signature),
    )
    return one_page("I-130A", "2024-04-01", 3, *slots)


def test_a_spouse_in_the_country_signs_the_i_130a():
    assert codes(i130a()) == ["date_missing", "signature_missing"]


def test_a_spouse_abroad_need_not_sign_the_i_130a():
    assert codes(i130a(), people=[{"role": "spouse", "lives_abroad": True}]) == []


def test_another_person_abroad_frees_nobody():
    people = [{"role": "child", "lives_abroad": True}, {"role": "spouse", "lives_abroad": False}]
    assert codes(i130a(), people=people) == ["date_missing", "signature_missing"]


def interview(**signature):
    later = slot("signature", "applicant", "13", "x", id="part-13.applicant.signature", **signature)
    return one_page("I-485", "2025-01-20", 23, later)


def test_a_part_that_is_signed_at_the_interview_must_be_empty_before():
    assert codes(interview(**signed())) == ["signature_must_be_empty"]


@pytest.mark.parametrize("ink", ["absent", "unsure"])
def test_a_part_for_the_interview_that_is_empty_or_nearly_so_is_no_finding(ink):
    assert codes(interview(ink=ink)) == []


def test_a_form_without_requirements_asks_for_a_signature_by_its_party():
    slots = (
        slot("signature", "client", "1", "1", pair="part-1.item-1.date"),
        slot("date", "client", "1", "1", pair="part-1.item-1.signature"),
        slot("signature", "interpreter", "2", "1"),
        slot("signature", "officer", "3", "1", **signed()),
    )
    found = findings(one_page("Z-9", "2026-01-01", 1, *slots))
    assert [finding.code for finding in found] == ["signature_missing", "date_missing", "signature_must_be_empty"]
    assert "default" in found[0].rule.citation


def test_a_missing_date_is_critical_in_canada_and_high_in_the_united_states():
    undated = document(1, i765(day=EMPTY))
    assert [one.severity for one in findings(undated)] == ["high"]
    assert [one.severity for one in findings(undated, jurisdiction="CA")] == ["critical"]


def test_a_date_that_cannot_be_told_needs_a_look_and_a_typed_one_does_not():
    assert codes(document(1, i765(day={"ink": "unsure"}))) == ["date_unsure"]
    assert codes(document(1, i765(day=signed(mark="typed")))) == []


def test_a_finding_carries_the_due_date_of_the_case():
    (finding,) = findings(document(1, i765(signature=EMPTY)), due_on="2026-04-01")
    assert str(finding.due_on) == "2026-04-01"
