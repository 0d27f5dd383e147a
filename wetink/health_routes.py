"""The three health routes for a FastAPI service.

Place in the pipeline: mounted by intake and notifier among their own routes. Trust and risk: see `wetink.health`.
"""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from wetink.health import Answer, Health


def health_router(health: Health) -> APIRouter:
    """A router with `/healthz`, `/readyz` and `/metrics`; they need no key."""
    router = APIRouter(tags=["operations"])
    unwell: dict[int | str, dict[str, Any]] = {503: {"description": "A problem: not now"}}
    proxied: dict[int | str, dict[str, Any]] = {404: {"description": "The request came through a proxy"}}

    @router.get("/healthz", summary="Is this process alive and making progress", responses=unwell)
    def healthz() -> Response:
        return _response(health.alive())

    @router.get("/readyz", summary="Can this process do its work", responses=unwell)
    def readyz() -> Response:
        return _response(health.ready())

    @router.get(
        "/metrics",
        summary="Prometheus' metrics of this process",
        response_class=PlainTextResponse,
        responses=proxied,
    )
    def metrics(request: Request) -> Response:
        return _response(health.metrics(request.headers.keys()))

    return router


def _response(answer: Answer) -> Response:
    return Response(answer.body, answer.status, media_type=answer.media_type)
