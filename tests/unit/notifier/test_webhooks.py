"""Webhooks: signatures, the schedule of attempts, and what an administrator sees of them."""

import asyncio
import base64
import json
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest
from sqlalchemy import update
from standardwebhooks import Webhook

from services.notifier.tables import audit, deliveries
from services.notifier.webhooks.dialling import Answer
from services.notifier.webhooks.schedule import next_attempt, parse_retry_after
from services.notifier.webhooks.sender import Sender
from services.notifier.webhooks.signing import signed_headers
from tests.support.calling import caller
from tests.support.eventually import eventually
from tests.support.notifier import NOW, House, finding

ALL = ["flag.opened", "flag.changed", "flag.resolved", "document.reviewed", "case.clear", "case.reopened"]


class Receiver:
    """Answers each host by what `answers` says, and keeps what came."""

    def __init__(self, answers=None) -> None:
        self.answers = answers or {}
        self.came = []

    async def post(self, url, headers, body):
        self.came.append((url, headers, body))
        return self.answers.get(url, Answer(204))


@pytest.fixture
def house():
    return House(allowed=(ip_network("127.0.0.0/8"),))


@pytest.fixture
def admin(house):
    return house.client("admin")


def endpoint(admin, url="https://hooks.example.com/a", event_types=ALL):
    answer = admin.post("/v1/webhooks", json={"url": url, "event_types": event_types})
    assert answer.status_code == 201, answer.text
    return answer.json()


def listed(admin, hook):
    return admin.get(f"/v1/webhooks/{hook['id']}/deliveries").json()["items"]


def send(house, receiver):
    """One round of the sender, with pauses as planned."""
    asyncio.run(Sender(house.ports, receiver.post, lambda: 0.5).send_due())


def test_the_signature_is_that_of_the_standards_own_example():
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = signed_headers("msg_p5jXN8AQM9LWM0D4loKWxJek", at, '{"test": 2432232314}', [secret])
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_receiver_can_verify_what_it_is_sent(house, admin):
    house.clock.moment = datetime.now(UTC)
    hook, receiver = endpoint(admin), Receiver()
    house.judge(finding())
    send(house, receiver)
    url, headers, body = next(one for one in receiver.came if b"flag.opened" in one[2])
    payload = Webhook(hook["secret"]).verify(body, headers)
    assert url == "https://hooks.example.com/a"
    assert payload["data"] == {
        "case_id": "case_1",
        "case_revision": 1,
        "document_id": "doc_1",
        "flag_id": house.flag()["id"],
        "flag_version": 1,
        "code": "signature_missing",
        "severity": "critical",
        "url": f"https://queue.example/?flag={house.flag()['id']}",
    }


def test_after_a_rotation_both_secrets_verify_for_a_day(house, admin):
    house.clock.moment = datetime.now(UTC)
    old = endpoint(admin)
    new = admin.post(f"/v1/webhooks/{old['id']}/rotate-secret").json()
    assert new["secret"] != old["secret"]
    receiver = Receiver()
    admin.post(f"/v1/webhooks/{old['id']}/test")
    send(house, receiver)
    _, headers, body = receiver.came[-1]
    for secret in (old["secret"], new["secret"]):
        assert Webhook(secret).verify(body, headers)["type"] == "webhook.test"
    house.clock.moment += timedelta(hours=24)
    admin.post(f"/v1/webhooks/{old['id']}/test")
    send(house, receiver)
    assert len(receiver.came[-1][1]["webhook-signature"].split()) == 1


def test_the_secret_is_told_once_and_never_stored_in_plain(house, admin):
    hook = endpoint(admin)
    assert hook["secret"].startswith("whsec_")
    assert "secret" not in admin.get(f"/v1/webhooks/{hook['id']}").json()
    plain = base64.b64decode(hook["secret"].removeprefix("whsec_"))
    assert str(plain)[2:-1] not in str(house.everything())


def test_ten_attempts_are_spread_over_three_days():
    at, moments = NOW, []
    for attempt in range(1, 11):
        due = next_attempt(attempt, at, retry_after=None, random=lambda: 0.5)
        if due is None:
            break
        moments.append(due)
        at = due
    assert len(moments) == 9
    assert moments[0] - NOW == timedelta(seconds=5)
    assert timedelta(days=3) < moments[-1] - NOW < timedelta(days=4)


@pytest.mark.parametrize(("random", "seconds"), [(0.0, 240), (1.0, 360)])
def test_pauses_are_spread_by_a_fifth(random, seconds):
    assert next_attempt(2, NOW, retry_after=None, random=lambda: random) == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("Thu, 05 Mar 2026 12:02:00 GMT", 120),
        ("1", 5),
        ("9" * 40, 86_400),
        ("soon", 5),
        (None, 5),
        ("Fri, 31 Dec 9999 23:59:59 -2300", 5),
    ],
)
def test_retry_after_is_honoured_when_it_is_later_up_to_a_day(header, seconds):
    retry_after = parse_retry_after(header, NOW)
    assert next_attempt(1, NOW, retry_after=retry_after, random=lambda: 0.5) == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("code", [301, 302, 400, 404, 429, 500])
def test_anything_but_success_is_tried_again(house, admin, code):
    hook = endpoint(admin)
    receiver = Receiver({hook["url"]: Answer(code)})
    admin.post(f"/v1/webhooks/{hook['id']}/test")
    send(house, receiver)
    send(house, receiver)
    (delivery,) = listed(admin, hook)
    assert (delivery["status"], delivery["attempts"], delivery["response_code"]) == ("pending", 1, code)
    assert delivery["next_attempt_at"] == "2026-03-05T12:00:05Z"
    receiver.answers.clear()
    house.clock.moment += timedelta(seconds=5)
    send(house, receiver)
    (delivery,) = listed(admin, hook)
    assert (delivery["status"], delivery["attempts"]) == ("delivered", 2)
    assert [one["response_code"] for one in delivery["attempts_log"]] == [code, 204]


def test_a_delivery_fails_for_good_after_ten_attempts_and_can_be_replayed_with_its_id(house, admin):
    hook = endpoint(admin)
    receiver = Receiver({hook["url"]: Answer(None, "timeout")})
    admin.post(f"/v1/webhooks/{hook['id']}/test")
    for _ in range(10):
        send(house, receiver)
        due = listed(admin, hook)[0]["next_attempt_at"]
        house.clock.moment = datetime.fromisoformat(due) if due else house.clock.moment
    (delivery,) = listed(admin, hook)
    assert (delivery["status"], delivery["attempts"], delivery["error"]) == ("failed", 10, "timeout")
    receiver.answers.clear()
    admin.post(f"/v1/webhooks/{hook['id']}/deliveries/{delivery['id']}/replay")
    send(house, receiver)
    assert len({headers["webhook-id"] for _, headers, _ in receiver.came}) == 1
    assert listed(admin, hook)[0]["status"] == "delivered"


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=-400)])
def test_a_clock_that_jumps_holds_no_delivery_back(house, admin, jump):
    hook = endpoint(admin)
    receiver = Receiver({hook["url"]: Answer(500)})
    admin.post(f"/v1/webhooks/{hook['id']}/test")
    send(house, receiver)
    receiver.answers.clear()
    house.clock.moment += jump
    send(house, receiver)
    assert listed(admin, hook)[0]["status"] == "delivered"


def test_gone_disables_the_endpoint_until_somebody_enables_it(house, admin):
    hook = endpoint(admin)
    receiver = Receiver({hook["url"]: Answer(410)})
    for _ in range(2):
        admin.post(f"/v1/webhooks/{hook['id']}/test")
    send(house, receiver)
    assert sorted(one["status"] for one in listed(admin, hook)) == ["cancelled", "failed"]
    assert admin.get(f"/v1/webhooks/{hook['id']}").json()["disabled_reason"] == "gone"
    house.judge(finding())
    assert len(listed(admin, hook)) == 2
    assert admin.patch(f"/v1/webhooks/{hook['id']}", json={"enabled": True}).json()["enabled"]


def test_a_dead_endpoint_delays_no_other(house, admin):
    dead, alive = endpoint(admin), endpoint(admin, "https://hooks.example.com/b")
    receiver = Receiver({dead["url"]: Answer(None, "timeout")})
    for hook in (dead, alive):
        admin.post(f"/v1/webhooks/{hook['id']}/test")
    send(house, receiver)
    assert [listed(admin, hook)[0]["status"] for hook in (dead, alive)] == ["pending", "delivered"]


def test_an_endpoint_is_sent_only_what_it_asked_for(house, admin):
    hook = endpoint(admin, event_types=["flag.resolved"])
    house.judge(finding())
    house.judge(revision=2)
    assert [one["event_type"] for one in listed(admin, hook)] == ["flag.resolved"]


def test_a_protected_case_is_never_told(house, admin):
    hook = endpoint(admin)
    house.open_case("case_2", protected=True)
    house.judge(finding(), case_id="case_2")
    assert listed(admin, hook) == []


def test_a_case_that_became_protected_keeps_what_still_waits(house, admin):
    hook = endpoint(admin)
    house.judge(finding())
    house.handle_case(house.open_case("case_1", version=2, protected=True))
    receiver = Receiver()
    send(house, receiver)
    assert receiver.came == []
    cancelled = listed(admin, hook)[0]
    assert cancelled["status"] == "cancelled"
    replay = f"/v1/webhooks/{hook['id']}/deliveries/{cancelled['id']}/replay"
    assert admin.post(replay).status_code == 409


def test_what_leaves_the_house_holds_no_client_data(house, admin):
    endpoint(admin)
    house.judge(finding(title="CANARY", found="CANARY", expected="CANARY"))
    assert "CANARY" not in str(house.rows(deliveries))
    assert "Reference" not in str(house.rows(deliveries))


def test_an_endpoint_can_be_changed_and_forgotten(house, admin):
    hook = endpoint(admin)
    house.judge(finding())
    changed = {"url": "http://127.0.0.1:9/x", "event_types": ["case.clear"], "description": "Ours"}
    assert admin.patch(f"/v1/webhooks/{hook['id']}", json=changed).json().items() >= changed.items()
    assert [one["id"] for one in admin.get("/v1/webhooks").json()["items"]] == [hook["id"]]
    assert admin.delete(f"/v1/webhooks/{hook['id']}").status_code == 204
    assert admin.get(f"/v1/webhooks/{hook['id']}").status_code == 404
    assert house.rows(deliveries) == []


def test_an_inner_address_is_refused_with_the_reason(house, admin):
    for call in (admin.post, admin.patch):
        hook = endpoint(admin)
        path = "/v1/webhooks" if call == admin.post else f"/v1/webhooks/{hook['id']}"
        answer = call(path, json={"url": "https://10.0.0.1/", "event_types": ["flag.opened"]})
        assert answer.status_code == 422
        assert "administrator" in answer.json()["detail"]


def test_another_organisation_has_no_part_in_an_endpoint(house, admin):
    hook = endpoint(admin)
    stranger = house.client("admin", house.keystore.create_organisation("Another", "UTC").id)
    assert stranger.get("/v1/webhooks").json()["items"] == []
    for path in ("", "/deliveries"):
        assert stranger.get(f"/v1/webhooks/{hook['id']}{path}").status_code == 404
    assert stranger.post(f"/v1/webhooks/{hook['id']}/rotate-secret").status_code == 404


def fail_for(house, receiver, hook, days):
    """A delivery a day, none of them taken."""
    receiver.answers[hook["url"]] = Answer(500)
    for _ in range(days):
        house.client("admin").post(f"/v1/webhooks/{hook['id']}/test")
        send(house, receiver)
        house.clock.moment += timedelta(days=1)


def told(house, receiver, hook):
    """Types of the news that `hook` was sent of other webhooks."""
    send(house, receiver)
    news = [json.loads(body) for url, _, body in receiver.came if url == hook["url"]]
    return [(one["type"], one["data"]["webhook_id"]) for one in news]


def test_days_of_failures_disable_an_endpoint_and_the_organisation_is_told_as_it_is_of_the_recovery(house, admin):
    broken = endpoint(admin)
    other = endpoint(admin, "https://hooks.example.com/b", ["webhook.disabled", "webhook.recovered"])
    receiver = Receiver()
    fail_for(house, receiver, broken, 5)
    assert admin.get(f"/v1/webhooks/{broken['id']}").json()["enabled"]
    fail_for(house, receiver, broken, 1)
    assert admin.get(f"/v1/webhooks/{broken['id']}").json()["disabled_reason"] == "failing"
    assert {one["status"] for one in listed(admin, broken)} == {"cancelled"}
    assert told(house, receiver, other) == [("webhook.disabled", broken["id"])]
    receiver.answers.clear()
    admin.patch(f"/v1/webhooks/{broken['id']}", json={"enabled": True})
    admin.post(f"/v1/webhooks/{broken['id']}/test")
    send(house, receiver)
    assert told(house, receiver, other) == [
        ("webhook.disabled", broken["id"]),
        ("webhook.recovered", broken["id"]),
    ]
    assert [row.tag for row in house.rows(audit) if row.actor_id == "sender"] == [
        "queue:webhook:disabled",
        "queue:webhook:recovered",
    ]


def test_an_endpoint_that_works_in_between_is_not_given_up(house, admin):
    hook, receiver = endpoint(admin), Receiver()
    for _ in range(2):
        fail_for(house, receiver, hook, 4)
        receiver.answers.clear()
        admin.post(f"/v1/webhooks/{hook['id']}/test")
        send(house, receiver)
    assert admin.get(f"/v1/webhooks/{hook['id']}").json()["enabled"]


def test_one_failure_after_a_quiet_month_gives_no_endpoint_up(house, admin):
    hook, receiver = endpoint(admin), Receiver()
    fail_for(house, receiver, hook, 4)
    house.clock.moment += timedelta(days=30)
    with house.database.transaction() as transaction:
        transaction.execute(update(deliveries).values(due_at=None, status="failed"))
    admin.post(f"/v1/webhooks/{hook['id']}/test")
    send(house, receiver)
    assert admin.get(f"/v1/webhooks/{hook['id']}").json()["enabled"]


def test_the_page_says_which_webhook_was_given_up_until_it_works_again(house, admin):
    hook = endpoint(admin)
    receiver = Receiver({hook["url"]: Answer(410)})
    admin.post(f"/v1/webhooks/{hook['id']}/test")
    send(house, receiver)
    page = caller(house.app, base_url="https://queue.example")
    page.post("/login", data={"key": house.key("manager")})
    assert "<q>hooks.example.com</q>" in page.get("/").text
    receiver.answers.clear()
    admin.patch(f"/v1/webhooks/{hook['id']}", json={"enabled": True})
    admin.post(f"/v1/webhooks/{hook['id']}/test")
    send(house, receiver)
    assert "<q>hooks.example.com</q>" not in page.get("/").text


def test_a_receiver_that_hangs_delays_no_other(house, admin):
    hanging, alive = endpoint(admin), endpoint(admin, "https://hooks.example.com/b")
    receiver = Receiver()

    async def post(url, headers, body):
        if url == hanging["url"]:
            await asyncio.sleep(3600)
        return await receiver.post(url, headers, body)

    for hook in (hanging, hanging, alive, alive):
        admin.post(f"/v1/webhooks/{hook['id']}/test")
    sender = Sender(house.ports, post, lambda: 0.5)
    sender.start()
    try:
        eventually(lambda: {one["status"] for one in listed(admin, alive)} == {"delivered"}, timeout_s=20)
        assert {one["status"] for one in listed(admin, hanging)} == {"pending"}
    finally:
        sender.stop()
    assert not sender.is_ready
