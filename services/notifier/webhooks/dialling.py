"""One HTTP request to a webhook's receiver, to an address that was checked.

Place in the pipeline: the sender's only way out. httpcore is used without httpx: no redirects, no proxies from the
environment, and the network backend is a public part of it. Certificates are the system's.
Trust level: the answer is hostile: its status and `Retry-After` are looked at, its body is not kept.
Residual risk: none known; the name is resolved once, and what was checked is what is dialled.
"""

import asyncio
import socket
import ssl
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from typing import Any

import httpcore

from services.notifier.webhooks.addresses import Network, may_dial

TIMEOUT_S = 20.0
_CONNECT_S = 5.0
"""For each address of a name."""
_RESPONSE_BYTES = 16_384
_NAMES = ThreadPoolExecutor(32, "webhook-names")
"""Names are looked up in threads of their own: one that resolves slowly holds nothing else up."""


class ForbiddenAddressError(Exception):
    """The name leads to an address that webhooks may not reach."""


@dataclass(frozen=True)
class Answer:
    """What came back: `code` is None when there was no answer, then `error` says why in one code."""

    code: int | None
    error: str | None = None
    retry_after: str | None = None


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Resolves a name itself and dials only addresses that are allowed."""

    def __init__(self, allowed: Sequence[Network], *, is_tls: bool) -> None:
        self._allowed = allowed
        self._is_tls = is_tls
        self._dialler = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - the base class names it
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first allowed address of `host` that answers.

        Raises `ForbiddenAddressError` when none is allowed, `httpcore.ConnectError` or `ConnectTimeout` when none
        answers.
        """
        problem: Exception = ForbiddenAddressError()
        for address in await self._addresses(host, port):
            if not may_dial(ip_address(address), self._allowed, is_tls=self._is_tls):
                continue
            try:
                return await self._dialler.connect_tcp(address, port, _CONNECT_S, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
        raise problem

    async def _addresses(self, host: str, port: int) -> list[str]:
        look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        try:
            found = await asyncio.get_running_loop().run_in_executor(_NAMES, look_up)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError("the name is not known") from error
        return [str(sockaddr[0]).partition("%")[0] for *_, sockaddr in found]


class Dialler:
    """Posts bodies to receivers; certificates are checked against the system's authorities."""

    def __init__(self, allowed: Sequence[Network]) -> None:
        self._allowed = allowed
        self._tls = ssl.create_default_context()

    async def post(self, url: str, headers: dict[str, str], body: bytes) -> Answer:
        """Send and say what came back; never raises for what a receiver does. Takes at most 20 s."""
        try:
            async with asyncio.timeout(TIMEOUT_S):
                return await self._post(url, headers, body)
        except (TimeoutError, httpcore.TimeoutException):
            return Answer(None, "timeout")
        except ForbiddenAddressError:
            return Answer(None, "address_not_allowed")
        except (httpcore.NetworkError, ssl.SSLError, OSError):
            return Answer(None, "connection_failed")
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol, ValueError):
            return Answer(None, "no_http_answer")

    async def _post(self, url: str, headers: dict[str, str], body: bytes) -> Answer:
        backend = GuardedBackend(self._allowed, is_tls=url.startswith("https:"))
        async with (
            httpcore.AsyncConnectionPool(ssl_context=self._tls, network_backend=backend, retries=0) as pool,
            pool.stream("POST", url, headers=list(headers.items()), content=body) as response,
        ):
            await _drain(response)
            return Answer(response.status, None, _header(response, b"retry-after"))


async def _drain(response: httpcore.Response) -> None:
    """Read a little of the body, so that a polite receiver is not cut off; the rest is left unread."""
    size = 0
    async for piece in response.aiter_stream():
        size += len(piece)
        if size > _RESPONSE_BYTES:
            return


def _header(response: httpcore.Response, name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in response.headers if key.lower() == name), None)
