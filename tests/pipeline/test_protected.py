"""A protected case on a running system: its flags are for named people, and no webhook hears of it."""

import json
import subprocess
import sys

import httpx
import pytest

from tests.support import forms
from tests.support.eventually import eventually
from tests.support.receiver import webhook_receiver
from tests.support.system import CHECKOUT, System
from wetink.keystore.first_run import ORGANISATION

pytestmark = pytest.mark.kafka
NAME, PASSWORD = "maria@firm.example", "correct horse battery"


def wetink(system: System, *arguments: str, typed: str = "") -> None:
    """A command on the running system."""
    command = [sys.executable, "-m", "wetink.cli", *arguments]
    subprocess.run(command, cwd=CHECKOUT, env=system.environment, input=typed, check=True, text=True)


def cases_seen(person: httpx.Client) -> set[str]:
    """The cases of the open flags that a person sees."""
    return {flag["case_id"] for flag in person.get("/v1/flags?limit=200").json()["items"]}


def test_a_protected_case_is_seen_by_named_people_alone_and_told_to_no_webhook(system: System) -> None:
    wetink(system, "users", "create", "--organisation", ORGANISATION, "--password-stdin", NAME, typed=PASSWORD)
    with webhook_receiver() as receiver, system.queue("WETINK_ADMIN_KEY") as admin, system.queue() as person:
        hook = admin.post("/v1/webhooks", json={"url": receiver.url, "event_types": ["flag.opened"]}).json()
        del person.headers["Authorization"]
        assert person.post("/login", data={"name": NAME, "password": PASSWORD}).status_code == 303
        protected, other = system.open_case("SHELTER", protected=True), system.open_case("OTHER")
        for case in (protected, other):
            system.reviewed(system.upload(case, ("form.pdf", forms.filled_form()))["id"])
        flag = system.flags(protected)[0]
        assert other in cases_seen(person)
        assert protected not in cases_seen(person)
        assert person.get(f"/v1/flags/{flag['id']}").status_code == 404
        assert person.get(flag["evidence_url"]).status_code == 404
        wetink(system, "cases", "name", protected, NAME)
        assert protected in cases_seen(person)
        eventually(lambda: len(receiver.deliveries) >= 2, what="the webhooks of the other case")
        told = {json.loads(delivery.body)["data"]["case_id"] for delivery in receiver.deliveries}
        admin.delete(f"/v1/webhooks/{hook['id']}")
    assert told == {other}
