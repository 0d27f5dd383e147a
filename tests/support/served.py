"""An application served on a free port of loopback, for tests that need a socket: browsers, open streams."""

import contextlib
import socket
from collections.abc import Iterator

from starlette.types import ASGIApp

from tests.support.eventually import eventually
from wetink.http.server import WebServer


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextlib.contextmanager
def served(app: ASGIApp, port: int) -> Iterator[str]:
    """The address of `app` for the length of the block."""
    server = WebServer(app, port)
    server.start()
    eventually(lambda: server.is_ready, timeout_s=10, what="the web server")
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.stop()
