"""The checklist of a case over HTTP: there, missing, or to be filed separately as a person said."""

from datetime import date

import pytest

from tests.support.calling import caller as calling
from tests.support.notifier import House, finding
from wetink.contracts.events import CaseDeleted
from wetink.contracts.judgement import ChecklistLine, Rule

PASSWORD = "correct horse battery"
PATH = "/v1/cases/case_1/checklist"
MISSING = finding(
    "form_missing", form="I-130", form_copy=None, form_page=None, slot=None, subject="I-130 petitioner"
)


@pytest.fixture
def house():
    return House(queue_url="http://queue.test")


def line(state="missing", name="I-130", **changed):
    usual = {
        "id": f"{name} petitioner",
        "title": f"Form {name} of the petitioner",
        "form": name,
        "role": "petitioner",
        "state": state,
        "why": "It is needed.",
        "severity": "critical" if state == "missing" else None,
        "rule": Rule(id="checklist", citation="8 CFR 204.1", as_of=date(2026, 1, 2)),
        "confidence": "read",
    }
    return ChecklistLine.model_validate(usual | changed)


def lines(house):
    return house.client().get(PATH).json()["lines"]


def decide(house, **decision):
    flag_id = house.flag()["id"]
    assert house.client().post(f"/v1/flags/{flag_id}/decision", json=decision).status_code == 200


def test_every_line_says_state_reason_place_rule_and_source(house):
    seen = [{"document_id": "doc_1", "pages": [1, 2]}]
    house.judge(MISSING, checklist=[line(), line("present", "I-485", seen=seen)])
    answer = house.client().get(PATH).json()
    assert (answer["case_id"], answer["case_revision"], answer["filing"]) == ("case_1", 1, "naturalisation")
    missing, present = answer["lines"]
    assert (missing["state"], missing["severity"], missing["flag_id"]) == (
        "missing",
        "critical",
        house.flag()["id"],
    )
    assert (present["state"], present["seen"], present["flag_id"]) == ("present", seen, None)
    assert missing["why"]
    assert missing["rule"]["citation"] == "8 CFR 204.1"


def test_a_missing_form_that_was_dismissed_is_filed_separately_for_the_reason_given(house):
    house.judge(MISSING, checklist=[line()])
    decide(house, decision="dismiss", reason="It was filed last year.")
    (dismissed,) = lines(house)
    assert (dismissed["state"], dismissed["reason"]) == ("filed_separately", "It was filed last year.")
    assert dismissed["decided_by"]


def test_the_next_judgement_does_not_ask_again(house):
    house.judge(MISSING, checklist=[line()])
    decide(house, decision="dismiss", reason="Filed last year")
    house.judge(MISSING, checklist=[line()], revision=2)
    assert house.flag()["status"] == "dismissed"
    assert lines(house)[0]["state"] == "filed_separately"


def test_a_decision_taken_back_leaves_no_reason(house):
    house.judge(MISSING, checklist=[line()])
    decide(house, decision="dismiss", reason="A slip")
    house.client().post(f"/v1/flags/{house.flag()['id']}/decision/undo")
    (again,) = lines(house)
    assert (again["state"], again["reason"], again["decided_by"]) == ("missing", None, None)


def test_a_confirmed_flag_leaves_its_form_missing(house):
    house.judge(MISSING, checklist=[line()])
    decide(house, decision="confirm")
    assert lines(house)[0]["state"] == "missing"


def test_a_form_that_comes_after_all_is_present(house):
    house.judge(MISSING, checklist=[line()])
    decide(house, decision="dismiss")
    house.judge(checklist=[line("present")], revision=2)
    assert lines(house)[0]["state"] == "present"


def test_what_was_dismissed_stays_filed_separately_where_it_may_have_come_unread(house):
    house.judge(MISSING, checklist=[line()])
    decide(house, decision="dismiss")
    house.judge(MISSING, checklist=[line("unsure")], revision=2)
    assert lines(house)[0]["state"] == "filed_separately"


def test_a_dismissal_is_about_one_form_alone(house):
    house.judge(MISSING, checklist=[line(), line(name="I-485")])
    decide(house, decision="dismiss")
    assert [one["state"] for one in lines(house)] == ["filed_separately", "missing"]


def test_before_the_first_judgement_the_checklist_is_empty(house):
    house.handle_case(house.open_case("case_1"))
    assert house.client().get(PATH).json() == {
        "case_id": "case_1",
        "case_revision": 0,
        "filing": None,
        "lines": [],
    }


def test_a_case_of_nobody_or_of_others_is_not_found(house):
    house.judge(checklist=[line()])
    theirs = house.keystore.create_organisation("Theirs", "UTC").id
    assert house.client().get("/v1/cases/case_9/checklist").status_code == 404
    assert house.client("client").get(PATH).status_code == 404
    assert house.client("manager", theirs).get(PATH).status_code == 404


def test_the_checklist_of_a_protected_case_is_for_named_people(house):
    house.open_case("case_1", protected=True)
    house.judge(checklist=[line()])
    house.keystore.create_user(house.organisation_id, "maria", "manager", PASSWORD)
    maria = calling(house.app)
    maria.post("/login", data={"name": "maria", "password": PASSWORD})
    assert maria.get(PATH).status_code == 404
    assert house.client("admin").get(PATH).status_code == 200


def test_the_page_shows_the_checklist_beside_a_flag(house):
    house.judge(MISSING, checklist=[line(title="Form <b>", why="&"), line("present", "I-485")])
    detail = house.client().get(f"/page/flags/{house.flag()['id']}/detail").text
    assert "Checklist: 1 missing" in detail
    assert "Form &lt;b&gt;" in detail
    assert "Form I-485 of the petitioner" in detail
    house.judge(MISSING, revision=2)
    assert "Checklist" not in house.client().get(f"/page/flags/{house.flag()['id']}/detail").text


def test_the_checklist_is_sealed_and_goes_with_its_case(house):
    house.judge(checklist=[line(title="CANARY-TITLE")])
    assert "CANARY" not in str(house.everything())
    house.keystore.destroy_case_key(house.organisation_id, "case_1")
    assert house.client().get(PATH).status_code == 404
    house.handle_case(
        CaseDeleted(organisation_id=house.organisation_id, case_id="case_1", occurred_at=house.clock.now())
    )
    assert house.client().get(PATH).status_code == 404
