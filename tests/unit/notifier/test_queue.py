"""The queue over HTTP: order, pages, filters, decisions, and who may see what."""

from datetime import timedelta

import pytest

from services.notifier.decisions import end_snoozes
from services.notifier.tables import audit, decisions
from tests.support.notifier import NOW, House, finding
from wetink.blobs.names import original, page_picture
from wetink.blobs.port import BlobRef


@pytest.fixture
def house():
    house = House()
    house.judge(finding())
    return house


@pytest.fixture
def manager(house):
    return house.client()


def decide(client, flag, decision="confirm", *, reason=None, until=None, headers=None):
    body = {"decision": decision, "reason": reason, "until": until}
    return client.post(f"/v1/flags/{flag['id']}/decision", json=body, headers=headers)


def test_a_flag_has_every_field_of_the_interface(house):
    flag = house.flag()
    assert flag | {"opened_at": None} == flag | {
        "opened_at": None,
        "case_id": "case_1",
        "document_id": "doc_1",
        "code": "signature_missing",
        "severity": "critical",
        "status": "open",
        "found": "An empty box",
        "form_copy": "copy_1",
        "rule": {
            "id": "signature_missing.us",
            "citation": "8 CFR 103.2(a)(2)",
            "url": None,
            "as_of": "2026-01-02",
        },
        "evidence_url": f"/v1/flags/{flag['id']}/evidence.png",
        "due_on": None,
        "assignee": None,
        "version": 1,
        "resolved_at": None,
        "resolved_by": None,
    }


def test_the_most_urgent_comes_first_and_pages_follow_one_another(house, manager):
    findings = [
        finding(slot=f"s{number}", severity=severity, due_on=due)
        for number, (severity, due) in enumerate(
            [
                ("low", None),
                ("critical", "2026-06-01"),
                ("critical", "2026-04-01"),
                ("high", None),
                ("medium", None),
            ]
        )
    ]
    house.judge(*findings, revision=2)
    slots, cursor = [], ""
    while True:
        page = manager.get("/v1/flags", params={"limit": 2, "cursor": cursor}).json()
        slots += [item["slot"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert slots == ["s2", "s1", "s3", "s4", "s0"]


@pytest.mark.parametrize("cursor", ["nonsense", "W10=", "bnVsbA==", "é", "WzEsICIyMDI2LTAxLTAxIiwgMSwgInh4Il0="])
def test_a_cursor_that_is_not_ours_is_refused(manager, cursor):
    assert manager.get("/v1/flags", params={"cursor": cursor}).status_code == 422


def test_filters_choose(house, manager):
    house.judge(finding(), finding("date_missing", slot="d", severity="high"), revision=2)
    manager.post(f"/v1/flags/{house.flag()['id']}/assign", json={"user": "Ana"})

    def codes(wanted):
        return [item["code"] for item in manager.get("/v1/flags", params=wanted).json()["items"]]

    assert codes({"code": "date_missing"}) == codes({"severity": "high"}) == ["date_missing"]
    assert codes({"assignee": "Ana"}) == ["signature_missing"]
    assert codes({"case_id": "case_2"}) == codes({"status": "snoozed"}) == []
    assert len(codes({"status": ""})) == len(codes({"status": "all"})) == 2


@pytest.mark.parametrize(
    ("decision", "status"), [("confirm", "confirmed"), ("dismiss", "dismissed"), ("duplicate", "duplicate")]
)
def test_a_decision_makes_a_new_version_and_can_be_taken_back(house, manager, decision, status):
    decided = decide(manager, house.flag(), decision, reason="CANARY-REASON").json()
    assert (decided["status"], decided["version"]) == (status, 2)
    assert "CANARY" not in str(house.rows(decisions))
    undone = manager.post(f"/v1/flags/{decided['id']}/decision/undo").json()
    assert (undone["status"], undone["version"], undone["decided_by"]) == ("open", 3, None)


@pytest.mark.parametrize("version", ['"7"', "7", 'W/"7"', "seven"])
def test_a_stale_version_is_refused(house, manager, version):
    assert decide(manager, house.flag(), headers={"If-Match": version}).status_code == 412


@pytest.mark.parametrize("version", ['"1"', "1", 'W/"1"', "*"])
def test_the_version_that_was_seen_is_accepted_in_every_spelling(house, manager, version):
    assert decide(manager, house.flag(), headers={"If-Match": version}).status_code == 200


def test_a_flag_that_is_no_longer_open_is_not_decided_again(house, manager):
    decide(manager, house.flag())
    answer = decide(manager, house.flag(), "dismiss")
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert "confirmed by" in answer.json()["detail"]


def test_nothing_can_be_taken_back_when_nothing_stands_or_after_ten_minutes(house, manager):
    flag = house.flag()
    assert manager.post(f"/v1/flags/{flag['id']}/decision/undo").status_code == 409
    decide(manager, flag)
    house.clock.moment = NOW + timedelta(minutes=10, seconds=1)
    assert manager.post(f"/v1/flags/{flag['id']}/decision/undo").status_code == 409


def test_a_decision_on_a_flag_that_was_resolved_since_is_not_taken_back(house, manager):
    decide(manager, house.flag())
    house.judge(revision=2)
    assert manager.post(f"/v1/flags/{house.flag()['id']}/decision/undo").status_code == 409


def test_a_snooze_ends_by_itself(house, manager):
    until = NOW + timedelta(hours=1)
    snoozed = decide(manager, house.flag(), "snooze", until=until.isoformat()).json()
    assert snoozed["status"] == "snoozed"
    end_snoozes(house.ports)
    assert house.flag()["status"] == "snoozed"
    house.clock.moment = until
    end_snoozes(house.ports)
    assert (house.flag()["status"], house.flag()["version"]) == ("open", 3)


@pytest.mark.parametrize(
    "body",
    [
        {"decision": "snooze"},
        {"decision": "snooze", "until": None},
        {"decision": "snooze", "until": "2026-04-05T11:00:00"},
        {"decision": "confirm", "until": "2026-04-05T11:00:00Z"},
        {"decision": "later"},
        {},
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(house, manager, body):
    assert manager.post(f"/v1/flags/{house.flag()['id']}/decision", json=body).status_code == 422


def test_a_snooze_into_the_past_is_refused(house, manager):
    assert decide(manager, house.flag(), "snooze", until="2026-03-05T11:00:00Z").status_code == 409


def test_assigning_is_a_new_version_once(house, manager):
    path = f"/v1/flags/{house.flag()['id']}/assign"
    assert manager.post(path, json={"user": " Ana "}).json()["assignee"] == "Ana"
    assert manager.post(path, json={"user": "Ana"}).json()["version"] == 2
    assert manager.post(path, json={"user": None}).json()["assignee"] is None


def test_the_picture_of_the_place_is_shown(house, manager):
    flag = house.flag()
    assert manager.get(flag["evidence_url"]).status_code == 404
    house.blobs.put(BlobRef(house.organisation_id, "case_1", "documents/doc_1/slot-4-sig"), b"\x89PNG")
    answer = manager.get(flag["evidence_url"])
    assert (answer.content, answer.headers["content-type"]) == (b"\x89PNG", "image/png")


def test_a_flag_without_a_place_has_no_picture(house, manager):
    house.judge(finding("form_missing", evidence=None, slot=None), revision=2)
    flag = manager.get("/v1/flags").json()["items"][0]
    assert flag["evidence_url"] is None
    assert manager.get(f"/v1/flags/{flag['id']}/evidence.png").status_code == 404


def test_the_original_is_a_download_and_leaves_a_trace(house, manager):
    house.blobs.put(BlobRef(house.organisation_id, "case_1", original("doc_1")), b"%PDF <script>")
    answer = manager.get("/v1/documents/doc_1/original")
    assert answer.content == b"%PDF <script>"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert [(row.tag, row.object_id, row.at) for row in house.rows(audit)] == [
        ("queue:original:read", "doc_1", NOW)
    ]
    assert manager.get("/v1/documents/doc_1/original?part=2").status_code == 404


def test_a_page_is_shown_once_its_picture_is_made(house, manager):
    assert manager.get("/v1/documents/doc_1/pages/4.webp").status_code == 404
    house.blobs.put(BlobRef(house.organisation_id, "case_1", page_picture("doc_1", 4)), b"RIFF")
    assert manager.get("/v1/documents/doc_1/pages/4.webp").headers["content-type"] == "image/webp"


def test_another_organisation_finds_nothing(house):
    stranger = house.client("admin", house.keystore.create_organisation("Another", "UTC").id)
    flag = house.flag()
    assert stranger.get("/v1/flags?status=all").json()["items"] == []
    assert decide(stranger, flag).status_code == 404
    for path in (f"/v1/flags/{flag['id']}", flag["evidence_url"], "/v1/documents/doc_1/original"):
        assert stranger.get(path).status_code == 404


def test_a_client_sees_no_flag_and_may_do_nothing(house):
    client = house.client("client")
    flag = house.flag()
    for path in (f"/v1/flags/{flag['id']}", flag["evidence_url"], "/v1/documents/doc_1/original"):
        assert client.get(path).status_code == 404
    assert client.get("/v1/flags").status_code == decide(client, flag).status_code == 403
    assert client.get("/v1/flags/stream").status_code == 403


def test_only_an_administrator_manages_webhooks(house, manager):
    assert manager.get("/v1/webhooks").status_code == 403
    assert house.client("client").post("/v1/webhooks", json={}).status_code in {403, 422}
