"""An in-memory database for unit tests.

Place in the pipeline: tests only; passes the same contract test as the real ones.
Trust level: none needed. Residual risk: one connection, so that a view for reading waits for a transaction.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, MetaData, create_engine
from sqlalchemy.pool import StaticPool

from wetink.database.engine import EngineDatabase
from wetink.database.sqlite import BUSY_TIMEOUT_S, database_over
from wetink.errors import RetryError


class MemoryDatabase:
    """One in-memory connection that the threads take in turn."""

    def __init__(self, database: EngineDatabase) -> None:
        self._database = database
        self._turn = threading.Lock()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """See `Database.transaction`."""
        with self._own_turn(), self._database.transaction() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """See `Database.reading`."""
        with self._own_turn(), self._database.reading() as connection:
            yield connection

    def scrub(self) -> bool:
        """See `Database.scrub`: memory keeps no WAL."""
        return True

    def close(self) -> None:
        """See `Database.close`; the content is gone."""
        self._database.close()

    @contextmanager
    def _own_turn(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=BUSY_TIMEOUT_S):
            raise RetryError("the database is locked")
        try:
            yield
        finally:
            self._turn.release()


def memory_database(*metadatas: MetaData) -> MemoryDatabase:
    """An empty database with the tables of `metadatas`."""
    engine = create_engine(
        "sqlite+pysqlite:///:memory:", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )
    database = MemoryDatabase(database_over(engine))
    with database.transaction() as connection:
        for metadata in metadatas:
            metadata.create_all(connection)
    return database
