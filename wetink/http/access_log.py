"""One line for each request: what was asked, by whom, how it ended; ids only.

Place in the pipeline: middleware of both HTTP faces, around everything but the proxies.
Trust level: paths are hostile, so the route's template is logged, with those of its values that look like ids of
ours; secrets in paths (upload links) are never among them. Residual risk: addresses of callers are in the log.
"""

import re
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wetink.http.problems import problem_of, problem_response
from wetink.logs import Log, Value

_log = Log("wetink.access")
_OUR_ID = re.compile(r"[a-z]{2,8}_[0-9a-f]{32}")


class AccessLogMiddleware:
    """Logs each request and turns what nobody caught into a 500 without telling the caller why."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and log its end."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.monotonic()
        statuses: list[int] = []

        async def watched_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, watched_send)
        except Exception as error:  # noqa: BLE001  whatever it was, it is logged and answered here
            problem = problem_of(error)
            if not statuses:
                await problem_response(problem)(scope, receive, watched_send)
        finally:
            _log.info("request", **_fields(scope, statuses, time.monotonic() - started))


def _fields(scope: Scope, statuses: list[int], seconds: float) -> dict[str, Value]:
    caller = scope.get("state", {}).get("caller")
    ids = {
        name: value
        for name, value in scope.get("path_params", {}).items()
        if name.endswith("_id") and _OUR_ID.fullmatch(str(value))
    }
    return {
        "method": scope["method"],
        "route": getattr(scope.get("route"), "path", None),
        "status": statuses[0] if statuses else None,
        "milliseconds": round(seconds * 1000),
        "client": scope["client"][0] if scope.get("client") else None,
        "caller_id": caller.id if caller else None,
    } | ids
