"""How often one caller may ask and how much is worked on at once: limits, what they answer, what they cost."""

import asyncio

import httpx
import pytest

from wetink.http import limits
from wetink.http.application import Door, build_app
from wetink.http.authentication import bearer
from wetink.http.limits import Limits, Places, Rate
from wetink.http.problems import ProblemError
from wetink.keystore.fake import FakeKeyStore


class Service:
    """An application with a quick and a long route, whose work ends when `may_end` is set."""

    def __init__(self, **limits: int) -> None:
        keystore = FakeKeyStore()
        organisation = keystore.create_organisation("Ours", "UTC").id
        self.keys = [keystore.create_access_key(organisation, "client")[0] for _ in range(3)]
        self.may_end = asyncio.Event()
        self._arrived: asyncio.Queue[None] = asyncio.Queue()
        door = Door(
            bearer(keystore),
            "https://wetink.example",
            trusted_proxies="127.0.0.1/32",
            is_public=lambda _method, path: path == "/open",
            is_long=lambda _method, path: path == "/long",
            limits=Limits(**limits),
        )
        self.app = build_app("Test", "Test", door)
        for path in ("/quick", "/open", "/healthz"):
            self.app.get(path)(self._quick)
        for path in ("/work", "/long"):
            self.app.get(path)(self._work)

    async def get(self, path: str, key: int | None = 0, **headers: str) -> httpx.Response:
        named = {"Authorization": f"Bearer {self.keys[key]}"} if key is not None else {}
        transport = httpx.ASGITransport(self.app, client=("127.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.get(path, headers=named | headers)

    async def busy(self, path: str, *keys: int) -> list[asyncio.Task[httpx.Response]]:
        """Requests that are being worked on now."""
        tasks = [asyncio.create_task(self.get(path, key)) for key in keys]
        async with asyncio.timeout(30):
            for _ in tasks:
                await self._arrived.get()
        return tasks

    async def _quick(self) -> str:
        return "done"

    async def _work(self) -> str:
        self._arrived.put_nowait(None)
        await self.may_end.wait()
        return "done"


async def test_a_key_that_asks_too_often_is_told_when_to_go_on_and_others_are_not_concerned():
    service = Service(requests_per_minute=5)
    statuses = [(await service.get("/quick")).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    refused = await service.get("/quick")
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert 1 <= int(refused.headers["Retry-After"]) <= 12
    assert (await service.get("/quick", key=1)).status_code == 200


async def test_health_is_never_refused():
    service = Service(requests_per_minute=1)
    assert {(await service.get("/healthz", key=None)).status_code for _ in range(5)} == {200}


async def test_without_a_key_the_address_counts_as_trusted_proxies_tell_it():
    service = Service(requests_per_minute=1)
    seen = ["203.0.113.1", "203.0.113.2", "203.0.113.1", "2001:db8::1", "2001:db8::2"]
    statuses = [(await service.get("/open", None, **{"X-Forwarded-For": one})).status_code for one in seen]
    assert statuses == [200, 200, 429, 200, 429]


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8::1", "2001:db8::2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
    ],
)
def test_an_address_stands_for_its_network_where_one_caller_has_many(one, other, is_same):
    first, second = (limits.caller_of({"client": (address, 1)}) for address in (one, other))
    assert (first == second) == is_same


async def test_one_key_does_not_get_all_places_and_all_together_no_more_than_there_are():
    service = Service(at_once=4)
    work = await service.busy("/work", 0, 0)
    refused = await service.get("/work", 0)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")
    work += await service.busy("/work", 1, 1)
    assert (await service.get("/quick", 2)).status_code == 503
    service.may_end.set()
    assert {(await one).status_code for one in work} == {200}
    assert (await service.get("/quick", 2)).status_code == 200


async def test_long_requests_have_places_of_their_own():
    service = Service(long_at_once=1)
    work = await service.busy("/long", 0)
    assert (await service.get("/long", 1)).status_code == 503
    assert (await service.get("/quick", 0)).status_code == 200
    service.may_end.set()
    assert (await work[0]).status_code == 200


def test_who_waited_may_ask_again():
    rate = Rate(60)
    for _ in range(60):
        rate.count("ours", 0)
    with pytest.raises(ProblemError) as refused:
        rate.count("ours", 0)
    assert refused.value.headers == {"Retry-After": "1"}
    rate.count("ours", 1)
    with pytest.raises(ProblemError):
        rate.count("ours", 1)
    for _ in range(60):
        rate.count("ours", 100)


def test_callers_without_number_cost_bounded_memory(monkeypatch):
    monkeypatch.setattr(limits, "_MOST_CALLERS", 100)
    rate = Rate(1)
    for number in range(1_000):
        rate.count(f"caller {number}", number / 1_000)
    assert len(rate._free_at) == 100
    with pytest.raises(ProblemError):
        rate.count("caller 999", 1)


def test_a_place_is_free_again_also_after_a_failure():
    places = Places(1)
    with pytest.raises(KeyError), places.taken("ours"):
        raise KeyError
    places.check("ours")
