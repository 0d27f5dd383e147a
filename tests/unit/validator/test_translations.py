"""Papers in a foreign language and the translator's certificates that belong to them."""

import pytest

from tests.support.filing import document, findings, unread_page
from tests.support.packets import form, papers

WHOLE = ["complete_and_accurate", "competent", "name", "contact", "date", "signature"]
SPANISH = {"language": "es", "kind": "birth_certificate"}
WEDDING = {"language": "es", "kind": "marriage_certificate"}
TRANSLATION = {"language": "en", "kind": "birth_certificate"}
LINE = {"label": "Signature", "box_px": (0, 0, 9, 9)}


def certificate(*without, ink="present", **changed):
    states = [statement for statement in WHOLE if statement not in without]
    to_sign = [{**LINE, "ink": ink}] if ink else []
    said = {"language": "en", "kind": "translation_certificate", "states": states, "lines_to_sign": to_sign}
    return said | changed


def told(*documents, **details):
    return [one for one in findings(*documents, **details) if one.code == "translation_certificate_missing"]


def places(*documents, **details):
    return [(one.document_id, one.document_page) for one in told(*documents, **details)]


def test_a_foreign_paper_without_a_certificate_is_told_where_it_begins():
    (finding,) = told(papers(1, TRANSLATION, SPANISH, SPANISH))
    assert (finding.document_id, finding.document_page, finding.form_copy) == ("doc-1", 2, "doc-1-2")
    assert finding.title == "Birth certificate in Spanish: the translator's certificate is missing"
    assert (finding.severity, finding.form) == ("medium", None)
    assert finding.expected == (
        "An English translation with the translator's certificate: the statement that it is complete and "
        "accurate, the statement that the translator is competent, the translator's printed name, the "
        "translator's address or telephone, the date, the translator's signature."
    )
    assert finding.found == "No translator's certificate was found beside it or elsewhere in the case."
    assert "103.2(b)(3)" in finding.rule.citation


@pytest.mark.parametrize(
    "pages",
    [
        (SPANISH, TRANSLATION, certificate()),
        (SPANISH, certificate(kind="birth_certificate")),
        (certificate(), SPANISH),
        (SPANISH, WEDDING, certificate()),
    ],
)
def test_a_complete_certificate_in_the_same_document_is_enough(pages):
    assert told(papers(1, *pages)) == []


def test_a_certificate_over_two_pages_is_one():
    halves = [
        certificate("date", "signature", "name", "contact", ink=None),
        certificate("complete_and_accurate", "competent", kind="letter"),
    ]
    assert told(papers(1, SPANISH, *halves)) == []


def test_a_complete_certificate_in_a_document_of_its_own_is_enough():
    assert told(papers(1, SPANISH), papers(2, TRANSLATION, certificate())) == []


def test_a_certificate_that_belongs_to_another_paper_is_not():
    assert places(papers(1, SPANISH, certificate()), papers(2, WEDDING)) == [("doc-2", 1)]
    assert places(papers(1, SPANISH, certificate(), WEDDING, certificate("competent"))) == [("doc-1", 3)]


def test_a_second_copy_of_a_certified_paper_needs_none():
    assert told(papers(1, SPANISH), papers(2, SPANISH, TRANSLATION, certificate())) == []


@pytest.mark.parametrize("statement", WHOLE)
def test_what_an_incomplete_certificate_lacks_is_said(statement):
    ink = "absent" if statement == "signature" else "present"
    (finding,) = told(papers(1, SPANISH, TRANSLATION, certificate(statement, ink=ink)))
    words = {
        "complete_and_accurate": "complete and accurate",
        "competent": "competent",
        "name": "printed name",
        "contact": "address or telephone",
        "date": "the date",
        "signature": "signature",
    }
    assert words.pop(statement) in finding.found
    assert not any(word in finding.found for word in words.values())
    assert "page 3" in finding.found
    assert finding.title.endswith("is incomplete")
    assert finding.severity == ("low" if statement in {"name", "contact", "date"} else "medium")


@pytest.mark.parametrize("ink", ["unsure", None])
def test_a_signature_that_nobody_can_tell_is_not_called_missing(ink):
    assert told(papers(1, SPANISH, certificate("signature", ink=ink))) == []


def test_a_heading_alone_is_no_certificate():
    (finding,) = told(papers(1, SPANISH, certificate(*WHOLE, ink="absent")))
    assert finding.title.endswith("is incomplete")


def test_a_corrected_certificate_closes_it():
    bad = papers(1, SPANISH, certificate("competent"))
    assert places(bad) == [("doc-1", 1)]
    assert told(bad, papers(2, certificate())) == []


@pytest.mark.parametrize(
    "said",
    [
        {"language": "en", "kind": "birth_certificate"},
        {"language": None, "kind": "birth_certificate"},
        {"language": "en-GB", "kind": "letter"},
        {"language": "es", "kind": "passport"},
        {"language": "es", "kind": "photo"},
    ],
)
def test_what_needs_no_translation_is_not_told(said):
    assert told(papers(1, said)) == []


@pytest.mark.parametrize(("language", "words"), [("ru", "Russian"), ("und-Deva", "a foreign language")])
def test_a_paper_of_no_known_kind_is_told_too(language, words):
    (finding,) = told(papers(1, {"language": language, "kind": "evidence"}))
    assert finding.title.startswith(f"Paper in {words}")


@pytest.mark.parametrize(("language", "expected"), [("fr", 0), ("en", 0), ("es", 1)])
def test_canada_takes_english_and_french(language, expected):
    paper = papers(1, {"language": language, "kind": "birth_certificate"})
    assert len(told(paper, jurisdiction="CA")) == expected


def test_what_canada_wants_is_said():
    (finding,) = told(papers(1, SPANISH), jurisdiction="CA")
    assert finding.expected == (
        "An English or French translation by a certified translator, or with the translator's affidavit."
    )
    assert "IRCC" in finding.rule.citation


def test_a_filing_with_ircc_is_canadian_whatever_the_jurisdiction_says():
    assert told(papers(1, {"language": "fr", "kind": "letter"}), filing="ircc_visitor") == []


def test_french_is_foreign_in_the_united_states():
    assert len(told(papers(1, {"language": "fr", "kind": "letter"}))) == 1


def test_canada_looks_for_a_certificate_but_not_for_what_it_states():
    assert told(papers(1, SPANISH, certificate("contact", "competent", ink="absent")), jurisdiction="CA") == []


def test_it_waits_until_nothing_more_is_expected():
    assert told(papers(1, SPANISH), is_settled=False) == []


@pytest.mark.parametrize(
    "other",
    [
        document(2, [unread_page()]),
        document(2, [], outcome="locked"),
        papers(2, {"kind": None, "advice": ["blurred"]}),
        papers(2, {"outcome": "unreadable"}),
    ],
)
def test_a_page_that_cannot_be_read_may_be_the_certificate(other):
    assert told(papers(1, SPANISH), other) == []


def test_pages_of_forms_are_no_papers():
    french_form = document(1, [form("IMM 5669")])
    assert told(french_form) == []
    assert told(papers(1, {"language": "es", "kind": None, "form": "I-765", "form_page": 1})) == []
