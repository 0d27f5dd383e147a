"""Intake's transactions on the real databases: what happens at the same moment, and which tables a start makes."""

import asyncio

import pytest

from tests.support.intake import JPEG, PDF, Intake
from wetink.database import migrate, open_database
from wetink.settings import SharedSettings


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def intake(request, tmp_path):
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else ""
    database = open_database(SharedSettings(data=tmp_path, database_url=url), "intake")
    migrate(database, "services.intake")
    yield Intake(database=database)
    database.close()


async def test_requests_at_the_same_moment_end_as_one_after_the_other(intake):
    key = {"Idempotency-Key": "once"}
    async with intake.browser(intake.key()) as caller:
        opened = await asyncio.gather(
            *(caller.post("/v1/cases", json={"reference": "x"}, headers=key) for _ in range(6))
        )
        assert {answer.status_code for answer in opened} == {201}
        [case_id] = {answer.json()["id"] for answer in opened}
        url = f"/v1/cases/{case_id}/documents"
        same = await asyncio.gather(*(caller.post(url, content=PDF) for _ in range(6)))
        assert len({answer.json()["id"] for answer in same}) == 1
        keyed = await asyncio.gather(
            *(caller.post(url, content=JPEG, headers={"Idempotency-Key": "2"}) for _ in range(6))
        )
        assert len({answer.text for answer in keyed}) == 1
        others = await asyncio.gather(*(caller.post(url, content=PDF + bytes([n])) for n in range(6)))
        assert {answer.status_code for answer in others} == {202}
    assert [event["document_number"] for event in intake.events("document.received")] == list(range(1, 9))
    assert len(intake.events("case.changed")) == 1


async def test_one_key_for_two_cases_at_the_same_moment_is_refused_for_one(intake):
    key = {"Idempotency-Key": "once"}
    async with intake.browser(intake.key()) as caller:
        cases = [(await caller.post("/v1/cases", json={"reference": "x"})).json()["id"] for _ in range(2)]
        sent = await asyncio.gather(
            *(caller.post(f"/v1/cases/{case_id}/documents", content=PDF, headers=key) for case_id in cases)
        )
        listed = await caller.get("/v1/cases", params={"limit": 1})
        rest = await caller.get("/v1/cases", params={"cursor": listed.json()["next_cursor"]})
    assert sorted(answer.status_code for answer in sent) == [202, 409]
    assert len(rest.json()["items"]) == 1
