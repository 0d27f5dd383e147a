"""What both HTTP faces share: proxies, metrics, limits, errors, the access log."""

import errno
import json
import logging

import httpx
import pytest
from fastapi import Request
from pydantic import BaseModel

from wetink.errors import CaseDeletedError, RetryError
from wetink.http.application import Door, build_app
from wetink.http.authentication import CallerHere, bearer, require_role
from wetink.http.proxies import parse_networks
from wetink.keystore.fake import FakeKeyStore
from wetink.logs import JsonLines


class Word(BaseModel):
    word: str


@pytest.fixture
def keystore():
    return FakeKeyStore()


@pytest.fixture
def secret(keystore):
    organisation = keystore.create_organisation("Ours", "UTC")
    return keystore.create_access_key(organisation.id, "manager")[0]


@pytest.fixture
def app(keystore):
    app = build_app(
        "Test",
        "Test",
        Door(
            bearer(keystore),
            "https://wetink.example",
            trusted_proxies="10.0.0.0/8, 127.0.0.1/32",
            is_public=lambda _method, path: path.startswith("/open"),
            limit_of=lambda _method, _path: 1000,
        ),
    )

    @app.get("/open/address")
    def address(request: Request) -> list[str]:
        return [request.client.host, request.url.scheme]

    @app.post("/words")
    def words(word: Word, caller: CallerHere) -> str:
        return caller.name

    @app.get("/metrics")
    def metrics() -> str:
        return "counted"

    @app.get("/admins/{case_id}")
    def admins(case_id: str, caller: CallerHere) -> None:
        require_role(caller, "admin")

    @app.get("/open/{failure}")
    def fail(failure: str) -> None:
        full = RetryError("full")
        full.__cause__ = OSError(errno.ENOSPC, "full")
        raise {"away": RetryError("x"), "full": full, "deleted": CaseDeletedError("x"), "bug": KeyError("Ana")}[
            failure
        ]

    return app


def browser(app, client="127.0.0.1", **headers: str):
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, client=(client, 1)), base_url="http://wetink.test", headers=headers
    )


@pytest.mark.parametrize(
    ("peer", "forwarded", "seen"),
    [
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "1.2.3.4, 203.0.113.9, 10.1.1.1", "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9, rubbish", "127.0.0.1"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
    ],
)
async def test_forwarded_addresses_are_believed_from_trusted_proxies_alone(app, peer, forwarded, seen):
    async with browser(app, peer, **{"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"}) as caller:
        address, scheme = (await caller.get("/open/address")).json()
    assert address == seen
    assert scheme == ("http" if peer == seen == "203.0.113.7" else "https")


def test_a_wrong_network_is_refused_at_start():
    with pytest.raises(ValueError, match="nonsense"):
        parse_networks("10.0.0.0/8,nonsense")


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Forwarded-Proto", "Via"])
async def test_metrics_are_not_for_those_who_come_through_a_proxy(app, header):
    async with browser(app) as caller:
        assert (await caller.get("/metrics")).status_code == 200
        assert (await caller.get("/metrics", headers={header: "x"})).status_code == 404


@pytest.mark.parametrize(("failure", "status"), [("away", 503), ("full", 507), ("deleted", 404), ("bug", 500)])
async def test_failures_are_problems_without_their_reasons(app, failure, status):
    async with browser(app) as caller:
        answer = await caller.get(f"/open/{failure}")
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json().keys() == {"type", "title", "status", "detail"}
    assert "Ana" not in answer.text
    assert ("Retry-After" in answer.headers) == (status in {503, 507})


async def test_a_body_over_the_limit_is_refused_announced_or_not(app, secret):
    async def unannounced():
        yield b'{"word": "'
        yield b"x" * 1000
        yield b'"}'

    async with browser(app, Authorization=f"Bearer {secret}") as caller:
        for content in (b"x" * 1001, unannounced()):
            answer = await caller.post("/words", content=content, headers={"Content-Type": "application/json"})
            assert answer.status_code == 413
        assert (await caller.post("/words", json={"word": "x"})).status_code == 200


async def test_a_role_that_may_not_is_403_and_an_unknown_path_404(app, secret):
    async with browser(app, Authorization=f"Bearer {secret}") as caller:
        refused = await caller.get("/admins/1")
        assert (refused.status_code, refused.json()["title"]) == (403, "Not allowed")
        assert (await caller.get("/nothing")).headers["Content-Type"] == "application/problem+json"
        assert (await caller.get("/words")).status_code == 405


@pytest.mark.parametrize(
    ("call", "sent", "status"),
    [
        ("GET /docs", {}, 200),
        ("GET /words", {"Authorization": "Bearer x"}, 401),
        ("GET /nothing", {}, 404),
        ("GET /metrics", {"Via": "x"}, 404),
        ("GET /words", {}, 405),
        ("POST /words", {"Content-Length": "9999"}, 413),
        ("POST /words", {}, 422),
        ("GET /open/bug", {}, 500),
        ("GET /open/away", {}, 503),
        ("GET /open/full", {}, 507),
    ],
)
async def test_browsers_are_told_to_keep_to_us_by_every_answer(app, secret, call, sent, status):
    async with browser(app, Authorization=f"Bearer {secret}") as caller:
        answer = await caller.request(*call.split(), headers=sent)
    headers = answer.headers
    assert answer.status_code == status
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Strict-Transport-Security"] == "max-age=31536000"


async def test_the_access_log_holds_routes_and_ids_alone(app, secret, caplog):
    caplog.set_level(logging.INFO, "wetink.access")
    case_id = "case_" + "0" * 32
    async with browser(app, Authorization=f"Bearer {secret}") as caller:
        await caller.get(f"/admins/{case_id}?name=Ana")
        await caller.get("/admins/Ana")
        await caller.get("/open/Ana")
    lines = [JsonLines("test").format(record) for record in caplog.records if record.name == "wetink.access"]
    assert (
        json.loads(lines[0]).items() >= {"route": "/admins/{case_id}", "status": 403, "case_id": case_id}.items()
    )
    assert len(lines) == 3
    assert "Ana" not in "".join(lines)
    assert secret not in "".join(lines)
