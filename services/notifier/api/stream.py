"""Server-sent events: what happens to an organisation's flags, as it happens.

Place in the pipeline: `GET /v1/flags/stream`; the page listens to it. Numbers come from the `feed`, so a listener
that was away resumes where it was.
Trust level: thin payloads, as in webhooks. Who listens is authenticated again with each heartbeat.
Residual risk: a revoked key hears on for one heartbeat.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse
from sqlalchemy import Connection, Row, select

from services.notifier.api.access import StaffHere
from services.notifier.ports import Ports
from services.notifier.tables import feed, feed_position
from services.notifier.visibility import may_see
from wetink.http.authentication import Authenticate
from wetink.http.problems import ProblemError, responses
from wetink.keystore import Caller

PATH = "/v1/flags/stream"
_LOOK_EVERY_S = 0.3
_LOOKS_PER_HEARTBEAT = 50
_BATCH = 200
_DIGITS = 18


def position(connection: Connection) -> int:
    """The number of the newest event."""
    return int(connection.execute(select(feed_position.c.last)).scalar_one())


def stream_routes(ports: Ports, authenticate: Authenticate, is_stopping: Callable[[], bool]) -> APIRouter:
    """The stream; it ends by itself when `is_stopping`."""
    router = APIRouter(tags=["flags"])

    @router.get(
        PATH,
        response_class=StreamingResponse,
        responses=responses(403) | {200: {"content": {"text/event-stream": {}}}},
    )
    async def stream(
        request: Request,
        caller: StaffHere,
        last_event_id: Annotated[str | None, Header()] = None,
        after: Annotated[str | None, Query(description="As `Last-Event-ID`, for browsers.")] = None,
    ) -> StreamingResponse:
        """Events from now on, or after the one that `Last-Event-ID` names."""
        newest = await asyncio.to_thread(_newest, ports)
        start = min(_number(last_event_id or after, newest), newest)

        async def is_welcome() -> bool:
            return await asyncio.to_thread(authenticate, request) is not None

        pieces = _pieces(ports, caller, start, is_welcome, is_stopping)
        return StreamingResponse(pieces, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})

    return router


async def _pieces(
    ports: Ports,
    caller: Caller,
    last: int,
    is_welcome: Callable[[], Any],
    is_stopping: Callable[[], bool],
) -> AsyncIterator[str]:
    yield ": listening\n\n"
    looks = 0
    while not is_stopping():
        rows = await asyncio.to_thread(_after, ports, caller, last)
        for row in rows:
            yield f"id: {row.number}\nevent: {row.event_type}\ndata: {row.payload}\n\n"
            last = row.number
        if len(rows) < _BATCH:
            await asyncio.sleep(_LOOK_EVERY_S)
        looks += 1
        if looks % _LOOKS_PER_HEARTBEAT == 0:
            if not await is_welcome():
                return
            yield ": still here\n\n"


def _after(ports: Ports, caller: Caller, last: int) -> Sequence[Row[Any]]:
    mine = select(feed).where(may_see(feed, caller), feed.c.number > last)
    with ports.database.reading() as connection:
        return connection.execute(mine.order_by(feed.c.number).limit(_BATCH)).all()


def _newest(ports: Ports) -> int:
    with ports.database.reading() as connection:
        return position(connection)


def _number(untrusted_number: str | None, newest: int) -> int:
    if not untrusted_number:
        return newest
    if not (untrusted_number.isascii() and untrusted_number.isdigit() and len(untrusted_number) <= _DIGITS):
        raise ProblemError(422, "Unknown event id", "Send an id that the stream gave, or none.")
    return int(untrusted_number)
