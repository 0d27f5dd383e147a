"""The port to a service's database.

Place in the pipeline: under every service; SQLite, PostgreSQL and the in-memory fake pass one contract test.
Trust level: our own statements, values bound as parameters. Residual risk: none.
"""

from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection


class Database(Protocol):
    """Transactions on one service's tables, through SQLAlchemy Core.

    Both methods raise `RetryError` when the database is away, locked for longer than the busy timeout, or the disk
    is full; then nothing was changed.
    """

    def transaction(self) -> AbstractContextManager[Connection]:
        """A writing transaction: commit at the end of the block, rollback on an error.

        The write lock is taken at once (`BEGIN IMMEDIATE` on SQLite). Keep it to a few milliseconds: slow work
        comes before.
        """
        ...

    def reading(self) -> AbstractContextManager[Connection]:
        """A consistent view for reading; nothing is committed."""
        ...

    def scrub(self) -> bool:
        """Clear what deleted rows left outside the tables (SQLite's WAL); False when readers were in the way.

        The rows themselves are overwritten as they are deleted (`secure_delete`). On PostgreSQL nothing is done.
        """
        ...

    def close(self) -> None:
        """Give back all connections."""
        ...
