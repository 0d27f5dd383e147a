"""The clients' door through the real Caddy with our Caddyfile: TLS, links, addresses, what is not passed on."""

import contextlib
import os
import shutil
import ssl
import subprocess

import httpx
import pytest

from tests.support.eventually import eventually
from tests.support.intake import PDF
from tests.support.intake_process import intake_process
from tests.support.system import CHECKOUT, free_ports

CADDY = shutil.which("caddy")


@pytest.fixture(scope="module")
def doors(tmp_path_factory):
    """Caddy before an intake: the process, the public address and the authority's certificate."""
    if CADDY is None:
        if os.environ.get("WETINK_REQUIRE_ALL_PARTS") == "1":
            pytest.fail("Caddy is not installed (Debian package caddy)")
        pytest.skip("Caddy is not installed (Debian package caddy)")
    folder = tmp_path_factory.mktemp("caddy")
    intake_port, queue_port, http_port = free_ports(3)
    public = f"https://localhost:{intake_port}"
    settings = {"WETINK_INTAKE_PUBLIC_URL": public, "WETINK_TRUSTED_PROXIES": "127.0.0.1/32"}
    (folder / "data").mkdir()
    with intake_process(folder / "data", **settings) as intake:
        environment = (
            os.environ
            | settings
            | {
                "WETINK_QUEUE_PUBLIC_URL": f"https://localhost:{queue_port}",
                "WETINK_INTAKE_PORT": intake.url.rpartition(":")[2],
                "WETINK_TLS": "internal",
                "WETINK_HTTP_PORT": str(http_port),
                "XDG_DATA_HOME": str(folder),
                "XDG_CONFIG_HOME": str(folder),
            }
        )
        with (folder / "caddy.log").open("wb") as log:
            caddy = subprocess.Popen(
                [CADDY, "run", "--adapter", "caddyfile", "--config", CHECKOUT / "deploy/caddy/Caddyfile"],
                env=environment,
                stdout=log,
                stderr=log,
            )
        try:
            authority = folder / "caddy/pki/authorities/local/root.crt"
            eventually(lambda: answers(public, authority), what="Caddy's start")
            yield intake, public, authority
        finally:
            caddy.terminate()
            caddy.wait()


def answers(public, authority):
    with contextlib.suppress(httpx.TransportError, OSError), outside(public, authority) as stranger:
        return stranger.get("/openapi.json").status_code == 200
    return False


def outside(public, authority, key=None, source="127.0.0.1"):
    transport = httpx.HTTPTransport(verify=ssl.create_default_context(cafile=str(authority)), local_address=source)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.Client(base_url=public, transport=transport, headers=headers)


def test_a_link_made_through_the_door_takes_an_upload_through_the_door(doors):
    intake, public, authority = doors
    with outside(public, authority, intake.key) as portal, outside(public, authority) as client:
        case = portal.post("/v1/cases", json={"reference": "x"}).json()
        link = portal.post(f"/v1/cases/{case['id']}/upload-links").json()
        assert link["url"].startswith(f"{public}/u/")
        page = client.get(link["url"])
        assert page.headers["Strict-Transport-Security"]
        sent = client.post(link["url"], files={"file": ("form.pdf", PDF)})
        big = portal.post(f"/v1/cases/{case['id']}/documents", content=b"%PDF-" + bytes(20 << 20))
    assert page.status_code == 200
    assert sent.status_code == big.status_code == 202
    assert link["url"].rpartition("/")[2] not in intake.log()


def test_what_is_too_large_is_refused_in_our_words(doors):
    intake, public, authority = doors
    with outside(public, authority, intake.key) as portal:
        case = portal.post("/v1/cases", json={"reference": "x"}).json()
        sent = portal.post(f"/v1/cases/{case['id']}/documents", content=b"%PDF-" + bytes(101 << 20))
    assert sent.status_code == 413
    assert sent.json()["title"] == "Too large"


def test_metrics_are_not_passed_on(doors):
    intake, public, authority = doors
    assert httpx.get(f"{intake.url}/metrics").status_code == 200
    with outside(public, authority) as stranger:
        assert stranger.get("/metrics").status_code == 404
        assert stranger.get("/healthz").status_code == 200


def test_the_callers_own_address_is_known_and_cannot_be_made_up(doors):
    intake, public, authority = doors
    with outside(public, authority, source="127.0.0.2") as stranger:
        stranger.get("/v1/cases", headers={"X-Forwarded-For": "203.0.113.9"})
    eventually(lambda: '"client": "127.0.0.2"' in intake.log(), what="the line in the access log", timeout_s=5)
    assert "203.0.113.9" not in intake.log()
