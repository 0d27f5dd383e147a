"""A database over an SQLAlchemy engine: what SQLite, PostgreSQL and the fake have in common.

Place in the pipeline: made by `open_database`; one object serves all threads of a process.
Trust level: our own statements. Residual risk: a connection lost during COMMIT leaves open whether it happened;
callers are idempotent, so they may simply try again.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from wetink.errors import RetryError


class EngineDatabase:
    """Transactions through two views of one engine: one that writes, one that reads."""

    def __init__(self, writing: Engine, reading: Engine) -> None:
        self._writing = writing
        self._reading = reading

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """See `Database.transaction`."""
        with _retried_later(), self._writing.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """See `Database.reading`."""
        with _retried_later(), self._reading.connect() as connection:
            yield connection

    def scrub(self) -> bool:
        """See `Database.scrub`."""
        if self._writing.dialect.name != "sqlite":
            return True
        with _retried_later(), closing(self._writing.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy = cursor.fetchone()
            cursor.close()
        return busy is not None and busy[0] == 0

    def close(self) -> None:
        """See `Database.close`."""
        self._writing.dispose()


@contextmanager
def _retried_later() -> Iterator[None]:
    """Turns the failures that pass (locked, full, gone) into `RetryError`; our own mistakes stay what they are."""
    try:
        yield
    except DBAPIError as error:
        if not _passes(error):
            raise
        raise RetryError(f"the database is away, locked or full: {_code(error)}") from error
    except PoolTimeoutError as error:
        raise RetryError("all connections to the database are in use") from error


def _passes(error: DBAPIError) -> bool:
    if isinstance(error.orig, sqlite3.OperationalError):
        # SQLite also says "operational" for a wrong statement (code 1), which no waiting will cure.
        return error.orig.sqlite_errorcode & 0xFF != sqlite3.SQLITE_ERROR
    return isinstance(error, OperationalError) or error.connection_invalidated


def _code(error: DBAPIError) -> str:
    """SQLite's name of the error or PostgreSQL's SQLSTATE; never the statement or its values."""
    name = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None)
    return name or type(error.orig).__name__
