"""A plain synchronous client of an application, without sockets; each call runs in a loop of its own."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
from starlette.types import ASGIApp


class _InProcess(httpx.BaseTransport):
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, self._call(request)).result()

    async def _call(self, request: httpx.Request) -> httpx.Response:
        whole = httpx.Request(request.method, request.url, headers=request.headers, content=request.read())
        answer = await httpx.ASGITransport(self._app).handle_async_request(whole)
        return httpx.Response(answer.status_code, headers=answer.headers, content=await answer.aread())


def caller(app: ASGIApp, **options: Any) -> httpx.Client:
    """A client of `app`; `options` are httpx's."""
    return httpx.Client(transport=_InProcess(app), **({"base_url": "http://queue.test"} | options))
