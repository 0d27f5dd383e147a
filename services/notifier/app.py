"""The notifier's application: the queue's calls and its page behind the shared guards.

Place in the pipeline: made by `__main__` and by the tests, which need no socket.
Trust level: see `wetink.http` and `sessions`. Residual risk: none of its own.
"""

from collections.abc import Callable, Sequence

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from services.notifier.api.cases import case_routes
from services.notifier.api.documents import document_routes
from services.notifier.api.flags import flag_routes
from services.notifier.api.search import search_routes
from services.notifier.api.stream import PATH as STREAM_PATH
from services.notifier.api.stream import stream_routes
from services.notifier.api.webhooks import delivery_routes, webhook_routes
from services.notifier.page.login import login_routes
from services.notifier.page.routes import STATIC, is_public, page_routes
from services.notifier.ports import Ports
from services.notifier.sessions import key_or_session
from services.notifier.webhooks.addresses import Network
from wetink.http.application import Door, build_app
from wetink.http.limits import Limits

_DESCRIPTION = (
    "The queue for case managers: flags, their pictures and decisions, a live stream, and webhooks for other "
    "systems. Send `Authorization: Bearer <key>` with every call; the page at / uses a login."
)


def _never() -> bool:
    return False


def notifier_app(
    ports: Ports,
    *,
    trusted_proxies: str = "",
    webhook_allow: Sequence[Network] = (),
    is_stopping: Callable[[], bool] = _never,
    limits: Limits | None = None,
) -> FastAPI:
    """The application; health routes are added by who starts it. Streams end when `is_stopping`."""
    authenticate = key_or_session(ports)
    door = Door(
        authenticate=authenticate,
        public_url=ports.queue_url,
        trusted_proxies=trusted_proxies,
        is_public=is_public,
        is_long=lambda _method, path: path == STREAM_PATH,
        limits=limits or Limits(),
    )
    app = build_app("Wetink queue", _DESCRIPTION, door)
    # The stream's path is a word where the others have an id, so it comes first.
    app.include_router(stream_routes(ports, authenticate, is_stopping))
    app.include_router(flag_routes(ports))
    app.include_router(document_routes(ports))
    app.include_router(case_routes(ports))
    app.include_router(search_routes(ports))
    app.include_router(webhook_routes(ports, webhook_allow))
    app.include_router(delivery_routes(ports))
    app.include_router(login_routes(ports))
    app.include_router(page_routes(ports))
    app.mount("/static", StaticFiles(directory=STATIC))
    return app
