"""Logging in and out of the page.

Place in the pipeline: `/login` and `/logout`. Trust level: a login is hostile until the key store knows it;
another site can log a person neither in nor out. Residual risk: see `sessions` and `throttle`.
"""

import time
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from services.notifier.page.templates import answer
from services.notifier.page.throttle import WINDOW_S, Throttle
from services.notifier.ports import Ports
from services.notifier.sessions import COOKIE, LIFE, close_session, open_session
from wetink.http.authentication import CallerHere
from wetink.http.problems import responses
from wetink.keystore import Caller

_OTHER_SITES = ("cross-site", "same-site")
_REFUSALS: dict[int | str, dict[str, Any]] = {
    status: answer | {"content": answer["content"] | {"text/html": {}}}
    for status, answer in responses(401, 403, 429).items()
}
"""Mostly the form again, with a word why."""
Typed = Annotated[str, Form(max_length=200)]


def login_routes(ports: Ports) -> APIRouter:
    """Login and logout."""
    router = APIRouter(tags=["page"], default_response_class=HTMLResponse)
    throttle = Throttle()

    @router.get("/login")
    def login_form() -> HTMLResponse:
        """The form for a personal login or a key."""
        return answer("login.html", problem="")

    @router.post("/login", status_code=303, responses=_REFUSALS)
    def login(request: Request, name: Typed = "", password: Typed = "", key: Typed = "") -> Response:
        """Begin a session with a name and password, or with a manager's or admin's key."""
        if request.headers.get("sec-fetch-site") in _OTHER_SITES:
            return answer("login.html", 403, problem="Open this page itself to log in.")
        address = request.client.host if request.client else ""
        if not throttle.is_open(address, time.monotonic()):
            refusal = answer("login.html", 429, problem="Too many tries. Wait five minutes.")
            refusal.headers["Retry-After"] = str(WINDOW_S)
            return refusal
        caller = _known(ports, name, password, key.strip())
        if caller is None:
            throttle.note_failure(address, time.monotonic())
            return answer("login.html", 401, problem="Name, password or key is not right.")
        response = RedirectResponse("/", 303)
        response.set_cookie(
            COOKIE,
            open_session(ports, caller),
            max_age=int(LIFE.total_seconds()),
            secure=ports.queue_url.startswith("https:"),
            httponly=True,
            samesite="strict",
        )
        return response

    @router.post("/logout", status_code=204, response_class=Response)
    def logout(request: Request, _: CallerHere) -> Response:
        """End the session."""
        close_session(ports, request)
        response = Response(status_code=204)
        response.delete_cookie(COOKIE)
        return response

    return router


def _known(ports: Ports, untrusted_name: str, untrusted_password: str, untrusted_key: str) -> Caller | None:
    if untrusted_key:
        caller = ports.keystore.caller_of(untrusted_key)
    else:
        caller = ports.keystore.user_caller(untrusted_name, untrusted_password)
    return caller if caller and caller.role != "client" else None
