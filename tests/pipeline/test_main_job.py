"""The main job through the public interfaces: upload in, flags with pictures and signed webhooks out."""

import json

import pytest
from standardwebhooks import Webhook

from tests.support import forms
from tests.support.corpus import corpus_form
from tests.support.eventually import eventually
from tests.support.receiver import webhook_receiver
from tests.support.system import System

pytestmark = pytest.mark.kafka


def test_an_unsigned_form_is_flagged_with_a_picture_and_a_signed_webhook(system: System) -> None:
    with webhook_receiver() as receiver, system.queue("WETINK_ADMIN_KEY") as admin:
        hook = admin.post("/v1/webhooks", json={"url": receiver.url, "event_types": ["flag.opened"]}).json()
        case = system.open_case()
        document = system.upload(case, ("form.pdf", forms.filled_form()))
        assert system.reviewed(document["id"])["status"] == "reviewed"
        flag = next(flag for flag in system.flags(case) if flag["code"] == "signature_missing")
        with system.queue() as queue:
            picture = queue.get(flag["evidence_url"])
        sent = eventually(
            lambda: [d for d in receiver.deliveries if json.loads(d.body)["data"]["flag_id"] == flag["id"]],
            what="the webhook",
        )
        admin.delete(f"/v1/webhooks/{hook['id']}")
    assert flag["severity"] == "critical"
    assert flag["document_id"] == document["id"]
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    payload = Webhook(hook["secret"]).verify(sent[0].body, sent[0].headers)
    assert payload["type"] == "flag.opened"
    assert payload["data"]["code"] == "signature_missing"


def test_a_form_signed_by_the_applicant_in_ink_has_no_flag(system: System) -> None:
    pdf = forms.filled_form(signed=("applicant",), dated=("applicant",))
    case = system.open_case()
    document = system.upload(case, ("form.pdf", forms.as_scan(pdf)))
    assert system.reviewed(document["id"])["status"] == "reviewed"
    assert system.codes(case) == []


def test_strokes_drawn_on_a_screen_are_no_ink(system: System) -> None:
    pdf = forms.filled_form(signed=("applicant",), dated=("applicant",))
    case = system.open_case()
    system.reviewed(system.upload(case, ("form.pdf", pdf))["id"])
    assert [code for code, _ in system.codes(case)] == ["signature_not_handwritten"]


@pytest.mark.parametrize("paper", ["digital", "scan"])
def test_an_unsigned_form_is_flagged_once_for_its_signature_and_once_for_its_date(
    system: System, paper: str
) -> None:
    pdf = forms.filled_form()
    case = system.open_case()
    document = system.upload(case, ("form.pdf", pdf if paper == "digital" else forms.as_scan(pdf)))
    assert system.reviewed(document["id"])["pages"] == {"total": 3, "read": 3}
    assert [code for code, _ in system.codes(case)] == ["date_missing", "signature_missing"]


def test_a_used_interpreter_part_needs_the_interpreters_signature(system: System) -> None:
    pdf = forms.filled_form(signed=("applicant",), dated=("applicant",), used=("interpreter",))
    case = system.open_case()
    document = system.upload(case, ("form.pdf", forms.as_scan(pdf)))
    system.reviewed(document["id"])
    assert {(flag["code"], flag["party"]) for flag in system.flags(case)} == {
        ("signature_missing", "interpreter"),
        ("date_missing", "interpreter"),
    }


def test_a_real_unsigned_i765_names_form_page_part_and_item(system: System) -> None:
    case = system.open_case()
    document = system.upload(case, ("i-765.pdf", corpus_form("I-765_20250821_official-encrypted")))
    system.reviewed(document["id"])
    titles = [flag["title"] for flag in system.flags(case)]
    assert "Applicant's signature is missing (Form I-765 08/21/25, page 4, Part 3, Item 7.a)" in titles


def test_a_case_managers_decision_can_be_taken_back(system: System) -> None:
    case = system.open_case()
    system.reviewed(system.upload(case, ("form.pdf", forms.filled_form()))["id"])
    flag = system.flags(case)[0]
    with system.queue() as queue:
        decided = queue.post(
            f"/v1/flags/{flag['id']}/decision", json={"decision": "dismiss", "reason": "seen on paper"}
        ).json()
        stale = queue.post(
            f"/v1/flags/{flag['id']}/decision",
            json={"decision": "confirm"},
            headers={"If-Match": str(flag["version"])},
        )
        undone = queue.post(f"/v1/flags/{flag['id']}/decision/undo").json()
    assert decided["status"] == "dismissed"
    assert stale.status_code in {409, 412}
    assert undone["status"] == "open"


def test_a_corrected_form_closes_its_flags(system: System) -> None:
    case = system.open_case()
    system.reviewed(system.upload(case, ("form.pdf", forms.filled_form()))["id"])
    assert system.codes(case)
    signed = forms.filled_form(signed=("applicant",), dated=("applicant",))
    system.reviewed(system.upload(case, ("signed.pdf", forms.as_scan(signed)))["id"])
    assert system.codes(case) == []
    assert {flag["status"] for flag in system.flags(case, "all")} == {"resolved"}
