"""What belongs to a filing, through the public interfaces: missing, filed separately, there."""

from typing import Any

import pytest

from tests.support import forms
from tests.support.eventually import eventually
from tests.support.system import System

pytestmark = [pytest.mark.kafka, pytest.mark.slow]


def states(system: System, case: str) -> dict[str, str]:
    with system.queue() as queue:
        answer: dict[str, Any] = queue.get(f"/v1/cases/{case}/checklist").json()
    return {line["id"]: line["state"] for line in answer.get("lines", [])}


def is_in_state(system: System, case: str, line: str, state: str) -> bool:
    return states(system, case).get(line) == state


def test_a_missing_form_is_told_at_complete_and_a_person_says_that_it_is_filed_separately(system: System) -> None:
    case = system.open_case(filing="green_card_renewal")
    eventually(lambda: is_in_state(system, case, "I-90 applicant", "missing"), what="the checklist of a new case")
    system.reviewed(system.upload(case, ("form.pdf", forms.filled_form()))["id"])
    assert "form_missing" not in dict(system.codes(case))
    with system.intake() as intake:
        intake.post(f"/v1/cases/{case}/complete")
    flag = eventually(
        lambda: next((one for one in system.flags(case) if one["code"] == "form_missing"), None), what="the flag"
    )
    with system.queue() as queue:
        queue.post(f"/v1/flags/{flag['id']}/decision", json={"decision": "dismiss", "reason": "Sent in May"})
        lines = queue.get(f"/v1/cases/{case}/checklist").json()["lines"]
    (line,) = [one for one in lines if one["id"] == flag["subject"]]
    assert (line["state"], line["reason"], line["flag_id"]) == ("filed_separately", "Sent in May", flag["id"])
