"""Callers who say nothing, too little, too slowly or nonsense, and those who take no answer, over real sockets."""

import asyncio
import contextlib
import socket
import threading
import time

import httpx
import pytest
from fastapi.responses import StreamingResponse

from tests.support.eventually import eventually
from tests.support.intake import PDF, Intake
from tests.support.served import free_port, served
from wetink.http import connections
from wetink.http.application import Door, build_app
from wetink.http.bodies import Pace

DEADLINE_S = 1.0
GET = b"GET /docs HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture
def port(monkeypatch):
    monkeypatch.setattr(connections, "HEADERS_S", DEADLINE_S)
    port = free_port()
    with served(Intake(pace=Pace(idle_s=DEADLINE_S)).app, port):
        yield port


def everything(connection: socket.socket) -> bytes:
    """What the server says until it ends the connection."""
    connection.settimeout(20)
    said = b""
    with contextlib.suppress(ConnectionError):
        while piece := connection.recv(65_536):
            said += piece
    return said


def dribble(connection: socket.socket, text: bytes) -> None:
    """Send a byte now and then, until nobody listens."""
    with contextlib.suppress(OSError):
        for byte in text:
            connection.send(bytes([byte]))
            time.sleep(DEADLINE_S / 10)


@pytest.mark.parametrize("words", [b"", b"GET /docs HT", GET, b"X-Long: " + b"x" * 200])
def test_headers_that_do_not_come_in_time_are_cut(port, words):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        began = time.monotonic()
        threading.Thread(target=dribble, args=(connection, words), daemon=True).start()
        said = everything(connection)
    assert DEADLINE_S * 0.9 < time.monotonic() - began < 10
    assert said.startswith(b"HTTP/1.1 408 ")


def test_headers_of_a_later_request_are_timed_too(port):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(GET + b"\r\n")
        connection.recv(100)
        dribble(connection, b"GET /docs")
        assert b"HTTP/1.1 408 " in everything(connection)


def test_who_sends_a_request_in_pieces_but_in_time_is_heard(port):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        for piece in (GET, b"Connection: ", b"close\r\n\r\n"):
            connection.sendall(piece)
            time.sleep(DEADLINE_S / 10)
        assert everything(connection).startswith(b"HTTP/1.1 200 ")


def test_a_body_that_stops_on_the_way_is_cut_and_leaves_nothing(monkeypatch):
    intake, port = Intake(pace=Pace(idle_s=DEADLINE_S)), free_port()
    authorization = f"Bearer {intake.key()}"
    with served(intake.app, port) as url:
        headers = {"Authorization": authorization}
        case = httpx.post(f"{url}/v1/cases", json={"reference": "x"}, headers=headers).json()
        blobs = dict(intake.blobs.contents)
        with socket.create_connection(("127.0.0.1", port)) as connection:
            head = f"POST /v1/cases/{case['id']}/documents HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n"
            connection.sendall(f"{head}Authorization: {authorization}\r\n\r\n".encode() + PDF * 10)
            assert everything(connection).startswith(b"HTTP/1.1 408 ")
    assert intake.blobs.contents == blobs
    assert intake.events("document.received") == []


@pytest.mark.parametrize("nonsense", [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"GET\r\n\r\n"])
def test_what_is_no_http_is_refused_in_our_words(port, nonsense):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(nonsense)
        said = everything(connection).lower()
    assert said.startswith(b"http/1.1 400 ")
    assert b"application/problem+json" in said
    assert b"x-content-type-options: nosniff" in said


def test_who_takes_nothing_of_the_answer_is_cut(monkeypatch):
    monkeypatch.setattr(connections, "STALLED_S", DEADLINE_S)
    app = build_app("Test", "Test", Door(lambda _: None, "http://x", is_public=lambda *_: True))
    ended = threading.Event()

    async def endless():
        try:
            while True:
                yield b"x" * 100_000
                await asyncio.sleep(0)
        finally:
            ended.set()

    @app.get("/endless")
    def answer() -> StreamingResponse:
        return StreamingResponse(endless())

    port = free_port()
    with served(app, port), socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
        eventually(ended.is_set, timeout_s=20, what="the end of the answer")
