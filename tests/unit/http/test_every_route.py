"""Who may do what: every route of both OpenAPI documents, every kind of key, another organisation's ids.

The tables beside this file say what is answered; a route that is not in them fails, as does an answer that the
document does not declare.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.notifier.sessions import COOKIE, open_session
from tests.support.calling import caller
from tests.support.intake import JPEG, PDF, Intake
from tests.support.notifier import House, finding
from wetink.blobs import names
from wetink.blobs.port import BlobRef
from wetink.contracts.reading import PageText
from wetink.health import Health
from wetink.health_routes import health_router
from wetink.keystore.port import AccessRole

INTAKE = Path(__file__).with_name("intake_routes.txt")
QUEUE = Path(__file__).with_name("queue_routes.txt")
"""A route a line, a kind of caller a column, those of strangers with `their-`. `link` is an upload link's
secret as a key, `session` a manager's login with the page's own token, `foreign` the same as another site could
send it (the cookie alone), `forged` a cookie of nobody, `other` another client's key."""

ROLES: tuple[AccessRole, ...] = ("client", "manager", "admin")
HOOK = {"url": "https://hooks.example/x", "event_types": ["flag.opened"]}
BODIES: dict[str, dict[str, Any]] = {
    "POST /v1/cases": {"json": {"reference": "x"}},
    "PATCH /v1/cases/{case_id}": {"json": {"reference": "x"}},
    "POST /v1/cases/{case_id}/documents": {"content": PDF},
    "POST /v1/documents/{document_id}/password": {"json": {"password": "x"}},
    "POST /u/{token}": {"content": JPEG},
    "POST /login": {"data": {"key": "wtk_wrong"}},
    "POST /v1/flags/{flag_id}/decision": {"json": {"decision": "confirm"}},
    "POST /v1/flags/{flag_id}/assign": {"json": {"user": "Ana"}},
    "GET /v1/cases/{case_id}/search": {"params": {"q": "x"}},
    "POST /v1/webhooks": {"json": HOOK},
    "PATCH /v1/webhooks/{webhook_id}": {"json": {"description": "x"}},
}


@dataclass
class Face:
    """An application, what lies in it, and the headers of every kind of caller."""

    app: FastAPI
    ids: dict[str, str]
    headers: dict[str, dict[str, str]]


def with_health(app: FastAPI) -> FastAPI:
    app.include_router(health_router(Health(())))
    return app


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def intake() -> Face:
    """A case, a document and a link, made with a client's key."""
    one = Intake()
    own = bearer(one.key())
    with caller(one.app, headers=own) as client:
        case = client.post("/v1/cases", json={"reference": "of ours"}).json()
        document = client.post(f"/v1/cases/{case['id']}/documents", content=PDF).json()
        link = client.post(f"/v1/cases/{case['id']}/upload-links").json()
        target = client.post("/v1/cases", json={"reference": "of ours"}).json()
    token = link["url"].rpartition("/")[2]
    headers = {
        "none": {},
        "wrong": bearer("wtk_wrong"),
        "link": bearer(token),
        "session": {"Cookie": f"{COOKIE}=x", "X-CSRF-Token": "x"},
        "other": bearer(one.key()),
    }
    headers |= {role: bearer(one.key(role)) for role in ROLES} | {"client": own}
    headers |= {f"their-{role}": bearer(one.key(role, one.theirs)) for role in ROLES}
    ids = {"case_id": case["id"], "document_id": document["id"], "link_id": link["id"], "token": token}
    ids["target_id"] = target["id"]
    return Face(with_health(one.app), ids, headers)


def queue() -> Face:
    """A flag with its picture, a document, and a webhook with a delivery."""
    house = House(is_stopping=lambda: True)  # so that the stream ends
    for name in (names.original("doc_1"), names.page_picture("doc_1", 1), str(finding().evidence)):
        house.blobs.put(BlobRef(house.organisation_id, "case_1", name), PDF)
    text = PageText(number=1, outcome="read").model_dump_json().encode()
    house.blobs.put(BlobRef(house.organisation_id, "case_1", names.text("doc_1", 1)), text)
    house.judge(finding(title="of ours"))
    theirs = house.keystore.create_organisation("Theirs", "UTC").id
    hook = house.client("admin").post("/v1/webhooks", json=HOOK).json()
    delivery = house.client("admin").post(f"/v1/webhooks/{hook['id']}/test").json()
    session, their_session = (login(house, organisation) for organisation in (house.organisation_id, theirs))
    headers = {
        "none": {},
        "wrong": bearer("wtk_wrong"),
        "forged": {"Cookie": f"{COOKIE}=x", "X-CSRF-Token": "x"},
        "foreign": {"Cookie": session["Cookie"]},
        "session": session,
        "their-session": their_session,
    }
    headers |= {role: bearer(house.key(role)) for role in ROLES}
    headers |= {f"their-{role}": bearer(house.key(role, theirs)) for role in ROLES}
    ids = {"flag_id": house.flag()["id"], "document_id": "doc_1", "number": "1", "case_id": "case_1"}
    return Face(with_health(house.app), ids | {"webhook_id": hook["id"], "delivery_id": delivery["id"]}, headers)


def login(house: House, organisation_id: str) -> dict[str, str]:
    manager = house.keystore.caller_of(house.key("manager", organisation_id))
    assert manager is not None
    cookie = f"{COOKIE}={open_session(house.ports, manager)}"
    page = caller(house.app).get("/", headers={"Cookie": cookie}).text
    return {"Cookie": cookie, "X-CSRF-Token": page.partition('data-csrf="')[2].partition('"')[0]}


def rows(table: Path) -> list[tuple[str, dict[str, int]]]:
    """Each route with the status for each kind of key."""
    (_, _, *kinds), *cells = (line.split() for line in table.read_text().splitlines())
    return [(f"{row[0]} {row[1]}", dict(zip(kinds, map(int, row[2:]), strict=True))) for row in cells]


@cache
def paths(make: Callable[[], Face]) -> dict[str, Any]:
    """The paths of the face's OpenAPI document."""
    found: dict[str, Any] = make().app.openapi()["paths"]
    return found


def call(face: Face, route: str, kind: str) -> httpx.Response:
    method, path = route.split()
    body = {"json": {"case_id": face.ids["target_id"]}} if path.endswith("/move") else BODIES.get(route, {})
    with caller(face.app, headers=face.headers[kind]) as someone:
        return someone.request(method, path.format(**face.ids), **body)


@pytest.mark.parametrize(("make", "table"), [(intake, INTAKE), (queue, QUEUE)])
def test_every_route_is_in_the_table(make, table):
    described = {f"{method.upper()} {path}" for path, calls in paths(make).items() for method in calls}
    assert {route for route, _ in rows(table)} == described


@pytest.mark.parametrize(
    ("make", "route", "expected"),
    [(intake, *row) for row in rows(INTAKE)] + [(queue, *row) for row in rows(QUEUE)],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_kind_of_key_is_answered_as_the_table_says(
    make: Callable[[], Face], route: str, expected: dict[str, int]
):
    method, path = route.split()
    answered = {}
    face = make()
    for kind in expected:
        answer = call(face, route, kind)
        answered[kind] = answer.status_code
        assert str(answer.status_code) in paths(make)[path][method.lower()]["responses"], kind
        assert answer.headers["X-Content-Type-Options"] == "nosniff", kind
        if answer.status_code >= 400 and path != "/login":
            assert answer.headers["Content-Type"] == "application/problem+json", kind
        if kind.startswith("their-") and path != "/u/{token}":
            assert not any(secret in answer.text for secret in ("of ours", *face.ids.values()) if len(secret) > 1)
        if method != "GET" and (answer.status_code < 400 or path == "/login"):
            face = make()
    assert answered == expected
