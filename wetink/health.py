"""Is this process alive, ready, and what has it counted: `/healthz`, `/readyz`, `/metrics`.

Place in the pipeline: every process serves these three, without a key; the workers by the small server here, the
web services among their own routes (`wetink.health_routes`).
Trust level: reached on loopback. What came through a proxy must not see the metrics.
Residual risk: a proxy that adds no forwarding header is taken for the machine itself.
"""

import json
import sys
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from wetink.logs import Log

_log = Log(__name__)


class Part(Protocol):
    """A part of a process that runs beside others: a stream worker, a web server."""

    @property
    def is_ready(self) -> bool:
        """True when it can do its work."""
        ...

    def start(self) -> None:
        """Start it; returns at once."""
        ...

    def stop(self, timeout_s: float = 7.0) -> None:
        """End it within about `timeout_s`."""
        ...

    def problems(self) -> list[str]:
        """What keeps it from making progress, in words; empty when all is well."""
        ...


@dataclass(frozen=True)
class Answer:
    """An HTTP answer."""

    status: int
    media_type: str
    body: bytes


def _problems_of(part: Part) -> list[str]:
    try:
        return part.problems()
    except Exception as error:  # noqa: BLE001 - looking into libraries may fail; the watchdog must outlive it
        _log.warning("health_not_told", error=error)
        return ["a part cannot tell its health"]


class Health:
    """The health of a process: that of its parts together."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts

    def problems(self) -> list[str]:
        """The problems of all parts; a part that cannot tell its own has one."""
        return [problem for part in self._parts for problem in _problems_of(part)]

    def is_ready(self) -> bool:
        """True when every part is."""
        return all(part.is_ready for part in self._parts)

    def alive(self) -> Answer:
        """`/healthz`: 200, or 503 with the problems."""
        problems = self.problems()
        if problems:
            return _problem(503, "Not making progress", "; ".join(problems))
        return _json(200, {"status": "ok"})

    def ready(self) -> Answer:
        """`/readyz`: 200, or 503."""
        if not self.is_ready():
            detail = (
                "A part of this process is starting (try again in a second), or stopped by failures (see its log)."
            )
            return _problem(503, "Not ready", detail)
        return _json(200, {"status": "ready"})

    def metrics(self, header_names: Iterable[str]) -> Answer:
        """`/metrics`: Prometheus' text; 404 when one of the request's headers shows a proxy."""
        if any(is_forwarding(name) for name in header_names):
            return _not_found()
        return Answer(200, CONTENT_TYPE_LATEST, generate_latest())

    def answer(self, path: str, header_names: Iterable[str]) -> Answer:
        """The answer to `GET path`."""
        match path.partition("?")[0]:
            case "/healthz":
                return self.alive()
            case "/readyz":
                return self.ready()
            case "/metrics":
                return self.metrics(header_names)
            case _:
                return _not_found()


def is_forwarding(header_name: str) -> bool:
    """True for the headers that proxies add: `Forwarded`, `X-Forwarded-*`."""
    name = header_name.lower()
    return name == "forwarded" or name.startswith("x-forwarded-")


class _Server(ThreadingHTTPServer):
    """Does not print its callers' failures to the process's log, which has lines of one shape alone."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - the library's
        """A caller that hung up is no failure; anything else is told by its type."""
        error = sys.exception()
        if isinstance(error, Exception) and not isinstance(error, ConnectionError):
            _log.warning("health_not_answered", error=error)


class HealthServer:
    """Serves a `Health` on an ephemeral port of loopback, in a thread."""

    def __init__(self, health: Health) -> None:
        class Responder(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer = health.answer(self.path, self.headers.keys())
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.media_type)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - named by the library
                """Requests of monitors are not logged."""

        self._server = _Server(("127.0.0.1", 0), Responder)
        self._thread = threading.Thread(target=self._server.serve_forever, name="health", daemon=True)

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        """Start answering."""
        self._thread.start()

    def stop(self) -> None:
        """Stop answering and free the port."""
        self._server.shutdown()
        self._server.server_close()


def _json(status: int, body: dict[str, object]) -> Answer:
    return Answer(status, "application/json", json.dumps(body).encode())


def _problem(status: int, title: str, detail: str) -> Answer:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return Answer(status, "application/problem+json", json.dumps(body).encode())


def _not_found() -> Answer:
    return _problem(404, "Not found", "This process answers /healthz, /readyz and, on its own machine, /metrics.")
