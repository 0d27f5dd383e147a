"""The page's routes: the queue, and the pieces of it that the script asks for.

Place in the pipeline: `/` and `/page/...`. Trust level: who has no session is sent to the login.
Residual risk: see `sessions`.
"""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from services.notifier.api.access import ViewerHere
from services.notifier.api.flags import MOST
from services.notifier.api.stream import position
from services.notifier.checklists import find_checklist
from services.notifier.decisions import find_flag
from services.notifier.page.showing import Shown, shown
from services.notifier.page.templates import answer
from services.notifier.ports import Ports
from services.notifier.queue import Wanted, rows_in_order
from services.notifier.sessions import session_of
from services.notifier.webhooks.trouble import given_up
from wetink.http.problems import not_found, responses
from wetink.keystore import Caller

STATIC = Path(__file__).parent / "static"
_PUBLIC = ("/", "/login")


def is_public(_method: str, path: str) -> bool:
    """What is answered without a login."""
    return path in _PUBLIC or path.startswith("/static/")


def page_routes(ports: Ports) -> APIRouter:
    """The page."""
    router = APIRouter(tags=["page"], default_response_class=HTMLResponse)

    @router.get("/", responses={303: {"description": "To the login"}})
    def queue(request: Request, flag: Annotated[str, Query(max_length=100)] = "") -> Response:
        """The queue; without a session the way to the login."""
        session = session_of(ports, request)
        if session is None:
            return RedirectResponse("/login", 303)
        with ports.database.reading() as connection:
            newest = position(connection)
            rows, more = rows_in_order(connection, session.caller, Wanted(), limit=MOST)
            troubles = given_up(connection, session.caller.organisation_id)
        listed = shown(ports, rows)
        ids = [one.flag.id for one in listed]
        return answer(
            "queue.html",
            shown=listed,
            current=flag if flag in ids else next(iter(ids), ""),
            has_more=more is not None,
            given_up=[(urlsplit(one.url).hostname, one.given_up_at) for one in troubles],
            position=newest,
            csrf_token=session.csrf_token,
            me=session.caller.name,
            colleagues=_colleagues(ports, session.caller),
        )

    @router.get("/page/flags/{flag_id}/row", responses=responses(404))
    def row(flag_id: str, caller: ViewerHere) -> HTMLResponse:
        """One flag as an entry of the list."""
        return answer("row.html", one=_one(ports, caller, flag_id), current="")

    @router.get("/page/flags/{flag_id}/detail", responses=responses(404))
    def detail(flag_id: str, caller: ViewerHere) -> HTMLResponse:
        """One flag in full, with the checklist of its case."""
        one = _one(ports, caller, flag_id)
        return answer("detail.html", one=one, checklist=find_checklist(ports, caller, one.flag.case_id))

    return router


def _colleagues(ports: Ports, caller: Caller) -> list[str]:
    users = ports.keystore.users(caller.organisation_id)
    return [user.name for user in users if not user.is_disabled and user.name != caller.name]


def _one(ports: Ports, caller: Caller, flag_id: str) -> Shown:
    with ports.database.reading() as connection:
        found = find_flag(connection, caller, flag_id)
    for one in shown(ports, [found]):
        return one
    raise not_found("flag")
