"""Intake as a real process on real sockets and disk: streaming, memory, refusals before the body, a quick end."""

import json
import socket
import threading
import time
from typing import Self

import httpx
import psutil
import pytest

from tests.support.eventually import eventually
from tests.support.intake_process import intake_process

MB = 1 << 20
GROWTH_MAX_MB = 32


@pytest.fixture(scope="module")
def intake(tmp_path_factory):
    with intake_process(tmp_path_factory.mktemp("intake"), WETINK_MAX_UPLOAD_MB="400") as intake:
        yield intake


@pytest.fixture
def caller(intake):
    with intake.caller() as caller:
        yield caller


@pytest.fixture
def documents_url(caller):
    case = caller.post("/v1/cases", json={"reference": "A-17"}).json()
    return f"/v1/cases/{case['id']}/documents"


def pdf(megabytes, canary=b"CANARY"):
    yield b"%PDF-1.7 " + canary.ljust(MB - 9)
    for number in range(1, megabytes):
        yield number.to_bytes(8, "big") * (MB // 8)


class Peak:
    """Highest resident memory of a process while the block runs, in bytes above its start."""

    def __init__(self, pid) -> None:
        self._process = psutil.Process(pid)
        self._stop = threading.Event()
        self.growth = 0

    def __enter__(self) -> Self:
        self._before = self._process.memory_info().rss
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self):
        while not self._stop.wait(0.02):
            self.growth = max(self.growth, self._process.memory_info().rss - self._before)


@pytest.mark.parametrize("kind", ["raw", "multipart"])
def test_a_300_mb_upload_needs_no_more_memory_than_a_small_one(
    intake, caller, documents_url, kind, record_property
):
    assert caller.post(documents_url, content=pdf(1, b"warm")).status_code == 202
    body, headers = pdf(300, kind.encode()), {}
    if kind == "multipart":
        headers = {"Content-Type": "multipart/form-data; boundary=frame"}
        body = framed(body)
    started = time.monotonic()
    with Peak(intake.process.pid) as peak:
        sent = caller.post(documents_url, content=body, headers=headers)
    record_property("seconds", time.monotonic() - started)
    record_property("growth_mb", peak.growth / MB)
    assert sent.status_code == 202
    assert sent.json()["size_bytes"] == 300 * MB
    assert peak.growth < GROWTH_MAX_MB * MB


def framed(body):
    yield b'--frame\r\nContent-Disposition: form-data; name="file"; filename="big.pdf"\r\n\r\n'
    yield from body
    yield b"\r\n--frame--\r\n"


@pytest.mark.parametrize(
    ("key", "size_mb", "status"), [("wrong", 300, 401), ("right", 500, 413), ("right", 300, 404)]
)
def test_refusals_do_not_wait_for_the_body(intake, key, size_mb, status):
    secret = intake.key if key == "right" else "wtk_wrong"
    host, _, port = intake.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(
            f"POST /v1/cases/case_x/documents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {secret}\r\n"
            f"Content-Length: {size_mb * MB}\r\nExpect: 100-continue\r\n\r\n".encode()
        )
        answer = connection.recv(4096)
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())


@pytest.mark.parametrize("key", ["wrong", "right"])
def test_who_is_refused_in_mid_body_hears_why(intake, documents_url, key):
    def zip_file():
        for _ in range(50):
            yield b"PK\x03\x04" * (MB // 4)

    secret = intake.key if key == "right" else "wtk_wrong"
    answer = httpx.post(
        intake.url + documents_url, content=zip_file(), headers={"Authorization": f"Bearer {secret}"}
    )
    assert answer.status_code == (415 if key == "right" else 401)
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_sender_that_goes_away_leaves_nothing(intake, caller, documents_url):
    def broken():
        yield from pdf(3)
        raise ConnectionError

    blobs = intake.data / "blobs"
    before = sorted(blobs.rglob("*"))
    with pytest.raises(ConnectionError):
        caller.post(documents_url, content=broken())
    eventually(lambda: sorted(blobs.rglob("*")) == before, what="the clearing up")


def test_nothing_of_a_file_lies_on_the_disk_in_plain(intake, caller, documents_url):
    sent = caller.post(
        documents_url, files={"file": ("PLANTED-NAME.pdf", b"%PDF-1.7 PLANTED-CONTENT" + b"x" * MB)}
    )
    assert sent.status_code == 202
    for path in (path for path in intake.data.rglob("*") if path.is_file()):
        content = path.read_bytes()
        assert b"PLANTED" not in content, path
        assert b"A-17" not in content, path


def test_it_is_alive_and_keeps_uploads_while_kafka_is_away_and_ends_quickly(tmp_path):
    with intake_process(tmp_path) as intake, intake.caller() as caller:
        case = caller.post("/v1/cases", json={"reference": "x"}).json()
        assert caller.post(f"/v1/cases/{case['id']}/documents", content=pdf(1)).status_code == 202
        assert caller.get("/healthz").status_code == 200
        note = json.loads((tmp_path / "run" / "intake.json").read_text())
        assert note == {"name": "intake", "pid": intake.process.pid, "url": intake.url}
        assert caller.get("/metrics").status_code == 200
        assert intake.stop() == 0


def test_who_asks_too_often_waits_and_health_does_not(tmp_path):
    with intake_process(tmp_path, WETINK_REQUESTS_PER_MINUTE="3") as intake, intake.caller() as caller:
        statuses = [caller.get("/v1/cases").status_code for _ in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
        assert {caller.get("/healthz").status_code for _ in range(5)} <= {200, 503}
