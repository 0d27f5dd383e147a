"""The three health routes for a FastAPI service.

Place in the pipeline: mounted by intake and notifier among their own routes. They have threads of their own: while
all others wait, for a slow disk or many senders, the process must not be taken for dead. So has `/metrics`, which
asks database and broker.
Trust and risk: see `wetink.health`.
"""

from collections.abc import Callable
from typing import Any

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from wetink.health import Answer, Health

_THREADS = 4


def health_router(health: Health) -> APIRouter:
    """A router with `/healthz`, `/readyz` and `/metrics`; they need no key."""
    router = APIRouter(tags=["operations"])
    threads, counting_threads = CapacityLimiter(_THREADS), CapacityLimiter(1)
    unwell: dict[int | str, dict[str, Any]] = {503: {"description": "A problem: not now"}}
    proxied: dict[int | str, dict[str, Any]] = {404: {"description": "The request came through a proxy"}}

    @router.get("/healthz", summary="Is this process alive and making progress", responses=unwell)
    async def healthz() -> Response:
        return await answer(health.alive, threads)

    @router.get("/readyz", summary="Can this process do its work", responses=unwell)
    async def readyz() -> Response:
        return await answer(health.ready, threads)

    @router.get(
        "/metrics",
        summary="Prometheus' metrics of this process",
        response_class=PlainTextResponse,
        responses=proxied,
    )
    async def metrics(request: Request) -> Response:
        return await answer(lambda: health.metrics(request.headers.keys()), counting_threads)

    async def answer(look: Callable[[], Answer], threads: CapacityLimiter) -> Response:
        found = await to_thread.run_sync(look, limiter=threads)
        return Response(found.body, found.status, media_type=found.media_type)

    return router
