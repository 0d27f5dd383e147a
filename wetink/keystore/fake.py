"""A key store in memory, for unit tests.

Place in the pipeline: tests only; passes the contract test of the real one.
Trust level: none needed: its root key is zeros and its password hashes are cheap. Residual risk: none in tests.
"""

from datetime import UTC, datetime

from wetink.clock import Clock, FakeClock
from wetink.database.fake import memory_database
from wetink.keystore.sql import SqlKeyStore
from wetink.keystore.tables import metadata
from wetink.keystore.wrapping import KEY_BYTES


class FakeKeyStore(SqlKeyStore):
    """Empty at first; its clock stands still unless another is given."""

    def __init__(self, clock: Clock | None = None) -> None:
        standing = FakeClock(datetime(2026, 1, 1, tzinfo=UTC))
        super().__init__(memory_database(metadata), bytes(KEY_BYTES), clock or standing, password_cost=2)
