"""Who is calling: decided before a route is looked up and before a byte of the body is read.

Place in the pipeline: middleware of both HTTP faces. FastAPI's own dependencies run after the body has arrived,
hence middleware.
Trust level: the header is hostile; only the key store says whose secret it is. Residual risk: a stolen key works
until it is revoked.
"""

from collections.abc import Callable
from typing import Annotated

from anyio import to_thread
from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from wetink.errors import RetryError
from wetink.http.problems import ProblemError, problem_of, problem_response
from wetink.keystore.port import AccessRole, Caller, KeyStore

Authenticate = Callable[[HTTPConnection], Caller | None]
"""Looks at a request's headers (never its body) and says who calls; runs in a thread of its own."""
IsPublic = Callable[[str, str], bool]
"""Whether a method and path need no key."""
_MAX_SECRET = 200


def bearer(keystore: KeyStore) -> Authenticate:
    """Authentication by `Authorization: Bearer <key>`."""

    def authenticate(connection: HTTPConnection) -> Caller | None:
        scheme, _, untrusted_secret = connection.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not 0 < len(untrusted_secret) <= _MAX_SECRET:
            return None
        return keystore.caller_of(untrusted_secret.strip())

    return authenticate


class AuthenticationMiddleware:
    """Answers 401 to whoever `authenticate` does not know; routes find the caller by `CallerHere`."""

    def __init__(self, app: ASGIApp, authenticate: Authenticate, is_public: IsPublic) -> None:
        self._app = app
        self._authenticate = authenticate
        self._is_public = is_public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or refuse it."""
        if scope["type"] == "http" and not self._is_public(scope["method"], scope["path"]):
            try:
                caller = await to_thread.run_sync(self._authenticate, HTTPConnection(scope))
            except RetryError as error:
                await problem_response(problem_of(error))(scope, receive, send)
                return
            if caller is None:
                await problem_response(_unauthorized())(scope, receive, send)
                return
            scope.setdefault("state", {})["caller"] = caller
        await self._app(scope, receive, send)


_scheme = HTTPBearer(auto_error=False, bearerFormat="wtk_...", description="An access key.")


def _caller_here(request: Request, _: Annotated[object, Depends(_scheme)]) -> Caller:
    caller = getattr(request.state, "caller", None)
    if not isinstance(caller, Caller):
        raise _unauthorized()
    return caller


CallerHere = Annotated[Caller, Depends(_caller_here)]
"""A route's parameter: who is calling."""


def require_role(caller: Caller, *roles: AccessRole) -> None:
    """Raise 403 unless the caller has one of `roles`."""
    if caller.role not in roles:
        raise ProblemError(403, "Not allowed", f"This needs a key with the role {' or '.join(roles)}.")


def _unauthorized() -> ProblemError:
    return ProblemError(
        401,
        "Who are you?",
        "Send a valid key: Authorization: Bearer <key>.",
        {"WWW-Authenticate": "Bearer"},
    )
