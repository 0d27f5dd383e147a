"""`wetink check` judges files as uploads in their order and prints what INTERFACES promise."""

import argparse
import json

import pytest

from services.validator.requirements import shipped_requirements
from tests.support.filing import TODAY, i765, i765_page, letter, unread_page
from wetink.cli import check
from wetink.contracts.case_record import CaseDetails
from wetink.contracts.reading import FileReading, PageText, Word


def file(name, pages, status="read", reason=None):
    numbered = [page.model_copy(update={"number": number}) for number, page in enumerate(pages, 1)]
    return FileReading(file=name, status=status, reason=reason, pages=numbered)


def report(*files, **details):
    case = CaseDetails.model_validate({"reference": "check", **details})
    return check.check_files(list(files), case, shipped_requirements(), received_on=TODAY)


def codes(*files):
    return [(one["file"], one["code"]) for one in report(*files)["findings"]]


def test_a_finding_names_the_file_as_it_was_given():
    (finding,) = report(file("in/a.pdf", i765(signature={"ink": "absent"})))["findings"]
    assert (finding["file"], finding["code"], finding["slot"]) == (
        "in/a.pdf",
        "signature_missing",
        "part-3.item-7.a.signature",
    )
    assert {"severity", "title", "expected", "found", "form", "form_copy", "form_page", "rule"} <= finding.keys()


def test_every_slot_of_every_form_has_a_verdict():
    slots = report(file("a.pdf", i765()), file("b.pdf", [letter()]))["slots"]
    assert [slot["verdict"] for slot in slots] == ["signed"] * 2 + ["not_required"] * 4
    assert {"file", "form", "edition", "form_page", "document_page", "id", "kind", "ink", "mark"} <= slots[
        0
    ].keys()


def test_a_later_file_corrects_an_earlier_one():
    unsigned = file("a.pdf", i765(signature={"ink": "absent"}))
    assert codes(unsigned, file("b.pdf", [i765_page(4)])) == []


def test_what_the_filing_lacks_is_told_and_its_checklist_printed():
    told = report(file("in/a.pdf", i765()), filing="tps")
    (finding,) = told["findings"]
    assert (finding["code"], finding["subject"], finding["file"]) == ("form_missing", "I-821 applicant", None)
    lines = {line["id"]: line for line in told["checklist"]}
    assert lines["I-821 applicant"]["state"] == "missing"
    assert lines["I-765 applicant"]["seen"] == [{"file": "in/a.pdf", "pages": [1, 2, 3, 4, 5, 6, 7]}]
    assert report(file("in/a.pdf", i765()))["checklist"] == []


def test_pages_that_are_missing_are_told_at_once():
    assert len(codes(file("photo.jpg", [i765_page(4)]))) == 6


@pytest.mark.parametrize("status", ["locked", "unreadable", "hostile"])
def test_a_file_that_was_not_read_has_its_finding(status):
    assert codes(file("a.pdf", [], status)) == [("a.pdf", f"document_{status}")]


def test_a_file_read_in_part_has_a_finding_for_what_is_wrong_with_it():
    assert codes(file("a.pdf", [letter(), letter()], "partial", "truncated")) == [("a.pdf", "document_unreadable")]
    assert codes(file("a.pdf", [letter(), unread_page()], "partial")) == [("a.pdf", "page_illegible")]
    assert codes(file("a.pdf", [letter(), unread_page("hostile")], "hostile")) == [("a.pdf", "document_hostile")]


def test_the_text_of_a_page_that_is_no_known_form_is_judged_as_in_the_service():
    text = PageText(number=1, outcome="read", form="I-9999", edition="2025-01-20", form_page=1)
    unknown = file("a.pdf", [letter()]).model_copy(update={"texts": [text]})
    assert codes(unknown) == [("a.pdf", "edition_unknown")]
    unread = PageText(number=1, outcome="unreadable", reason="ocr_too_slow")
    assert codes(unknown.model_copy(update={"texts": [unread]})) == [("a.pdf", "page_illegible")]


def test_the_words_of_a_page_are_not_printed():
    words = [Word(text="secret", box_px=(0, 0, 1, 1), confidence=90)]
    text = PageText(number=1, outcome="read", kind="letter", language="en", words=words)
    (told,) = report(file("a.pdf", [letter()]).model_copy(update={"texts": [text]}))["files"]
    assert told["texts"][0]["kind"] == "letter"
    assert "words" not in told["texts"][0]


class NoSandbox:
    """Stands where the sandbox would be: no file is opened."""

    def __init__(self, *_arguments, lane="pages") -> None:
        pass

    def close(self):
        pass


def run(*words):
    parser = argparse.ArgumentParser()
    check.add_arguments(parser)
    return check.run(parser.parse_args([str(word) for word in words]))


@pytest.mark.parametrize(("status", "expected"), [("read", 0), ("partial", 0), ("locked", 1)])
def test_the_exit_status_says_whether_all_files_were_read(tmp_path, monkeypatch, capsys, status, expected):
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    monkeypatch.setattr(check, "Sandbox", NoSandbox)
    monkeypatch.setattr(check, "read_file", lambda name, *_rest: file(name, [], status))
    assert run(tmp_path / "a.pdf", "--json") == expected
    assert json.loads(capsys.readouterr().out)["files"][0]["status"] == status


def test_a_wrong_case_file_or_a_file_that_is_not_there_is_wrong_usage(tmp_path, capsys):
    (tmp_path / "case.json").write_text('{"reference": "R", "jurisdiction": "FR"}')
    assert run(tmp_path / "none.pdf") == 2
    assert run(tmp_path / "case.json", "--case", tmp_path / "case.json") == 2
    assert "jurisdiction" in capsys.readouterr().err


def test_a_place_without_a_finding_says_why_and_one_with_a_finding_does_not():
    slots = report(file("a.pdf", i765(day={"ink": "absent"})))["slots"]
    assert [slot["why"] for slot in slots[:3]] == [
        "There is handwriting of the applicant, as required: the applicant signs and dates every application.",
        None,
        "Nothing is needed here: no field shows that the part of the interpreter was used.",
    ]


def test_the_reasons_are_printed_when_they_are_asked_for():
    told = report(file("a.pdf", i765()))
    assert check._in_plain_words(told, explain=False) == "No findings."
    assert "part-3.item-7.a.signature: There is handwriting" in check._in_plain_words(told, explain=True)
