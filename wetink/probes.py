"""Does a process, or the broker, answer? Asked from outside, over loopback, with nothing but a socket.

Place in the pipeline: used by `wetink status` and by the supervisor's health check, which must stay small: this
module imports next to nothing. Trust level: our own processes. Residual risk: none; no answer in time is a no.
"""

import socket
import struct

_API_VERSIONS = struct.pack(">ihhih", 10, 18, 0, 1, -1)
"""Kafka's simplest request (length, key, version, correlation id, no client id); every broker answers it."""


def http_status(port: int, path: str, timeout_s: float) -> int | None:
    """The status that `GET path` is answered with on that port of loopback; None without an answer in time."""
    request = f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n"
    answer = _answer(port, request.encode(), timeout_s, length=12)  # HTTP/1.1 200
    return int(answer[9:]) if answer.startswith(b"HTTP/") and answer[9:].isdigit() else None


def is_broker(port: int, timeout_s: float) -> bool:
    """Whether a Kafka broker answers there; that a connection is taken says nothing: the kernel takes it."""
    return _answer(port, _API_VERSIONS, timeout_s, length=8)[4:] == _API_VERSIONS[8:12]


def _answer(port: int, request: bytes, timeout_s: float, length: int) -> bytes:
    """The first `length` bytes of what comes back, fewer when there are none."""
    answer = b""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout_s) as connection:
            connection.sendall(request)
            while len(answer) < length and (more := connection.recv(length - len(answer))):
                answer += more
    except OSError:
        return b""
    return answer
