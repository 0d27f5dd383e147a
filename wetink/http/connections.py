"""Connections that say nothing, too little or nonsense: refused or cut before there is a request.

Place in the pipeline: uvicorn's protocol for both HTTP faces, below the application, which sees a
request only once its headers are complete (bodies are timed in `bodies`).
Trust level: bytes from anybody; h11 parses them and takes at most 16 KB of headers.
Residual risk: many connections together hold file descriptors for the length of a deadline.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from wetink.http.bodies import too_slow
from wetink.http.headers import SECURITY_HEADERS
from wetink.http.problems import ProblemError, problem_response

HEADERS_S = 20.0
"""How long the headers of a request may take."""
STALLED_S = 60.0
"""How long a caller may take nothing of its answer."""


class _Deadline:
    """Calls `late` unless it is ended in time; it can be set again."""

    def __init__(self, seconds: float, late: Callable[[], None]) -> None:
        self._seconds = seconds
        self._late = late
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Let the time run, unless it runs already."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._seconds, self._late)

    def end(self) -> None:
        """It was in time."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class GuardedConnection(H11Protocol):
    """uvicorn's HTTP/1.1 with deadlines, and with our own words for what is no request."""

    def __init__(self, *parts: Any, **named: Any) -> None:  # noqa: ANN401 - uvicorn's own, passed on
        super().__init__(*parts, **named)
        self._headers = _Deadline(HEADERS_S, self._headers_are_late)
        self._answer = _Deadline(STALLED_S, self._answer_is_not_taken)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first headers."""
        super().connection_made(transport)
        self._headers.begin()

    def data_received(self, data: bytes) -> None:
        """Take what came; keep the time until there are headers, also of a later request on the connection."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._headers.begin()
        else:
            self._headers.end()

    def pause_writing(self) -> None:
        """The caller takes no more of its answer: for a while."""
        super().pause_writing()
        self._answer.begin()

    def resume_writing(self) -> None:
        """It takes again."""
        super().resume_writing()
        self._answer.end()

    def connection_lost(self, exc: Exception | None) -> None:
        """End the deadlines with the connection."""
        super().connection_lost(exc)
        self._headers.end()
        self._answer.end()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - ours is said instead
        """Refuse bytes that are no HTTP."""
        self._refuse(ProblemError(400, "This is no HTTP request", "Check what sends it."))

    def _headers_are_late(self) -> None:
        self._refuse(too_slow())

    def _answer_is_not_taken(self) -> None:
        self.transport.abort()

    def _refuse(self, problem: ProblemError) -> None:
        """Answer if nothing was answered yet, and end the connection."""
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            answer = problem_response(problem)
            headers = [*answer.headers.items(), *SECURITY_HEADERS.items(), ("Connection", "close")]
            said = h11.Response(status_code=problem.status_code, headers=headers)
            for event in (said, h11.Data(data=bytes(answer.body)), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
