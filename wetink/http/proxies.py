"""Reverse proxies: whose word about the caller's address is believed.

Place in the pipeline: outermost middleware of both HTTP faces.
Trust level: `X-Forwarded-*` is believed only from the networks of `WETINK_TRUSTED_PROXIES`; links are made from
the public address in the settings, never from a header. Residual risk: a proxy trusted by mistake.
"""

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from wetink.http.problems import not_found, problem_response

Network = IPv4Network | IPv6Network
_SIGNS_OF_A_PROXY = ("x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "forwarded", "via", "x-real-ip")


def parse_networks(text: str) -> tuple[Network, ...]:
    """Networks from a comma-separated setting; raises `ValueError` with the word that is none."""
    return tuple(ip_network(word.strip()) for word in text.split(",") if word.strip())


class ProxyMiddleware:
    """Puts the caller's own address and scheme in the scope, and keeps `/metrics` from the outside."""

    def __init__(self, app: ASGIApp, trusted: tuple[Network, ...]) -> None:
        self._app = app
        self._trusted = trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, seen as the trusted proxies saw it."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            if scope["path"] == "/metrics" and any(name in headers for name in _SIGNS_OF_A_PROXY):
                await problem_response(not_found("page"))(scope, receive, send)
                return
            self._believe(scope, headers)
        await self._app(scope, receive, send)

    def _believe(self, scope: Scope, headers: Headers) -> None:
        if not scope.get("client") or not self._is_trusted(scope["client"][0]):
            return
        hops = [hop.strip() for hop in ",".join(headers.getlist("x-forwarded-for")).split(",") if hop.strip()]
        for hop in reversed(hops):
            if not _is_address(hop):
                break
            scope["client"] = (hop, 0)
            if not self._is_trusted(hop):
                break
        if headers.get("x-forwarded-proto") in {"http", "https"}:
            scope["scheme"] = headers["x-forwarded-proto"]

    def _is_trusted(self, address: str) -> bool:
        return _is_address(address) and any(ip_address(address) in network for network in self._trusted)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
