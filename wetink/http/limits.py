"""How often one caller may ask, and how much is worked on at once.

Place in the pipeline: middleware of both HTTP faces, behind authentication and before a byte of the body is read.
Counts are kept in memory and belong to this process. Health and metrics are never refused.
Trust level: a caller is its key; without one, its address as trusted proxies tell it (of IPv6 the /64 network).
Residual risk: behind a proxy that is not trusted all callers without a key are one; many addresses together can
hold all places.
"""

import math
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from starlette.types import ASGIApp, Receive, Scope, Send

from wetink.http.problems import ProblemError, problem_response

UNLIMITED_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})
_WINDOW_S = 60.0
_MOST_CALLERS = 10_000
_BUSY_RETRY_S = 2


@dataclass(frozen=True)
class Limits:
    """`requests_per_minute` of one caller; how many requests are worked on `at_once`, and how many long ones.

    Long are uploads and live streams, which have places of their own. One caller gets two thirds at most.
    """

    requests_per_minute: int = 6_000
    at_once: int = 200
    long_at_once: int = 160


class LimitMiddleware:
    """Answers 429 to who asks too often and 503 while all places are taken, both with `Retry-After`."""

    def __init__(self, app: ASGIApp, limits: Limits, is_long: Callable[[str, str], bool]) -> None:
        self._app = app
        self._is_long = is_long
        self._rate = Rate(limits.requests_per_minute)
        self._short = Places(limits.at_once)
        self._long = Places(limits.long_at_once)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or refuse it unread."""
        if scope["type"] != "http" or scope["path"] in UNLIMITED_PATHS:
            await self._app(scope, receive, send)
            return
        caller = caller_of(scope)
        places = self._long if self._is_long(scope["method"], scope["path"]) else self._short
        try:
            self._rate.count(caller, time.monotonic())
            places.check(caller)
        except ProblemError as problem:
            await problem_response(problem)(scope, receive, send)
            return
        with places.taken(caller):
            await self._app(scope, receive, send)


class Rate:
    """Requests of each caller, as the moment at which all that it did is worked off (a leaky bucket)."""

    def __init__(self, per_minute: int) -> None:
        self._cost_s = _WINDOW_S / per_minute
        self._free_at: dict[str, float] = {}

    def count(self, caller: str, now_s: float) -> None:
        """Count one request; raises `ProblemError` 429 when it is one too many, and does not count it then."""
        free_at = max(self._free_at.pop(caller, 0.0), now_s)
        over_s = free_at + self._cost_s - now_s - _WINDOW_S
        is_too_many = over_s > 1e-6
        self._free_at[caller] = free_at if is_too_many else free_at + self._cost_s
        self._forget_some(now_s)
        if is_too_many:
            raise _too_often(max(1, math.ceil(over_s)))

    def _forget_some(self, now_s: float) -> None:
        """Bound the memory: those who are free are forgotten, and if that is too few, who asked longest ago."""
        if len(self._free_at) > _MOST_CALLERS:
            self._free_at = {caller: at for caller, at in self._free_at.items() if at > now_s}
            while len(self._free_at) > _MOST_CALLERS:
                del self._free_at[next(iter(self._free_at))]


class Places:
    """`most` requests at once, of one caller at most two thirds of them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._most_each = max(1, most * 2 // 3)
        self._taken: Counter[str] = Counter()

    def check(self, caller: str) -> None:
        """Raise `ProblemError` 503 unless there is a place for `caller`."""
        if self._taken.total() >= self._most or self._taken[caller] >= self._most_each:
            raise _too_busy()

    @contextmanager
    def taken(self, caller: str) -> Iterator[None]:
        """Hold a place for the length of the block."""
        self._taken[caller] += 1
        try:
            yield
        finally:
            self._taken[caller] -= 1
            if not self._taken[caller]:
                del self._taken[caller]


def caller_of(scope: Scope) -> str:
    """Whom a request counts for."""
    caller = scope.get("state", {}).get("caller")
    if caller is not None:
        return str(caller.id)
    host = scope["client"][0] if scope.get("client") else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or int(address) >> 64)
    return host


def _too_often(retry_s: int) -> ProblemError:
    return ProblemError(
        429, "Too many requests", f"Wait {retry_s} s, then go on more slowly.", {"Retry-After": str(retry_s)}
    )


def _too_busy() -> ProblemError:
    return ProblemError(
        503,
        "Too much at once",
        "Nothing was stored. Send the request again, with fewer at a time.",
        {"Retry-After": str(_BUSY_RETRY_S)},
    )
