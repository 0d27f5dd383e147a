"""PostgreSQL, for more than one machine: a schema per service, chosen through the search path.

Place in the pipeline: under every service when `WETINK_DATABASE_URL` is set.
Trust level: the server and the network to it are the administrator's. Residual risk: writing transactions of one
service wait for one another, as they do on SQLite (see docs/decisions/13-databases.md).
"""

from typing import Any

from sqlalchemy import Connection, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from wetink.database.engine import EngineDatabase

LOCK_TIMEOUT_S = 10
"""How long a transaction waits for its turn, and a connection for the server, before it is a `RetryError`."""
_WRITER_LOCK = "SELECT pg_advisory_xact_lock(hashtext(current_schema()))"
_CREATION_LOCK = "SELECT pg_advisory_xact_lock(hashtext('wetink schemas'))"


def open_postgres(database_url: str, schema: str) -> EngineDatabase:
    """The service's schema on the server; made with the first connection when it is missing.

    `database_url` is `postgresql+psycopg://...`; nothing connects before the first transaction.
    """
    engine = create_engine(
        make_url(database_url),
        connect_args={"connect_timeout": LOCK_TIMEOUT_S, "options": f"-c lock_timeout={LOCK_TIMEOUT_S}s"},
        pool_pre_ping=True,
        pool_timeout=LOCK_TIMEOUT_S,
        hide_parameters=True,
    )

    def use_schema(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        _use_schema(connection, schema)

    event.listen(engine, "connect", use_schema, insert=True)
    writing = engine.execution_options(is_writing=True)
    event.listen(writing, "begin", _take_turn)
    reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return EngineDatabase(writing=writing, reading=reading)


def _use_schema(connection: Any, schema: str) -> None:  # noqa: ANN401 - psycopg is installed with the extra alone
    with connection.transaction(), connection.cursor() as cursor:
        if not cursor.execute("SELECT to_regnamespace(%s)", [schema]).fetchone()[0]:
            cursor.execute(_CREATION_LOCK)
            cursor.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
        cursor.execute(f'SET search_path TO "{schema}"')


def _take_turn(connection: Connection) -> None:
    """One writer at a time: what a handler reads before it writes stays true, as on SQLite."""
    connection.execute(text(_WRITER_LOCK))
