"""Who may do what: every route of the OpenAPI document, every kind of key, another organisation's ids."""

import re

import pytest

from tests.support.intake import PDF, Intake

PUBLIC = {"/u/{token}"}
BODIES = {"/v1/cases": {"json": {"reference": "x"}}, "/v1/cases/{case_id}": {"json": {"reference": "x"}}}


def routes():
    """Method and path of every call that needs a key."""
    return [
        (method, path)
        for path, methods in Intake().app.openapi()["paths"].items()
        for method in methods
        if path not in PUBLIC
    ]


async def made_with(intake, key):
    """Ids of a case, a document and a link made with `key`."""
    async with intake.browser(key) as caller:
        case = (await caller.post("/v1/cases", json={"reference": "secret"})).json()
        document = (await caller.post(f"/v1/cases/{case['id']}/documents", content=PDF)).json()
        link = (await caller.post(f"/v1/cases/{case['id']}/upload-links")).json()
    return {"case_id": case["id"], "document_id": document["id"], "link_id": link["id"]}


async def call(intake, key, method, path, ids):
    body = {"content": PDF} if path.endswith("/documents") else BODIES.get(path, {})
    async with intake.browser(key) as caller:
        return await caller.request(method, path.format(**ids), **(body if method in {"post", "patch"} else {}))


@pytest.mark.parametrize(("method", "path"), routes())
@pytest.mark.parametrize("key", [None, "wtk_wrong", "", "x" * 10_000])
async def test_without_a_valid_key_every_call_is_refused_unread(intake, method, path, key):
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        assert sent[1]["body"], "the whole answer is sent before the body is asked for"
        return {"type": "http.disconnect"}

    scope = {
        "type": "http",
        "method": method.upper(),
        "path": path.format(case_id="x", document_id="x", link_id="x"),
        "query_string": b"",
        "headers": [(b"content-length", b"100")]
        + ([(b"authorization", f"Bearer {key}".encode())] if key is not None else []),
    }
    await intake.app(scope, receive, send)
    headers = dict(sent[0]["headers"])
    assert sent[0]["status"] == 401
    assert headers[b"www-authenticate"] == b"Bearer"
    assert headers[b"content-type"] == b"application/problem+json"


async def test_lists_hold_only_what_may_be_seen(intake):
    own, other = intake.key("client"), intake.key("client")
    for key in (own, other, intake.key("client", intake.theirs)):
        await made_with(intake, key)
    seen = {}
    for name, key in {"own": own, "manager": intake.key("manager")}.items():
        async with intake.browser(key) as caller:
            seen[name] = len((await caller.get("/v1/cases")).json()["items"])
    assert seen == {"own": 1, "manager": 2}


async def test_a_revoked_key_ends_at_once(intake):
    secret, key = intake.keystore.create_access_key(intake.ours, "client")
    async with intake.browser(secret) as caller:
        assert (await caller.get("/v1/cases")).status_code == 200
        intake.keystore.revoke_access_key(key.id)
        assert (await caller.get("/v1/cases")).status_code == 401


async def test_a_client_sees_a_document_that_it_sent_after_somebody_else(intake):
    secret = intake.key("client")
    async with intake.browser(secret) as client, intake.browser(intake.key("manager")) as manager:
        case = (await client.post("/v1/cases", json={"reference": "x"})).json()
        url = f"/v1/cases/{case['id']}/documents"
        document = (await manager.post(url, content=PDF)).json()
        assert (await client.get(f"/v1/documents/{document['id']}")).status_code == 404
        assert (await client.post(url, content=PDF)).json()["duplicate_of"] == document["id"]
        assert (await client.get(f"/v1/documents/{document['id']}")).status_code == 200


def test_every_call_declares_its_refusals_and_what_it_takes():
    document = Intake().app.openapi()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            declared = set(operation["responses"])
            assert {"401", "408", "413", "422", "500", "503"} <= declared, (method, path)
            if re.search(r"\{\w+\}", path):
                assert "404" in declared, (method, path)
            for status, answer in operation["responses"].items():
                if int(status) >= 400 and path not in PUBLIC:
                    assert list(answer["content"]) == ["application/problem+json"], (method, path, status)
    upload = document["paths"]["/v1/cases/{case_id}/documents"]["post"]
    assert "multipart/form-data" in upload["requestBody"]["content"]
    assert {"400", "409", "415", "507"} <= set(upload["responses"])


async def test_docs_need_no_key_no_script_and_no_other_address(intake):
    async with intake.browser() as reader:
        page = await reader.get("/docs")
        style = await reader.get("/docs.css")
    assert page.status_code == style.status_code == 200
    assert "/v1/cases/{case_id}/documents" in page.text
    assert "<script" not in page.text
    assert "//" not in page.text.replace("https://send.example", "")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
