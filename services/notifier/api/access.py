"""Which roles may enter a route of the queue.

Place in the pipeline: parameters of the routes. Trust level: the caller was authenticated by the middleware.
Residual risk: none. A client's key sees nothing here (404 for what it names, 403 for what it wants to do).
"""

from typing import Annotated

from fastapi import Depends, Header

from wetink.http.authentication import CallerHere, require_role
from wetink.http.problems import not_found
from wetink.keystore import Caller

_NO_VERSION = -1
_MAX_DIGITS = 18


def _viewer(caller: CallerHere) -> Caller:
    if caller.role == "client":
        raise not_found()
    return caller


def _staff(caller: CallerHere) -> Caller:
    require_role(caller, "manager", "admin")
    return caller


def _administrator(caller: CallerHere) -> Caller:
    require_role(caller, "admin")
    return caller


def _version(
    if_match: Annotated[str | None, Header(description="The flag's `version` that was seen.")] = None,
) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    untrusted_version = if_match.strip().removeprefix("W/").strip('"')
    is_number = untrusted_version.isascii() and untrusted_version.isdigit()
    return int(untrusted_version[:_MAX_DIGITS]) if is_number else _NO_VERSION


ViewerHere = Annotated[Caller, Depends(_viewer)]
"""Somebody of the firm, for a route that shows one thing: 404 for others."""
StaffHere = Annotated[Caller, Depends(_staff)]
"""Somebody of the firm: 403 for others."""
AdministratorHere = Annotated[Caller, Depends(_administrator)]
"""An administrator: 403 for others."""
ExpectedVersion = Annotated[int | None, Depends(_version)]
"""The version in `If-Match`; None when any will do, one that no flag has when it is no version."""
