"""Answering before the body has arrived, so that the caller hears the answer.

Place in the pipeline: middleware of both HTTP faces, around whatever may refuse. A connection that is closed on a
caller who is still sending is reset, and many callers then never read why. So the whole answer is sent at once,
then a little of the body is thrown away, then the connection ends.
Trust level: what is thrown away is never looked at. Residual risk: who sends on and on is cut after 2 s or 8 MB.
"""

import asyncio
import contextlib

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LINGER_S = 2.0
_LINGER_BYTES = 8 << 20


class EarlyAnswerMiddleware:
    """Ends connections softly whose request was answered unread."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on and watch how much of the body was taken."""
        if scope["type"] != "http" or not _has_body(scope):
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(receive, send)
        await self._app(scope, exchange.receive, exchange.send)


class _Exchange:
    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._is_read = False
        self._is_early = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._is_read = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and not self._is_read:
            self._is_early = True
            MutableHeaders(scope=message)["Connection"] = "close"
        if self._is_early and message["type"] == "http.response.body" and not message.get("more_body", False):
            await self._send({**message, "more_body": True})
            await self._linger()
            message = {"type": "http.response.body"}
        await self._send(message)

    async def _linger(self) -> None:
        thrown_away = 0
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LINGER_S):
                while not self._is_read and thrown_away < _LINGER_BYTES:
                    thrown_away += len((await self.receive()).get("body", b""))


def _has_body(scope: Scope) -> bool:
    headers = HTTPConnection(scope).headers
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"
