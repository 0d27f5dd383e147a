"""Dialling over real sockets on loopback: what receivers do, and where the guard stands."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network

import pytest

from services.notifier.webhooks import dialling
from services.notifier.webhooks.dialling import Dialler
from tests.support.receiver import webhook_receiver

LOOPBACK = (ip_network("127.0.0.0/8"),)


@contextmanager
def peer(answer: bytes) -> Iterator[str]:
    """Listens, answers the first caller with `answer` and keeps the line open until the block ends."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def talk() -> None:
            line, _ = server.accept()
            with line:
                line.recv(65_536)
                line.sendall(answer)
                done.wait(30)

        thread = threading.Thread(target=talk, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/hook"
        done.set()
        thread.join()


async def test_a_receiver_gets_body_and_headers():
    with webhook_receiver() as receiver:
        answer = await Dialler(LOOPBACK).post(receiver.url, {"webhook-id": "msg_1"}, b"{}")
    assert answer.code == 204
    assert receiver.deliveries[0].body == b"{}"
    assert receiver.deliveries[0].headers["webhook-id"] == "msg_1"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_an_address_that_is_not_allowed_is_not_dialled_however_it_is_named(host):
    with webhook_receiver() as receiver:
        url = receiver.url.replace("127.0.0.1", host)
        answer = await Dialler(()).post(url, {}, b"{}")
    assert (answer.code, answer.error) == (None, "address_not_allowed")
    assert receiver.deliveries == []


async def test_a_redirect_is_not_followed():
    with peer(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n") as url:
        answer = await Dialler(LOOPBACK).post(url, {}, b"{}")
    assert answer.code == 302


async def test_retry_after_is_handed_on():
    with peer(b"HTTP/1.1 429 Slow\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n") as url:
        answer = await Dialler(LOOPBACK).post(url, {}, b"{}")
    assert (answer.code, answer.retry_after) == (429, "120")


async def test_an_endless_answer_is_cut():
    endless = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n" + b"x" * 100_000
    with peer(endless) as url:
        answer = await Dialler(LOOPBACK).post(url, {}, b"{}")
    assert answer.code == 200


async def test_a_receiver_that_says_nothing_is_left_in_time(monkeypatch):
    monkeypatch.setattr(dialling, "TIMEOUT_S", 0.2)
    with peer(b"") as url:
        answer = await Dialler(LOOPBACK).post(url, {}, b"{}")
    assert answer.error == "timeout"


async def test_what_is_no_http_or_nobody_is_said_so():
    with peer(b"220 mail.example ESMTP\r\n\r\n") as url:
        assert (await Dialler(LOOPBACK).post(url, {}, b"{}")).error == "no_http_answer"
    assert (await Dialler(LOOPBACK).post("http://127.0.0.1:1/", {}, b"{}")).error == "connection_failed"
    assert (await Dialler(LOOPBACK).post("https://nobody.invalid/", {}, b"{}")).error == "connection_failed"
