"""How much a request may say, and how slowly.

Place in the pipeline: middleware of both HTTP faces, behind authentication. What is too large by its own
announcement is refused unread; the rest is counted while it arrives; who dawdles is cut.
Trust level: `Content-Length` is a claim. Residual risk: many patient senders together still hold connections.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wetink.http.problems import ProblemError, problem_response

SMALL_BODY_BYTES = 1 << 20
"""Enough for every JSON body and form of ours."""


@dataclass(frozen=True)
class Pace:
    """The slowest sender that is borne: `idle_s` between two pieces, `bytes_per_s` on average after `grace_s`."""

    idle_s: float = 30.0
    grace_s: float = 60.0
    bytes_per_s: int = 512


class BodyLimitMiddleware:
    """Refuses bodies over `limit_of(method, path)` bytes with 413 and slow ones with 408."""

    def __init__(self, app: ASGIApp, limit_of: Callable[[str, str], int], pace: Pace) -> None:
        self._app = app
        self._limit_of = limit_of
        self._pace = pace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through with a `receive` that counts and keeps time."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit_of(scope["method"], scope["path"])
        announced = HTTPConnection(scope).headers.get("content-length", "0")
        if not announced.isascii() or not announced.isdigit() or int(announced) > limit:
            await problem_response(too_large(limit))(scope, receive, send)
            return
        await self._app(scope, _Measured(receive, limit, self._pace), send)


class _Measured:
    """A `receive` that knows how much came and how long it took."""

    def __init__(self, receive: Receive, limit: int, pace: Pace) -> None:
        self._receive = receive
        self._limit = limit
        self._pace = pace
        self._waited_s = 0.0
        self._size = 0
        self._is_complete = False

    async def __call__(self) -> Message:
        """The next message; raises `ProblemError` 408 or 413 while the body is still arriving."""
        if self._is_complete:
            return await self._receive()
        message = await self._next_piece()
        self._size += len(message.get("body", b""))
        self._is_complete = not message.get("more_body", False)
        if self._size > self._limit:
            raise too_large(self._limit)
        expected = self._pace.bytes_per_s * (self._waited_s - self._pace.grace_s)
        if not self._is_complete and self._size < expected:
            raise too_slow()
        return message

    async def _next_piece(self) -> Message:
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._pace.idle_s):
                return await self._receive()
        except TimeoutError:
            raise too_slow() from None
        finally:
            self._waited_s += time.monotonic() - started


def too_large(limit: int) -> ProblemError:
    """413 with the limit in words."""
    megabytes = f"{limit / (1 << 20):g} MB"
    return ProblemError(413, "Too large", f"At most {megabytes} are accepted. Send less, or in parts.")


def too_slow() -> ProblemError:
    """408, for headers and bodies alike."""
    return ProblemError(408, "Too slow", "The request did not arrive in time. Send it again.")
