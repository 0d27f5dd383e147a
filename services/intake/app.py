"""Intake's application: the routes behind the shared guards.

Place in the pipeline: made by `__main__` and by the tests, which need no socket.
Trust level: see `wetink.http`. Residual risk: none of its own.
"""

from fastapi import FastAPI

from services.intake import cases, deletion, documents, links, unlocking, withdrawing
from services.intake.ports import Ports
from services.intake.uploads.accepting import FRAMING_BYTES
from wetink.http.application import Door, build_app
from wetink.http.authentication import bearer
from wetink.http.bodies import SMALL_BODY_BYTES, Pace
from wetink.http.limits import Limits

_DESCRIPTION = (
    "The door for clients and portals: open a case, upload its documents, see where they stand. "
    "Send `Authorization: Bearer <key>` with every call; upload links need no key."
)


def intake_app(
    ports: Ports, *, trusted_proxies: str = "", pace: Pace | None = None, limits: Limits | None = None
) -> FastAPI:
    """The application; health routes are added by who starts it."""

    def limit_of(method: str, path: str) -> int:
        return ports.max_upload_bytes + FRAMING_BYTES if _is_upload(method, path) else SMALL_BODY_BYTES

    door = Door(
        authenticate=bearer(ports.keystore),
        public_url=ports.public_url,
        trusted_proxies=trusted_proxies,
        is_public=lambda _method, path: path.startswith(links.PATH),
        is_long=_is_upload,
        limit_of=limit_of,
        pace=pace or Pace(),
        limits=limits or Limits(),
    )
    app = build_app("Wetink intake", _DESCRIPTION, door)
    app.state.ports = ports
    for part in (cases, deletion, documents, unlocking, withdrawing, links):
        app.include_router(part.router)
    return app


def _is_upload(method: str, path: str) -> bool:
    return method == "POST" and (path.endswith("/documents") or path.startswith(links.PATH))
