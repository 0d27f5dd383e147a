"""Every call of the queue's OpenAPI document asks who is there, and every answer is declared."""

import pytest

from tests.support.calling import caller
from tests.support.notifier import House

HOUSE = House()
DOCUMENT = HOUSE.app.openapi()
PUBLIC = {("get", "/"), ("get", "/login"), ("post", "/login")}
CALLS = [(method, path) for path, methods in DOCUMENT["paths"].items() for method in methods]
HEX = "0" * 32


def address(path):
    for name in ("flag_id", "webhook_id", "delivery_id", "document_id"):
        path = path.replace(f"{{{name}}}", f"x_{HEX}")
    return path.replace("{number}", "1")


@pytest.mark.parametrize(("method", "path"), [call for call in CALLS if call not in PUBLIC])
@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer wtk_wrong"}, {"Cookie": "wetink_session=wrong"}]
)
def test_without_a_key_nothing_is_answered(method, path, headers):
    answer = caller(HOUSE.app).request(method, address(path), headers=headers)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("method", "path"), [call for call in CALLS if "{" in call[1]])
def test_what_does_not_exist_is_a_declared_answer(method, path):
    bodies = {"post": {"decision": "confirm", "user": "Ana"}, "patch": {"description": "x"}}
    answer = HOUSE.client("admin").request(method, address(path), json=bodies.get(method))
    assert answer.status_code == 404
    assert str(answer.status_code) in DOCUMENT["paths"][path][method]["responses"]


def test_the_documentation_needs_nothing_from_elsewhere():
    page = caller(HOUSE.app).get("/docs")
    assert page.status_code == 200
    assert "https://" not in page.text.replace(HOUSE.ports.queue_url, "")
    assert "/v1/flags/{flag_id}/decision" in page.text
