"""Serving an application on loopback until SIGTERM.

Place in the pipeline: last call of the composition roots of intake and notifier.
Trust level: what reaches the port is hostile. uvicorn's own trust in proxies, its access log (it knows paths, and
with them links) and its name are switched off. Residual risk: slow headers are the reverse proxy's to cut.
"""

import uvicorn
from starlette.types import ASGIApp

_GRACE_S = 10


def serve(app: ASGIApp, port: int) -> None:
    """Serve on 127.0.0.1 until SIGTERM or SIGINT; returns after the last answers, at most 10 s later."""
    uvicorn.Server(server_config(app, port)).run()


def server_config(app: ASGIApp, port: int) -> uvicorn.Config:
    """Settings for uvicorn; `serve` uses them, and so may a test."""
    return uvicorn.Config(
        app,
        host="127.0.0.1",
        port=port,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_S,
    )
