"""Who signs the Canadian forms that are dynamic PDFs, by the way they are filed."""

import pytest

from tests.support.filing import codes, document, findings, i765_page, letter, slot
from wetink.contracts.reading import FieldReading, PageText

EMPTY = {"ink": "absent", "picture": None}
TYPED = {"ink": "present", "mark": "typed", "picture": None}
DIGITAL = {"ink": "present", "mark": "digital", "picture": None}
DATED = TYPED | {"value": "2026-03-05", "value_status": "read"}
PARTIES = ("sponsor", "cosigner", "applicant")


def dynamic(form, edition, slots, fields=()):
    """A document that is such a form."""
    page = i765_page(1, name=None, fields=fields, form=form, edition=edition, form_page=None, form_pages=None)
    return document(1, [page.model_copy(update={"source": "xfa", "slots": slots})])


def places(part, party, signature, day):
    return [
        slot(kind, party, part, "", id=f"{part.lower()}.{party}.{kind}", **content).model_copy(
            update={"item": None}
        )
        for kind, content in (("signature", signature), ("date", day))
    ]


def imm1344(*, has_cosigner=False, **by_party):
    """An IMM 1344: party to what its signature and date hold, empty unless told."""
    slots = [one for party in PARTIES for one in places("Signatures", party, *by_party.get(party, (EMPTY, EMPTY)))]
    answer = FieldReading(purpose="cosigner.statement", is_filled=has_cosigner)
    return dynamic("IMM 1344", "2019-06", slots, [answer])


def imm5257(signature=EMPTY, day=EMPTY):
    return dynamic("IMM 5257", "2023-09", places("Signature", "applicant", signature, day))


def missing(*documents, **details):
    return sorted((one.code, one.party) for one in findings(*documents, **details))


def test_sponsor_and_principal_applicant_sign_and_date():
    assert missing(imm1344(), jurisdiction="CA") == [
        ("date_missing", "applicant"),
        ("date_missing", "sponsor"),
        ("signature_missing", "applicant"),
        ("signature_missing", "sponsor"),
    ]


def test_a_co_signer_signs_and_dates_where_the_form_says_that_there_is_one():
    found = findings(imm1344(has_cosigner=True), jurisdiction="CA")
    assert {(one.code, one.severity) for one in found if one.party == "cosigner"} == {
        ("signature_missing", "critical"),
        ("date_missing", "critical"),
    }


def test_a_flag_names_form_part_and_party_and_needs_no_picture():
    finding = next(
        one for one in findings(imm1344()) if one.code == "signature_missing" and one.party == "sponsor"
    )
    assert finding.title == "Sponsor's signature is missing (Form IMM 1344 06-2019, Signatures)"
    assert (finding.severity, finding.slot) == ("critical", "signatures.sponsor.signature")
    assert (finding.form_page, finding.document_page, finding.evidence) == (None, 1, None)
    assert "Immigration and Refugee Protection Regulations" in finding.rule.citation


def test_a_blank_date_is_critical_on_a_canadian_form_whatever_the_case_says():
    assert {one.severity for one in findings(imm5257()) if one.code == "date_missing"} == {"critical"}


@pytest.mark.parametrize("channel", ["online", "pr_portal"])
@pytest.mark.parametrize(("signature", "day"), [(EMPTY, EMPTY), (TYPED, DATED), (EMPTY, DATED), (DIGITAL, EMPTY)])
def test_what_is_signed_in_an_account_needs_nothing_on_the_form(channel, signature, day):
    assert codes(imm5257(signature, day), jurisdiction="CA", channel=channel) == []


@pytest.mark.parametrize("signature", [EMPTY, TYPED])
@pytest.mark.parametrize("channel", ["online", "pr_portal"])
def test_a_sponsorship_filed_in_the_portal_that_shows_no_signature_is_left_to_a_person(channel, signature):
    unsigned = imm1344(sponsor=(signature, EMPTY))
    found = findings(unsigned, jurisdiction="CA", channel=channel)
    assert [(one.code, one.severity) for one in found] == [("signature_unsure", "medium")] * 2
    assert all("portal" in one.found for one in found)


def test_a_sponsorship_signed_digitally_in_the_portal_is_signed():
    signed = imm1344(sponsor=(DIGITAL, EMPTY), applicant=(DIGITAL, DATED))
    assert codes(signed, jurisdiction="CA", channel="pr_portal") == []


def test_a_typed_name_is_no_signature_on_paper_and_the_rule_is_canadian():
    (finding,) = findings(imm5257(TYPED, DATED), jurisdiction="CA")
    assert finding.code == "signature_not_handwritten"
    assert "Regulations" in finding.rule.citation


def test_pages_of_a_print_out_that_only_its_text_names_are_told_once():
    pages = [letter() for _ in (1, 2)]
    texts = {
        number: PageText(number=number, outcome="read", form="IMM 5257", edition="2023-09", form_page=number)
        for number in (1, 2)
    }
    printed = document(1, pages, texts=texts, texts_awaited=frozenset({1, 2}))
    assert codes(printed, jurisdiction="CA") == ["edition_unknown"]
