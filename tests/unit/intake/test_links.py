"""Upload links: no key, one case, until they end; the page shows only what came through them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from services.intake.tables import upload_links
from tests.support.intake import JPEG, PDF


@pytest.fixture
async def caller(intake):
    async with intake.browser(intake.key()) as caller:
        yield caller


@pytest.fixture
async def client(intake):
    async with intake.browser() as client:
        yield client


@pytest.fixture
async def case_url(caller):
    return "/v1/cases/" + (await caller.post("/v1/cases", json={"reference": "A-17"})).json()["id"]


@pytest.fixture
async def link(caller, case_url):
    return (await caller.post(f"{case_url}/upload-links")).json()


def path_of(link):
    assert link["url"].startswith("https://send.example/u/")
    return link["url"].removeprefix("https://send.example")


async def test_a_link_takes_documents_for_its_case_without_a_key(intake, caller, client, case_url, link):
    sent = await client.post(path_of(link), files={"file": ("form.pdf", PDF)})
    assert sent.status_code == 202
    assert case_url.endswith(sent.json()["case_id"])
    assert len(intake.events("document.received")) == 1
    assert (await caller.get(f"/v1/documents/{sent.json()['id']}")).status_code == 200, "it counts as the maker's"


async def test_only_the_hash_of_its_secret_is_kept(intake, link):
    with intake.database.reading() as connection:
        row = connection.execute(select(upload_links)).one()
    assert link["url"].rpartition("/")[2] not in str(row)


async def test_its_page_shows_only_what_came_through_it(caller, client, case_url, link):
    await caller.post(f"{case_url}/documents", files={"file": ("ours alone.pdf", PDF)})
    empty = await client.get(path_of(link))
    back = await client.post(
        path_of(link), files={"file": ("<b>mine</b>.jpg", JPEG)}, headers={"Accept": "text/html,*/*"}
    )
    page = await client.get(path_of(link))
    assert (back.status_code, back.headers["Location"]) == (303, path_of(link))
    assert "ours alone" not in empty.text + page.text
    assert "&lt;b&gt;mine&lt;b&gt;.jpg</q>, 24 November 2026" in page.text
    assert "no-referrer" in page.headers["Referrer-Policy"]


async def test_its_page_says_kindly_what_was_wrong(client, link):
    refused = await client.post(
        path_of(link), files={"file": ("x.exe", b"MZ" * 1000)}, headers={"Accept": "text/html"}
    )
    assert refused.status_code == 415
    assert "<h1>This kind of file is not accepted</h1>" in refused.text


async def test_it_ends_after_seven_days(intake, client, link):
    intake.clock.moment += timedelta(days=7)
    assert (await client.get(path_of(link))).status_code == 410
    assert (await client.post(path_of(link), content=PDF)).status_code == 410
    assert intake.events("document.received") == []


async def test_it_ends_when_it_is_revoked(caller, client, case_url, link):
    assert (await caller.delete(f"{case_url}/upload-links/{link['id']}")).status_code == 204
    page = await client.get(path_of(link))
    assert page.status_code == 410
    assert "<h1>This link has ended</h1>" in page.text


async def test_an_unknown_link_is_404(client):
    page = await client.get("/u/nothing")
    assert page.status_code == 404
    assert page.headers["Content-Type"].startswith("text/html")
    assert (await client.post("/u/nothing", content=PDF)).headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=-400)])
async def test_a_clock_that_jumps_ends_a_link_at_most(intake, caller, client, case_url, jump):
    link = (await caller.post(f"{case_url}/upload-links")).json()
    intake.clock.moment += jump
    assert (await client.post(path_of(link), content=JPEG)).status_code == (410 if jump > timedelta(0) else 202)
    assert (await caller.post(f"{case_url}/documents", content=PDF)).status_code == 202


async def test_a_link_corrects_only_what_came_through_it(caller, client, case_url, link):
    ours = (await caller.post(f"{case_url}/documents", content=PDF)).json()
    mine = (await client.post(path_of(link), content=JPEG)).json()
    files = {"file": ("b.jpg", JPEG + b"!")}
    assert (await client.post(path_of(link), files=files, data={"replaces": ours["id"]})).status_code == 404
    assert (await client.post(path_of(link), files=files, data={"replaces": mine["id"]})).status_code == 202
