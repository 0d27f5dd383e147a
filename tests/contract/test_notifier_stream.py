"""The live stream over a real socket: growing ids, resuming, one organisation alone."""

import contextlib
import json

import httpx
import pytest

from tests.support.notifier import House, finding
from tests.support.served import free_port, served


@pytest.fixture
def house():
    return House()


@contextlib.contextmanager
def listening(house, **headers):
    """The address of a listener's lines: what came after it was heard."""
    with (
        served(house.app, free_port()) as url,
        httpx.stream(
            "GET",
            f"{url}/v1/flags/stream",
            headers={"Authorization": f"Bearer {house.key()}"} | headers,
            timeout=20,
        ) as answer,
    ):
        lines = answer.iter_lines()
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert next(lines).startswith(":")
        next(lines)
        yield lines


def take(lines, count):
    """The next events as (id, type, data)."""
    events = []
    while len(events) < count:
        number, kind, data, _ = (next(lines) for _ in range(4))
        events.append((int(number[4:]), kind[7:], json.loads(data[6:])))
    return events


def test_what_happens_is_heard_as_in_webhooks(house):
    with listening(house) as lines:
        house.judge(finding())
        (number, kind, data), (later, *_) = take(lines, 2)
    assert (kind, data["type"], data["data"]["code"]) == ("flag.opened", "flag.opened", "signature_missing")
    assert later > number


def test_a_listener_that_was_away_resumes_where_it_was(house):
    house.judge(finding())
    house.judge(revision=2)
    with listening(house, **{"Last-Event-ID": "1"}) as lines:
        events = take(lines, 2)
    assert [number for number, *_ in events] == [2, 3]
    assert events[1][1] == "flag.resolved"


def test_another_organisations_flags_are_not_heard(house):
    house.judge(finding())
    other = house.keystore.create_organisation("Another", "UTC").id
    key = {"Authorization": f"Bearer {house.key('manager', other)}", "Last-Event-ID": "0"}
    with listening(house, **key) as lines:
        ours, house.organisation_id = house.organisation_id, other
        house.open_case("case_2")
        house.judge(finding(), case_id="case_2")
        house.organisation_id = ours
        assert take(lines, 1)[0][2]["data"]["case_id"] == "case_2"


def test_an_id_of_a_time_to_come_means_from_now_on(house):
    with listening(house, **{"Last-Event-ID": "999999"}) as lines:
        house.judge(finding())
        assert take(lines, 1)[0][0] == 1
