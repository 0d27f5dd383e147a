"""Who is calling the queue: a key, or a person whose browser holds a session.

Place in the pipeline: asked by the middleware for each request, and by the page itself.
Trust level: the cookie is hostile until its SHA-256 is found. It counts for reading alone; to change anything the
request must also carry the session's own token in `X-CSRF-Token`, which no other site can read or send. Each use
looks whether the key or login behind it still stands.
Residual risk: who can read the browser's memory can act as its user for twelve hours.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from starlette.requests import HTTPConnection

from services.notifier.ports import Ports
from services.notifier.tables import sessions
from wetink.http.authentication import Authenticate, bearer
from wetink.keystore import Caller

COOKIE = "wetink_session"
LIFE = timedelta(hours=12)
_SAFE_METHODS = ("GET", "HEAD")


@dataclass(frozen=True)
class Session:
    """A login that stands; `csrf_token` is told to the page alone."""

    caller: Caller
    csrf_token: str


def open_session(ports: Ports, caller: Caller) -> str:
    """Begin a session; returns the cookie's token, told only here."""
    token = secrets.token_urlsafe(32)
    now = ports.clock.now()
    with ports.database.transaction() as transaction:
        transaction.execute(delete(sessions).where(sessions.c.expires_at <= now))
        transaction.execute(
            sessions.insert().values(
                token_sha256=_digest(token),
                csrf_token=secrets.token_urlsafe(32),
                caller_id=caller.id,
                organisation_id=caller.organisation_id,
                role=caller.role,
                name=caller.name,
                expires_at=now + LIFE,
            )
        )
    return token


def session_of(ports: Ports, connection: HTTPConnection) -> Session | None:
    """The session that the request's cookie names, while it stands."""
    untrusted_token = connection.cookies.get(COOKIE, "")
    if not untrusted_token:
        return None
    chosen = select(sessions).where(
        sessions.c.token_sha256 == _digest(untrusted_token), sessions.c.expires_at > ports.clock.now()
    )
    with ports.database.reading() as reading:
        row = reading.execute(chosen).first()
    if row is None or not _still_stands(ports, row.organisation_id, row.caller_id):
        return None
    return Session(Caller(row.caller_id, row.organisation_id, row.role, row.name), row.csrf_token)


def close_session(ports: Ports, connection: HTTPConnection) -> None:
    """End the session that the request's cookie names."""
    untrusted_token = connection.cookies.get(COOKIE, "")
    with ports.database.transaction() as transaction:
        transaction.execute(delete(sessions).where(sessions.c.token_sha256 == _digest(untrusted_token)))


def key_or_session(ports: Ports) -> Authenticate:
    """Authentication by bearer key, else by session."""
    by_key = bearer(ports.keystore)

    def authenticate(connection: HTTPConnection) -> Caller | None:
        if "authorization" in connection.headers:
            return by_key(connection)
        session = session_of(ports, connection)
        if session is None:
            return None
        untrusted_csrf_token = connection.headers.get("x-csrf-token", "")
        is_own_page = hmac.compare_digest(untrusted_csrf_token.encode(), session.csrf_token.encode())
        return session.caller if is_own_page or connection.scope["method"] in _SAFE_METHODS else None

    return authenticate


def _still_stands(ports: Ports, organisation_id: str, caller_id: str) -> bool:
    keys = ports.keystore.access_keys(organisation_id)
    users = ports.keystore.users(organisation_id)
    return any(key.id == caller_id and key.revoked_at is None for key in keys) or any(
        user.id == caller_id and not user.is_disabled for user in users
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
