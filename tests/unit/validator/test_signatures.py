"""Who signs, when, and what is said when nobody did."""

import pytest

from services.validator.case_view import Days
from services.validator.judge import judge
from services.validator.requirements import Requirements
from services.validator.requirements.policy import shipped_policies
from services.validator.requirements.schema import FormRequirements, Requirement
from services.validator.verdicts import Context, verdict_of
from services.validator.view import build_case_view
from tests.support.filing import TODAY, codes, document, findings, i765, i765_page, signed, slot
from wetink.contracts.case_record import CaseDetails
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


def denied(interpreter, statements=("english.statement",), **content):
    """An I-765 whose applicant reads English, with an interpreter's page that holds this."""
    pages = i765(fields=[filled(purpose) for purpose in statements])
    pages[4] = i765_page(5, fields=[filled("interpreter.name", is_filled=interpreter)], **content)
    return document(1, pages)


@pytest.mark.parametrize(
    ("interpreter", "content"),
    [
        (True, {}),
        (True, {"signature": signed(), "day": signed()}),
        (None, {"signature": signed(), "day": signed()}),
    ],
)
def test_the_part_of_an_interpreter_whom_a_statement_denies_is_a_contradiction_alone(interpreter, content):
    assert codes(denied(interpreter, **content)) == ["declaration_contradiction"]
    assert codes(denied(interpreter, ("english.statement", "interpreter.statement"), **content)) == [
        "declaration_contradiction"
    ]


@pytest.mark.parametrize("interpreter", [False, None])
def test_an_interpreters_part_that_is_denied_and_empty_is_right(interpreter):
    assert codes(denied(interpreter)) == []


def test_who_reads_english_may_have_a_preparer():
    pages = i765(fields=[filled("english.statement")])
    pages[5] = i765_page(6, fields=[filled("preparer.name")], signature=signed(), day=signed())
    assert codes(document(1, pages)) == []


def note(is_listed, **content):
    """A form that is signed at a note exactly when nobody is listed, as the family forms of IRCC are."""
    place = {
        "signature": "part-3.item-7.a.signature",
        "date": "part-3.item-7.b.date",
        "need": "required",
        "denied_by": ["spouse.name"],
        "reason": "who lists no spouse certifies that there is none",
    }
    source = {"citation": "The fictional rule book", "as_of": "2026-01-01", "confidence": "belief"}
    file = FormRequirements.model_validate({"form": "I-765", "source": source, "places": [place]})
    form = document(1, i765(fields=[filled("spouse.name", is_filled=is_listed)], **content))
    view = build_case_view(CaseDetails(reference="R-1"), [form], Requirements([file]), is_settled=True)
    return sorted(one.code for one in judge(view, Days(TODAY, {"doc-1": TODAY})))


NOT_SIGNED = {"signature": EMPTY, "day": EMPTY}


def test_a_note_that_nobody_is_listed_is_signed_when_nobody_is():
    assert note(is_listed=False) == []
    assert note(is_listed=False, **NOT_SIGNED) == ["date_missing", "signature_missing"]


def test_a_note_that_nobody_is_listed_is_not_signed_when_somebody_is():
    assert note(is_listed=True, **NOT_SIGNED) == []
    assert note(is_listed=True) == ["declaration_contradiction"]


def test_a_note_is_left_to_a_person_when_the_list_cannot_be_told():
    assert note(is_listed=None, **NOT_SIGNED) == ["date_unsure", "signature_unsure"]
    assert note(is_listed=None) == []


@pytest.mark.parametrize(("form", "jurisdiction"), [("I-765", "US"), ("IMM 9999", "CA")])
@pytest.mark.parametrize("channel", ["paper", "online", "pr_portal"])
@pytest.mark.parametrize("mark", ["handwritten", "typed", "stamped", "pasted", "digital"])
def test_which_marks_count_depends_on_the_way_of_filing(form, jurisdiction, channel, mark):
    page = i765_page(4, signature=signed(mark=mark), name=None, form=form, form_page=1, form_pages=1)
    valid = {"handwritten"} if channel == "paper" else {"handwritten", "digital"}
    found = codes(document(1, [page]), jurisdiction=jurisdiction, channel=channel)
    assert found == ([] if mark in valid else ["signature_not_handwritten"])


def test_a_form_may_want_another_kind_of_mark_than_the_agency_does():
    required = Requirement(
        signature="s",
        need="required",
        valid_marks={"pr_portal": {"handwritten"}},
        reason="so",
        source=shipped_policies()["CA"].valid_marks.source,
    )
    place = slot("signature", "applicant", "1", "1", **signed(mark="digital"))
    for channel, verdict in (("pr_portal", "invalid"), ("online", "signed"), ("paper", "invalid")):
        details = CaseDetails(reference="R-1", jurisdiction="CA", channel=channel)
        assert verdict_of(place, None, required, Context({}, details, shipped_policies()["CA"])) == verdict


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
    later = slot(
        "signature", "applicant", "13", "x", id="part-13.applicant.signature", is_for_official=True, **signature
    )
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
