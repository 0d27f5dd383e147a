"""Cases: opened, listed, changed, completed, and announced with every version."""

import asyncio

from wetink.blobs.port import BlobRef
from wetink.contracts.case_record import CaseRecord

WHOLE = {
    "reference": "A-17",
    "client_language": "es",
    "jurisdiction": "US",
    "channel": "paper",
    "filing": "work_permit",
    "due_on": "2026-12-24",
    "protected": True,
    "people": [
        {
            "role": "applicant",
            "name": "Ana Example",
            "birth_date": "1990-01-31",
            "a_number": "A1",
            "lives_abroad": False,
        }
    ],
}


async def test_a_case_is_answered_as_it_was_told(intake):
    async with intake.browser(intake.key()) as caller:
        opened = await caller.post("/v1/cases", json=WHOLE)
        looked = await caller.get(opened.headers["Location"])
    assert opened.status_code == 201
    assert opened.json().items() >= WHOLE.items()
    assert looked.json() == opened.json()


async def test_a_reference_is_enough(intake):
    async with intake.browser(intake.key()) as caller:
        opened = await caller.post("/v1/cases", json={"reference": "A-17"})
    assert opened.status_code == 201
    assert opened.json()["jurisdiction"] == "US"


async def test_what_is_wrong_is_named_by_its_place_and_not_repeated(intake):
    async with intake.browser(intake.key()) as caller:
        refused = await caller.post("/v1/cases", json=WHOLE | {"people": [{"role": "Ana Example"}]})
    assert refused.status_code == 422
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert "people.0.role" in refused.json()["detail"]
    assert "Ana Example" not in refused.text


async def test_every_version_is_announced_and_its_record_lies_encrypted_by_the_case(intake):
    async with intake.browser(intake.key()) as caller:
        case = (await caller.post("/v1/cases", json=WHOLE)).json()
        changed = await caller.patch(f"/v1/cases/{case['id']}", json={"filing": None, "due_on": "2027-01-01"})
        await caller.post(f"/v1/cases/{case['id']}/complete")
    assert changed.json().items() >= {"filing": None, "due_on": "2027-01-01", "reference": "A-17"}.items()
    events = intake.events("case.changed")
    assert [event["case_version"] for event in events] == [1, 2, 3]
    records = [
        CaseRecord.model_validate_json(intake.blobs.get(BlobRef(intake.ours, case["id"], event["record_blob"])))
        for event in events
    ]
    assert [record.completed_at for record in records] == [None, None, intake.clock.now()]
    assert records[0].time_zone == "Pacific/Auckland"
    assert records[0].details.people[0].name == "Ana Example"


async def test_no_client_data_is_announced(intake):
    async with intake.browser(intake.key()) as caller:
        await caller.post("/v1/cases", json=WHOLE)
    assert "Ana" not in str(intake.events("case.changed"))
    assert "A-17" not in str(intake.events("case.changed"))


async def test_a_change_that_changes_nothing_makes_no_version(intake):
    async with intake.browser(intake.key()) as caller:
        case = (await caller.post("/v1/cases", json=WHOLE)).json()
        same = await caller.patch(f"/v1/cases/{case['id']}", json={"reference": "A-17"})
        await caller.post(f"/v1/cases/{case['id']}/complete")
        intake.clock.moment = intake.clock.moment.replace(minute=45)
        await caller.post(f"/v1/cases/{case['id']}/complete")
    assert same.json()["version"] == 1
    assert len(intake.events("case.changed")) == 2


async def test_a_case_keeps_its_reference(intake):
    async with intake.browser(intake.key()) as caller:
        case = (await caller.post("/v1/cases", json=WHOLE)).json()
        assert (await caller.patch(f"/v1/cases/{case['id']}", json={"reference": None})).status_code == 422
        assert (await caller.patch(f"/v1/cases/{case['id']}", json={"owner": "me"})).status_code == 422


async def test_changes_at_the_same_moment_are_all_kept(intake):
    changes = [{"reference": "B"}, {"due_on": "2027-02-02"}, {"channel": "online"}, {"protected": False}]
    async with intake.browser(intake.key()) as caller:
        case = (await caller.post("/v1/cases", json=WHOLE)).json()
        await asyncio.gather(*(caller.patch(f"/v1/cases/{case['id']}", json=change) for change in changes))
        final = (await caller.get(f"/v1/cases/{case['id']}")).json()
    for change in changes:
        assert final.items() >= change.items()
    assert final["version"] == 5


async def test_cases_are_listed_newest_first_page_by_page(intake):
    async with intake.browser(intake.key()) as caller:
        for minute in range(5):
            intake.clock.moment = intake.clock.moment.replace(minute=minute)
            await caller.post("/v1/cases", json={"reference": f"case {minute}"})
        listed, cursor = [], None
        while len(listed) < 5:
            page = (
                await caller.get("/v1/cases", params={"limit": 2} | ({"cursor": cursor} if cursor else {}))
            ).json()
            listed += [item["reference"] for item in page["items"]]
            cursor = page["next_cursor"]
    assert listed == [f"case {minute}" for minute in (4, 3, 2, 1, 0)]
    assert cursor is None


async def test_the_same_request_with_the_same_key_opens_one_case(intake):
    key = {"Idempotency-Key": "once"}
    async with intake.browser(intake.key()) as caller:
        answers = await asyncio.gather(*(caller.post("/v1/cases", json=WHOLE, headers=key) for _ in range(5)))
        other = await caller.post("/v1/cases", json={"reference": "other"}, headers=key)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len(intake.events("case.changed")) == 1
    assert other.status_code == 409


async def test_a_key_counts_for_its_own_sender_alone(intake):
    ids = set()
    for key in (intake.key(), intake.key()):
        async with intake.browser(key) as caller:
            opened = await caller.post("/v1/cases", json=WHOLE, headers={"Idempotency-Key": "once"})
            ids.add(opened.json()["id"])
    assert len(ids) == 2
