"""Both doors of a running system: links for clients, organisations apart, webhooks from failure to rotation."""

import json
import subprocess
import sys
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from tests.support import forms
from tests.support.eventually import eventually
from tests.support.receiver import webhook_receiver
from tests.support.system import CHECKOUT, System

pytestmark = pytest.mark.kafka


def test_a_client_uploads_through_a_link_until_it_is_revoked(system: System) -> None:
    case = system.open_case("LINK")
    with system.intake() as portal:
        answer = portal.post(f"/v1/cases/{case}/upload-links")
        link, address = answer.json(), answer.headers["Location"]
        with httpx.Client(trust_env=False) as nobody:
            sent = nobody.post(link["url"], files={"file": ("my form.pdf", forms.filled_form())})
            page = nobody.get(link["url"])
            assert portal.delete(address).status_code == 204
            ended = nobody.post(link["url"], files={"file": ("more.pdf", forms.filled_form(seed=2))})
            unknown = nobody.get(link["url"][:-4] + "none")
    assert sent.status_code == 202
    assert "my form.pdf" in page.text
    assert (ended.status_code, unknown.status_code) == (410, 404)
    system.reviewed(sent.json()["id"])
    assert [code for code, _ in system.codes(case)] == ["date_missing", "signature_missing"]


def test_another_organisation_finds_nothing_at_either_door(system: System) -> None:
    case = system.open_case("OURS")
    document = system.upload(case, ("form.pdf", forms.filled_form()))
    system.reviewed(document["id"])
    flag = system.flags(case)[0]
    theirs = {"Authorization": f"Bearer {new_key(system, 'Others & Co', 'admin')}"}
    with system.intake() as intake, system.queue() as queue:
        for client, path in [
            (intake, f"/v1/cases/{case}"),
            (intake, f"/v1/documents/{document['id']}"),
            (queue, f"/v1/flags/{flag['id']}"),
            (queue, flag["evidence_url"]),
            (queue, f"/v1/documents/{document['id']}/original"),
            (queue, f"/v1/documents/{document['id']}/pages/1.webp"),
        ]:
            assert client.get(path, headers=theirs).status_code == 404, path
        assert intake.get("/v1/cases", headers=theirs).json()["items"] == []
        assert queue.get("/v1/flags?status=all", headers=theirs).json()["items"] == []
        assert intake.delete(f"/v1/cases/{case}", headers=theirs).status_code == 404


def new_key(system: System, organisation: str, role: str) -> str:
    """A key made by the command line on the running system."""
    words = ["keys", "create", "--organisation", organisation, "--role", role, "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "wetink.cli", *words],
        cwd=CHECKOUT,
        env=system.environment,
        capture_output=True,
        check=True,
    )
    return str(json.loads(done.stdout)["key"])


def test_a_webhook_that_failed_is_tried_again_replayed_and_signed_with_both_secrets_after_a_rotation(
    system: System,
) -> None:
    with webhook_receiver() as receiver, system.queue("WETINK_ADMIN_KEY") as admin:
        receiver.status = 503
        hook = admin.post("/v1/webhooks", json={"url": receiver.url, "event_types": ["webhook.test"]}).json()
        home = f"/v1/webhooks/{hook['id']}"
        sent = admin.post(f"{home}/test").json()

        def delivery() -> dict[str, Any]:
            items: list[dict[str, Any]] = admin.get(f"{home}/deliveries").json()["items"]
            return next(item for item in items if item["id"] == sent["id"])

        eventually(lambda: delivery()["response_code"] == 503, what="the first attempt")
        receiver.status = 204
        eventually(lambda: delivery()["status"] == "delivered", what="the second attempt, after some seconds")
        assert delivery()["attempts"] == 2
        secret = admin.post(f"{home}/rotate-secret").json()["secret"]
        assert admin.post(f"{home}/deliveries/{sent['id']}/replay").status_code == 202
        last = eventually(lambda: receiver.deliveries[2:], what="the replay")[0]
        admin.delete(home)
    assert {one.headers["webhook-id"] for one in receiver.deliveries} == {sent["id"]}
    for known in (hook["secret"], secret):
        assert Webhook(known).verify(last.body, last.headers)["type"] == "webhook.test"
