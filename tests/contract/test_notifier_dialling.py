"""Dialling over real sockets on loopback: what receivers do, and where the guard stands."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

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


def names(monkeypatch, *answers):
    """The resolver gives these lists of addresses, one after the other; returns how often it was asked."""
    asked = []

    def look_up(host, port, **_):
        asked.append(host)
        addresses = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


async def test_what_was_checked_is_what_is_dialled_though_the_name_changes_its_mind(monkeypatch):
    with webhook_receiver() as receiver:
        asked = names(monkeypatch, ["10.0.0.1"], ["127.0.0.1"])
        answer = await Dialler(LOOPBACK).post(receiver.url.replace("127.0.0.1", "rebinding.example"), {}, b"{}")
    assert answer.error == "address_not_allowed"
    assert len(asked) == 1
    assert receiver.deliveries == []


async def test_of_several_addresses_the_allowed_are_tried_in_turn(monkeypatch):
    with webhook_receiver() as receiver:
        names(monkeypatch, ["10.0.0.1", "127.0.0.2", "127.0.0.1"])
        answer = await Dialler(LOOPBACK).post(receiver.url.replace("127.0.0.1", "several.example"), {}, b"{}")
    assert answer.code == 204


async def test_proxies_of_the_environment_are_not_used(monkeypatch):
    with webhook_receiver() as proxy, webhook_receiver() as receiver:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert (await Dialler(LOOPBACK).post(receiver.url, {}, b"{}")).code == 204
    assert proxy.deliveries == []
    assert len(receiver.deliveries) == 1


async def test_an_answer_that_drips_is_left_in_time(monkeypatch):
    monkeypatch.setattr(dialling, "TIMEOUT_S", 0.5)
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            line, _ = server.accept()
            with line, suppress(OSError):
                line.recv(65_536)
                line.sendall(b"HTTP/1.1 200 OK\r\n")
                while not done.wait(0.05):
                    line.sendall(b"X")

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        answer = await Dialler(LOOPBACK).post(f"http://127.0.0.1:{server.getsockname()[1]}/", {}, b"{}")
        done.set()
        thread.join()
    assert answer.error == "timeout"


async def test_endless_headers_are_no_answer():
    with peer(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 1_000_000) as url:
        assert (await Dialler(LOOPBACK).post(url, {}, b"{}")).error == "no_http_answer"


async def test_names_that_resolve_for_ever_delay_no_other(monkeypatch):
    monkeypatch.setattr(dialling, "TIMEOUT_S", 3)
    may_end, real = threading.Event(), socket.getaddrinfo

    def look_up(host, *rest, **named):
        if host == "hanging.example":
            may_end.wait(20)
        return real(host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with webhook_receiver() as receiver:
        dialler = Dialler(LOOPBACK)
        hanging = [dialler.post("https://hanging.example/", {}, b"{}") for _ in range(20)]
        *dead, alive = await asyncio.gather(*hanging, dialler.post(receiver.url, {}, b"{}"))
        assert await asyncio.wait_for(asyncio.to_thread(lambda: "at work"), 5) == "at work"
        may_end.set()
    assert {answer.error for answer in dead} == {"timeout"}
    assert alive.code == 204


def certificate(folder, name, days=1):
    """A certificate for `name` that vouches for itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    began = datetime.now(UTC) - timedelta(days=10)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(began)
        .not_valid_after(began + timedelta(days=10 + days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    own = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / f"{name}.pem"
    path.write_bytes(own + made.public_bytes(pem))
    return path


@contextmanager
def tls_peer(path) -> Iterator[int]:
    """The port of a receiver that shows that certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def talk() -> None:
            line, _ = server.accept()
            with line, suppress(OSError), context.wrap_socket(line, server_side=True) as safe:
                safe.recv(65_536)
                safe.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

        thread = threading.Thread(target=talk, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(10)


@pytest.mark.parametrize(
    ("shown", "is_trusted", "code"),
    [
        (("hooks.example", 1), True, 204),
        (("hooks.example", 1), False, None),
        (("other.example", 1), True, None),
        (("hooks.example", -1), True, None),
    ],
    ids=["good", "unknown authority", "another name", "expired"],
)
async def test_certificates_are_checked(monkeypatch, tmp_path, shown, is_trusted, code):
    path = certificate(tmp_path, *shown)
    names(monkeypatch, ["127.0.0.1"])
    dialler = Dialler(LOOPBACK)
    if is_trusted:
        dialler._tls.load_verify_locations(path)
    with tls_peer(path) as port:
        answer = await dialler.post(f"https://hooks.example:{port}/", {}, b"{}")
    assert (answer.code, answer.error) == (code, None if code else "connection_failed")
