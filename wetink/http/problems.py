"""Refusals as `application/problem+json` (RFC 9457): a title a person understands, a detail that says what to do.

Place in the pipeline: raised by routes and middleware of both HTTP faces.
Trust level: texts are ours; nothing that a caller sent is repeated. Residual risk: none.
"""

import sqlite3
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, Field
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import compile_path

from wetink.errors import DISK_FULL, DISK_READ_ONLY, CaseDeletedError, RetryError
from wetink.logs import Log

MEDIA_TYPE = "application/problem+json"
_RETRY_AFTER_S = "5"
_RETRIED = (429, 503, 507)
_RETRY_AFTER = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}}
_ADVICE = {
    400: "The body cannot be read. Check it and its encoding.",
    404: "Check method and address of the call.",
}
_FULL = {*DISK_FULL, f"sqlite {sqlite3.SQLITE_FULL}"}
_UNWRITABLE = {*DISK_READ_ONLY, f"sqlite {sqlite3.SQLITE_READONLY}", f"sqlite {sqlite3.SQLITE_CANTOPEN}"}
_log = Log("wetink.http")


class ProblemBody(BaseModel):
    """The body of every refusal."""

    type: str = Field(default="about:blank", description="Always about:blank: the status says the kind.")
    title: str = Field(description="What happened, for people.")
    status: int = Field(description="The HTTP status once more.")
    detail: str = Field(description="What to do about it.")


class ProblemError(HTTPException):
    """An answer that is a refusal; raise it anywhere below the application."""

    def __init__(self, status_code: int, title: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(status_code, detail, headers)
        self.title = title


def not_found(thing: str = "thing") -> ProblemError:
    """404, for what does not exist and for what the caller may not see alike."""
    return ProblemError(404, "Not found", f"There is no such {thing}, or it is not yours. Check its address.")


_KNOWN = {
    CaseDeletedError: not_found("case"),
    ClientDisconnect: ProblemError(
        400, "The connection ended early", "Nothing was stored. Send the request again."
    ),
}
_NUL = ProblemError(422, "A value cannot be used", "No text may hold a NUL character.")


def problem_response(problem: HTTPException) -> JSONResponse:
    """The refusal as a response; plain HTTP exceptions get the status's own phrase as title."""
    title = getattr(problem, "title", HTTPStatus(problem.status_code).phrase)
    detail = (
        problem.detail if isinstance(problem, ProblemError) else _ADVICE.get(problem.status_code, _ADVICE[404])
    )
    body = ProblemBody(title=title, status=problem.status_code, detail=detail)
    return JSONResponse(
        body.model_dump(), problem.status_code, headers=dict(problem.headers or {}), media_type=MEDIA_TYPE
    )


def problem_of(error: Exception) -> HTTPException:
    """Which refusal an error becomes; what is unknown is 500 and is logged by its type alone."""
    if isinstance(error, HTTPException):
        return error
    if isinstance(error, RequestValidationError):
        return _invalid(error)
    if isinstance(error, RetryError):
        return _away(error)
    if isinstance(error, DataError) and _is_refused_by_driver(error):
        return _NUL
    for kind, problem in _KNOWN.items():
        if isinstance(error, kind):
            return problem
    _log.error("request_failed", error=error)
    return ProblemError(500, "Something broke", "The failure is in the service's log. Try again later.")


def _is_refused_by_driver(error: DataError) -> bool:
    """PostgreSQL's driver itself refuses NUL characters and nothing else; what the server refuses has a code."""
    return getattr(error.orig, "sqlstate", None) is None


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Declares refusals in the OpenAPI document of a route: `responses(404, 409)`."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemBody"}}},
        }
        | ({"headers": _RETRY_AFTER} if status in _RETRIED else {})
        for status in statuses
    }


def handle_problems(app: FastAPI) -> None:
    """Make `app` answer every error as a problem."""

    async def answer(request: Request, error: Exception) -> JSONResponse:
        response = problem_response(problem_of(error))
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            response.headers["Allow"] = ", ".join(_methods(request))
        return response

    for kind in (HTTPException, RequestValidationError, RetryError, CaseDeletedError, DataError):
        app.add_exception_handler(kind, answer)


def _methods(request: Request) -> list[str]:
    """What the address takes; each of its methods is a route of its own, and the first alone would be named."""
    return sorted(
        method
        for route in iter_route_contexts(request.app.routes)
        if route.methods and route.path and compile_path(route.path)[0].match(request.url.path)
        for method in route.methods
    )


def _invalid(error: RequestValidationError) -> ProblemError:
    """422 that names the places, not the values: these may be a client's."""
    places = sorted({".".join(str(step) for step in found["loc"]) for found in error.errors()})
    return ProblemError(422, "The request is not complete or not valid", f"Check: {', '.join(places)[:500]}.")


def _away(error: RetryError) -> ProblemError:
    headers = {"Retry-After": _RETRY_AFTER_S}
    reasons = set(_reasons(error))
    if reasons & _FULL:
        return ProblemError(507, "No space left", "Nothing was stored. The administrator must make room.", headers)
    if reasons & _UNWRITABLE:
        text = "Nothing was stored. The administrator must see that the data folder is there and writable."
        return ProblemError(503, "The disk takes no writing", text, headers)
    return ProblemError(503, "A part is away for now", "Nothing was stored. Send the request again.", headers)


def _reasons(error: BaseException | None) -> Iterator[int | str]:
    """The system's and SQLite's codes of what caused `error`."""
    while error is not None:
        if isinstance(error, OSError) and error.errno is not None:
            yield error.errno
        if isinstance(error, sqlite3.OperationalError):
            yield f"sqlite {error.sqlite_errorcode & 0xFF}"
        error = error.__cause__
