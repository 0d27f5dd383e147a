"""A processor without Kafka: on an in-memory database, with a clock and a publisher of the test's own."""

from sqlalchemy import func, select

from tests.support.stream import NOON, FakePublisher, effect, effect_metadata
from wetink.clock import FakeClock
from wetink.database.fake import memory_database
from wetink.settings import SharedSettings
from wetink.stream.busy import Busy
from wetink.stream.processor import Processor
from wetink.stream.tables import dead_letter, inbox, outbox, retry, stream_metadata


class Bench:
    """A processor on fakes, and what its database holds."""

    def __init__(self, handler, **settings) -> None:
        self.database = memory_database(stream_metadata, effect_metadata)
        self.publisher = FakePublisher()
        self.clock = FakeClock(NOON)
        self.wakes = 0
        self.handler = handler
        self.processor = self.worker(**settings)

    def worker(self, name="ocr-1", **settings) -> Processor:
        """A processor on the same database: that of another process, or the next life of the same one."""
        return Processor(
            handlers=[self.handler],
            ports=None,
            database=self.database,
            publisher=self.publisher,
            clock=self.clock,
            settings=SharedSettings(process=name, **settings),
            busy=Busy(),
            wake_relay=self._wake,
        )

    def _wake(self) -> None:
        self.wakes += 1

    def rows(self, table) -> list:
        with self.database.reading() as view:
            return view.execute(select(table)).all()

    def counts(self) -> dict[str, int]:
        with self.database.reading() as view:
            tables = (inbox, effect, outbox, retry, dead_letter)
            return {t.name: view.execute(select(func.count()).select_from(t)).scalar_one() for t in tables}


def failing(error: Exception, times: int = 10**9):
    """A `prepare` that raises `error` the first `times` times."""
    left = [times]

    def prepare(_event, _ports) -> None:
        left[0] -= 1
        if left[0] >= 0:
            raise error

    return prepare
