"""The notifier's statements mean the same on SQLite and on PostgreSQL, after its migrations."""

import asyncio
from datetime import timedelta

import pytest

from services.notifier.decisions import end_snoozes
from services.notifier.tables import feed, flags
from services.notifier.webhooks.dialling import Answer
from services.notifier.webhooks.sender import Sender
from tests.support.notifier import NOW, House, finding
from wetink.contracts.events import CaseDeleted
from wetink.database import migrate, open_database
from wetink.settings import SharedSettings


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def house(request, tmp_path):
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else ""
    database = open_database(SharedSettings(data=tmp_path, database_url=url), "notifier")
    migrate(database, "services.notifier")
    yield House(database)
    database.close()


async def accept(_url, _headers, _body):
    return Answer(204)


def test_a_flag_lives_from_its_judgement_to_its_cases_end(house):
    hook = {"url": "https://hooks.example.com/", "event_types": ["flag.opened"]}
    admin = house.client("admin")
    hook = admin.post("/v1/webhooks", json=hook).json()
    house.judge(finding(), finding("date_missing", slot="d", severity="high", due_on="2026-04-01"))
    first = admin.get("/v1/flags?limit=1").json()
    (second,) = admin.get("/v1/flags", params={"cursor": first["next_cursor"]}).json()["items"]
    assert (first["items"][0]["code"], second["due_on"]) == ("signature_missing", "2026-04-01")

    until = (NOW + timedelta(hours=1)).isoformat()
    path = f"/v1/flags/{second['id']}/decision"
    snoozed = admin.post(path, json={"decision": "snooze", "until": until}, headers={"If-Match": '"1"'})
    assert snoozed.json()["snoozed_until"] == "2026-03-05T13:00:00Z"
    house.clock.moment += timedelta(hours=1)
    end_snoozes(house.ports)
    assert admin.post(path, json={"decision": "dismiss"}).json()["version"] == 4
    assert admin.post(f"{path}/undo").json()["status"] == "open"

    asyncio.run(Sender(house.ports, accept, lambda: 0.5).send_due())
    sent = admin.get(f"/v1/webhooks/{hook['id']}/deliveries").json()["items"]
    assert [one["status"] for one in sent] == ["delivered", "delivered"]

    house.judge(revision=2)
    assert {row.status for row in house.rows(flags)} == {"resolved"}
    assert [row.number for row in house.rows(feed)] == list(range(1, len(house.rows(feed)) + 1))

    deleted = CaseDeleted(organisation_id=house.organisation_id, case_id="case_1", occurred_at=NOW)
    house.handle_case(deleted)
    assert house.rows(flags) == house.rows(feed) == []
