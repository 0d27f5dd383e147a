"""The web server as a part of a process: uvicorn on loopback, in a thread of its own.

Place in the pipeline: made by the composition roots of intake and notifier, run by
`wetink.stream.main.run_until_stopped` beside the stream worker.
Trust level: what reaches the port is hostile. uvicorn's own trust in proxies, its access log (it knows paths, and
with them upload links) and its name are switched off. Residual risk: see `connections`.
"""

import socket
import threading

import uvicorn
from starlette.types import ASGIApp

from wetink.http.connections import GuardedConnection
from wetink.logs import Log

_log = Log(__name__)


class WebServer:
    """Serves `app` on 127.0.0.1; a `wetink.health.Part`."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._port = port
        config = uvicorn.Config(
            app,
            http=GuardedConnection,
            ws="none",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=5,
        )
        self._server = uvicorn.Server(config)
        self._sockets: list[socket.socket] = []
        self._thread = threading.Thread(target=self._server.run, args=(self._sockets,), name="web", daemon=True)

    @property
    def is_ready(self) -> bool:
        """True while the port is open."""
        return self._server.started and self._thread.is_alive()

    def start(self) -> None:
        """Take the port and start serving; returns at once. Raises `OSError` when the port is another's.

        uvicorn would take it in the thread: until it failed there, the other's answers would count as ours.
        """
        try:
            self._sockets.append(socket.create_server(("127.0.0.1", self._port)))
        except OSError:
            _log.error("port_taken", port=self._port)
            raise
        self._thread.start()

    def stop(self, timeout_s: float = 7.0) -> None:
        """Take no more requests and let those in work end, for at most `timeout_s`."""
        self._server.should_exit = True
        self._thread.join(timeout_s)

    def problems(self) -> list[str]:
        """One when the server ended by itself."""
        return [] if self._thread.is_alive() else ["the web server ended"]
