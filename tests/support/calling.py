"""A plain synchronous client of an application, without sockets: for tests that need no event loop."""

import asyncio
from typing import Any

import httpx
from starlette.types import ASGIApp


class _InProcess(httpx.BaseTransport):
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return asyncio.run(self._call(request))

    async def _call(self, request: httpx.Request) -> httpx.Response:
        whole = httpx.Request(request.method, request.url, headers=request.headers, content=request.read())
        answer = await httpx.ASGITransport(self._app).handle_async_request(whole)
        return httpx.Response(answer.status_code, headers=answer.headers, content=await answer.aread())


def caller(app: ASGIApp, **options: Any) -> httpx.Client:
    """A client of `app`; `options` are httpx's."""
    return httpx.Client(transport=_InProcess(app), **({"base_url": "http://queue.test"} | options))
