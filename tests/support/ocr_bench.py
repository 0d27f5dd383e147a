"""The ocr service without Kafka: events go round in a queue, effects into an in-memory database."""

from collections import deque
from datetime import UTC, datetime

from services.ocr import tables
from services.ocr.handlers import PAGE_HANDLERS, TEXT_HANDLERS
from services.ocr.ports import Ports
from tests.support.fake_sandbox import FakeSandbox
from wetink.blobs import BlobRef, names
from wetink.blobs.fake import FakeBlobs
from wetink.contracts.events import DocumentReceived, Event
from wetink.database.fake import memory_database
from wetink.errors import PoisonError
from wetink.stream.tables import stream_metadata

_HANDLERS = {handler.event_type: handler for handler in (*PAGE_HANDLERS, *TEXT_HANDLERS)}


class OcrBench:
    """Upload documents, handle events one by one or all, look at what was said."""

    def __init__(self) -> None:
        self.database = memory_database(tables.metadata, stream_metadata)
        self.blobs = FakeBlobs()
        self.sandbox = FakeSandbox()
        self.ports = Ports(self.database, self.blobs, self.sandbox)
        self.said = []

    def upload(self, *contents: str, document="doc_1", number=1, case="case_1"):
        files = [names.original(document, n) for n in range(1, len(contents) + 1)]
        for name, content in zip(files, contents, strict=True):
            self.blobs.put(BlobRef("org_1", case, name), content.encode())
        return DocumentReceived(
            organisation_id="org_1",
            case_id=case,
            occurred_at=datetime(2026, 3, 5, tzinfo=UTC),
            document_id=document,
            document_number=number,
            blob=files[0],
            parts=files[1:],
            size_bytes=1,
            received_on="2026-03-05",
        )

    def handle(self, event):
        """Handle one event, or give it up when it is poison; returns the events that follow."""
        handler = _HANDLERS[type(event)]
        try:
            result = self.prepare(event)
        except PoisonError as error:
            return self.give_up(event, error.reason)
        with self.database.transaction() as transaction:
            events = list(handler.handle(event, result, transaction))
        self.said += events
        return events

    def prepare(self, event):
        """The slow part alone."""
        return _HANDLERS[type(event)].prepare(event, self.ports)

    def give_up(self, event, reason="bug KeyError"):
        with self.database.transaction() as transaction:
            events = list(_HANDLERS[type(event)].give_up(event, reason, transaction))
        self.said += events
        return events

    def run(self, *events: Event, on_step=lambda: None):
        """Handle `events` and all that follows from them, oldest first."""
        queue = deque(events)
        while queue:
            queue.extend(event for event in self.handle(queue.popleft()) if type(event) in _HANDLERS)
            on_step()

    def heard(self, event_type):
        return [event for event in self.said if type(event) is event_type]

    def rows(self, table):
        with self.database.reading() as view:
            return [tuple(row) for row in view.execute(table.select())]

    def blob(self, name):
        return self.blobs.get(BlobRef("org_1", "case_1", name))
