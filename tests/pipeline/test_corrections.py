"""What comes later corrects what came before: pages, papers that return, and what is told about the case."""

import io

import pikepdf
import pytest

from tests.support import forms
from tests.support.corpus import corpus_form
from tests.support.eventually import eventually
from tests.support.system import System

pytestmark = pytest.mark.kafka

UNSIGNED = ["date_missing", "signature_missing"]


def pages(pdf: bytes, *numbers: int) -> bytes:
    """Those pages (from 1) of a document, in that order."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as whole, pikepdf.new() as part:
        part.pages.extend(whole.pages[number - 1] for number in numbers)
        part.save(target)
    return target.getvalue()


def signed() -> bytes:
    return forms.as_scan(forms.filled_form(signed=("applicant",), dated=("applicant",)))


def test_a_page_that_two_others_lack_is_missing_at_once_and_comes_later(system: System) -> None:
    case = system.open_case("A-PAGE")
    system.reviewed(system.upload(case, ("form.pdf", pages(signed(), 1, 2)))["id"])
    (flag,) = system.flags(case)
    assert (flag["code"], flag["form_page"], flag["document_page"]) == ("page_missing", 3, None)
    system.reviewed(system.upload(case, ("page-3.pdf", pages(signed(), 3)))["id"])
    assert system.flags(case) == []


def test_the_right_page_alone_corrects_a_form(system: System) -> None:
    case = system.open_case("ONE-PAGE")
    system.reviewed(system.upload(case, ("form.pdf", forms.as_scan(forms.filled_form())))["id"])
    assert [code for code, _ in system.codes(case)] == UNSIGNED
    system.reviewed(system.upload(case, ("page-2.pdf", pages(signed(), 2)))["id"])
    assert system.flags(case) == []
    assert {flag["status"] for flag in system.flags(case, "all")} == {"resolved"}


def test_a_superseded_document_that_comes_again_becomes_current_again(system: System) -> None:
    case = system.open_case("AND-BACK")
    first = system.upload(case, ("unsigned.pdf", forms.filled_form()))
    system.reviewed(first["id"])
    before = {flag["id"] for flag in system.flags(case)}
    system.reviewed(system.upload(case, ("signed.pdf", signed()))["id"])
    assert system.flags(case) == []
    again = system.upload(case, ("unsigned-again.pdf", forms.filled_form()))
    assert (again["id"], again["duplicate_of"]) == (first["id"], first["id"])
    system.reviewed(first["id"])
    assert [code for code, _ in system.codes(case)] == UNSIGNED
    assert {flag["id"] for flag in system.flags(case)} == before


def test_a_form_that_nobody_ever_learned_is_flagged_as_not_checked(system: System) -> None:
    case = system.open_case("STRANGER")
    stranger = forms.as_scan(forms.blank_form(form="XY-77"))
    assert system.reviewed(system.upload(case, ("form.pdf", stranger))["id"])["status"] == "reviewed"
    (flag,) = system.flags(case)
    assert (flag["code"], flag["form"]) == ("edition_unknown", "XY-77")
    assert "signatures were not checked" in flag["title"] + str(flag["found"])


def test_a_change_of_the_cases_people_is_judged_at_once(system: System) -> None:
    case = system.open_case("SPOUSE", people=[{"role": "spouse", "lives_abroad": False}])
    system.reviewed(system.upload(case, ("i-130a.pdf", corpus_form("I-130A_20240401_official")))["id"])
    assert sorted(flag["code"] for flag in system.flags(case)) == UNSIGNED
    with system.intake() as intake:
        people = [{"role": "spouse", "lives_abroad": True}]
        assert intake.patch(f"/v1/cases/{case}", json={"people": people}).is_success
    eventually(lambda: system.flags(case) == [], what="the judgement of a spouse abroad")


def test_a_deleted_paper_flags_nothing_and_a_moved_one_is_judged_where_it_belongs(system: System) -> None:
    wrong, right = system.open_case("WRONG"), system.open_case("RIGHT")
    unwanted = system.upload(wrong, ("unsigned.pdf", forms.filled_form()))
    misfiled = system.upload(wrong, ("stranger.pdf", forms.as_scan(forms.blank_form(form="XY-77"))))
    for document in (unwanted, misfiled):
        system.reviewed(document["id"])
    with system.intake("WETINK_MANAGER_KEY") as intake:
        assert intake.delete(f"/v1/documents/{unwanted['id']}").status_code == 202
        moved = intake.post(f"/v1/documents/{misfiled['id']}/move", json={"case_id": right}).json()
    system.reviewed(moved["id"])
    eventually(lambda: system.flags(wrong) == [], what="the judgement of the case without them")
    assert {flag["status"] for flag in system.flags(wrong, "all")} == {"resolved"}
    assert [flag["code"] for flag in system.flags(right)] == ["edition_unknown"]


@pytest.mark.slow
def test_a_correction_closes_what_it_answers_and_leaves_other_decisions_alone(system: System) -> None:
    case = system.open_case("HALF-WAY")
    system.reviewed(system.upload(case, ("form.pdf", forms.as_scan(forms.filled_form())))["id"])
    missing = {flag["code"]: flag["id"] for flag in system.flags(case)}
    with system.queue() as queue:
        decision = f"/v1/flags/{missing['date_missing']}/decision"
        confirmed = queue.post(decision, json={"decision": "confirm"}).json()
    half = forms.as_scan(forms.filled_form(signed=("applicant",)))
    system.reviewed(system.upload(case, ("page-2.pdf", pages(half, 2)))["id"])
    flags = {flag["id"]: flag for flag in system.flags(case, "all")}
    assert sorted(flag["code"] for flag in flags.values()) == UNSIGNED
    assert flags[missing["date_missing"]]["status"] == confirmed["status"] == "confirmed"
    answered = flags[missing["signature_missing"]]
    assert answered["status"] == "resolved"
    assert answered["opened_at"] < answered["resolved_at"]


@pytest.mark.slow
def test_a_page_of_another_edition_is_told_alone_until_the_right_one_comes(system: System) -> None:
    case = system.open_case("EDITIONS")
    right, other = signed(), forms.as_scan(forms.blank_form("02/20/27"))
    with pikepdf.open(io.BytesIO(right)) as form, pikepdf.open(io.BytesIO(other)) as newer:
        form.pages[2] = newer.pages[2]
        form.save(target := io.BytesIO())
    system.reviewed(system.upload(case, ("form.pdf", target.getvalue()))["id"])
    (flag,) = system.flags(case)
    assert (flag["code"], flag["form_page"], flag["document_page"]) == ("page_of_other_edition", 3, 3)
    system.reviewed(system.upload(case, ("page-3.pdf", pages(signed(), 3)))["id"])
    assert system.flags(case) == []


@pytest.mark.slow
def test_a_strangers_document_names_the_case_it_belongs_to_and_is_moved_there(system: System) -> None:
    right = system.open_case("RIGHT", people=[{"role": "applicant", "name": "Sample Testperson"}])
    wrong = system.open_case("WRONG", people=[{"role": "applicant", "name": "Ana Lima"}])
    form = forms.filled_form(signed=("applicant",), dated=("applicant",))
    misfiled = system.upload(wrong, ("form.pdf", form))
    system.reviewed(misfiled["id"])
    flag = next(flag for flag in system.flags(wrong) if flag["code"] == "document_misfiled")
    assert right in flag["found"]
    with system.intake("WETINK_MANAGER_KEY") as intake:
        moved = intake.post(f"/v1/documents/{misfiled['id']}/move", json={"case_id": right}).json()
    system.reviewed(moved["id"])
    eventually(lambda: system.flags(wrong) == [], what="the judgement of the case without it")
    assert "document_misfiled" not in [flag["code"] for flag in system.flags(right)]
