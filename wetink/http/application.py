"""A FastAPI application with all that our faces share, in the one order that is safe.

Place in the pipeline: called by the composition roots of intake and notifier (and by their tests, which need no
socket). From the outside in: headers, proxies, access log, early answers, authentication, limits, bodies, routes.
Trust level: see each part. Residual risk: a route that reads its body itself must keep to what it is given.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI

from wetink.http.access_log import AccessLogMiddleware
from wetink.http.authentication import Authenticate, AuthenticationMiddleware, IsPublic
from wetink.http.bodies import SMALL_BODY_BYTES, BodyLimitMiddleware, Pace
from wetink.http.docs import STYLE_PATH, serve_docs
from wetink.http.early_answers import EarlyAnswerMiddleware
from wetink.http.headers import SecurityHeadersMiddleware
from wetink.http.limits import LimitMiddleware, Limits
from wetink.http.problems import ProblemBody, handle_problems, responses
from wetink.http.proxies import ProxyMiddleware, parse_networks

_OPEN_PATHS = frozenset({"/healthz", "/readyz", "/metrics", "/openapi.json", "/docs", STYLE_PATH})


def _none(_method: str, _path: str) -> bool:
    return False


def _small_bodies(_method: str, _path: str) -> int:
    return SMALL_BODY_BYTES


@dataclass(frozen=True)
class Door:
    """How one face is guarded.

    `public_url` is the address that callers use, `trusted_proxies` the setting of that name. `is_public` tells
    which further method and path need no key (health and docs never do), `is_long` which are uploads or streams;
    `limit_of` how many bytes a method and path take.
    """

    authenticate: Authenticate
    public_url: str
    trusted_proxies: str = ""
    is_public: IsPublic = _none
    is_long: Callable[[str, str], bool] = _none
    limit_of: Callable[[str, str], int] = _small_bodies
    pace: Pace = field(default_factory=Pace)
    limits: Limits = field(default_factory=Limits)


class _App(FastAPI):
    """FastAPI whose OpenAPI document knows the shape of our refusals."""

    def openapi(self) -> dict[str, Any]:
        """The document; made once."""
        document = super().openapi()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas[ProblemBody.__name__] = ProblemBody.model_json_schema()
        return document


def build_app(title: str, description: str, door: Door) -> FastAPI:
    """An application without routes of its own; raises `ValueError` for a wrong `trusted_proxies`."""
    app = _App(
        title=title,
        description=description,
        docs_url=None,
        redoc_url=None,
        responses=responses(400, 401, 408, 413, 422, 429, 500, 503, 507),
        servers=[{"url": door.public_url}],
    )
    handle_problems(app)
    serve_docs(app)

    def is_public(method: str, path: str) -> bool:
        return path in _OPEN_PATHS or door.is_public(method, path)

    # The one added last is the outermost.
    app.add_middleware(BodyLimitMiddleware, limit_of=door.limit_of, pace=door.pace)
    app.add_middleware(LimitMiddleware, limits=door.limits, is_long=door.is_long)
    app.add_middleware(AuthenticationMiddleware, authenticate=door.authenticate, is_public=is_public)
    app.add_middleware(EarlyAnswerMiddleware)
    app.add_middleware(AccessLogMiddleware)
    app.add_middleware(ProxyMiddleware, trusted=parse_networks(door.trusted_proxies))
    app.add_middleware(SecurityHeadersMiddleware, is_https=door.public_url.startswith("https:"))
    return app
