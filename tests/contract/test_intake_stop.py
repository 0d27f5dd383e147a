"""SIGTERM with an upload in flight: one that comes to its end is answered, one that does not leaves nothing."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.eventually import eventually
from tests.support.intake_process import IntakeProcess, intake_process

pytestmark = pytest.mark.slow
CONTENT = b"%PDF-1.7\n" + b"x" * 2_000_000
HALF = len(CONTENT) // 2
END_WITHIN_S = 10


@pytest.fixture
def intake(tmp_path: Path) -> Iterator[IntakeProcess]:
    with intake_process(tmp_path) as running:
        yield running


@pytest.fixture
def upload(intake: IntakeProcess) -> Iterator[socket.socket]:
    """The connection of an upload of which half has come."""
    with intake.caller() as caller:
        case = caller.post("/v1/cases", json={"reference": "STOP"}).json()["id"]
    host, port = intake.url.removeprefix("http://").split(":")
    head = (
        f"POST /v1/cases/{case}/documents HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {intake.key}\r\n"
        f"Content-Type: application/pdf\r\nContent-Length: {len(CONTENT)}\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(head.encode() + CONTENT[:HALF])
        eventually(lambda: drafts(intake), what="the first half")
        yield connection


def drafts(intake: IntakeProcess) -> list[Path]:
    """Blobs that are not whole yet."""
    return list((intake.data / "blobs" / ".drafts").iterdir())


def test_an_upload_that_ends_soon_is_answered(intake: IntakeProcess, upload: socket.socket):
    intake.process.terminate()
    eventually(lambda: '"stopping"' in intake.log(), what="the stop")
    upload.sendall(CONTENT[HALF:])
    assert upload.recv(100).startswith(b"HTTP/1.1 202 ")
    assert intake.process.wait(END_WITHIN_S) == 0


def test_an_upload_that_does_not_end_is_dropped_and_leaves_nothing(intake: IntakeProcess, upload: socket.socket):
    intake.process.terminate()
    assert intake.process.wait(END_WITHIN_S) == 0
    assert b" 202 " not in upload.recv(100)
    assert drafts(intake) == []
