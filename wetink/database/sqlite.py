"""SQLite as a real database: WAL, every commit on the disk, one writer at a time, who waits his turn.

Place in the pipeline: the default under every service on one machine; several processes share a file.
Trust level: the file is readable by its owner alone. Residual risk: a network file system breaks SQLite's locks;
the data folder must be on a local disk.
"""

import os
import sqlite3
import time
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from wetink.database.engine import EngineDatabase
from wetink.errors import RetryError

BUSY_TIMEOUT_S = 10.0
"""How long a statement waits for the write lock before it is a `RetryError`."""
_WAL_RETRY_S = 0.02
_OTHERS_ARE_AT_IT = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL)


def open_sqlite(path: Path) -> EngineDatabase:
    """The database in the file at `path`, made (mode 600, its folder 700) when it is missing."""
    try:
        for folder in (path.parent.parent, path.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise RetryError(f"the database file cannot be opened: {error.strerror}") from error
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False},
        pool_timeout=BUSY_TIMEOUT_S,
        hide_parameters=True,
    )
    return database_over(engine)


def database_over(engine: Engine) -> EngineDatabase:
    """The database over an SQLite engine, with the transaction control in our hands."""
    event.listen(engine, "connect", _prepare_connection)
    event.listen(engine, "begin", _begin)
    return EngineDatabase(writing=engine.execution_options(is_writing=True), reading=engine)


def _prepare_connection(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver begins no transaction of its own; `_begin` does
    _switch_to_wal(connection)
    for setting in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {setting}").close()


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Only the first connection ever changes anything; SQLite does not wait for the lock here, so we do."""
    give_up_at = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _OTHERS_ARE_AT_IT or time.monotonic() > give_up_at:
                raise
            time.sleep(_WAL_RETRY_S)
        else:
            return


def _begin(connection: Connection) -> None:
    is_writing = connection.get_execution_options().get("is_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
