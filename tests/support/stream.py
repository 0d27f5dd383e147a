"""Fakes and events for tests of the stream: a publisher that remembers, sample events, a sample handler."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Connection, MetaData, String, Table

from wetink.contracts.events import DocumentOpened, DocumentReceived, Event
from wetink.stream.delivery import Delivery
from wetink.stream.handler import Handler
from wetink.stream.publisher import Message

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
effect_metadata = MetaData()
effect = Table("effect", effect_metadata, Column("document_id", String(64), primary_key=True))


@dataclass
class FakePublisher:
    """Remembers what was sent; acknowledges while `is_up`, save the topics in `refused`."""

    sent: list[Message] = field(default_factory=list)
    is_up: bool = True
    refused: set[str] = field(default_factory=set)

    def publish(self, messages: Sequence[Message]) -> list[bool]:
        acknowledged = [self.is_up and message.topic not in self.refused for message in messages]
        self.sent += [message for message, is_sent in zip(messages, acknowledged, strict=True) if is_sent]
        return acknowledged

    def close(self) -> None:
        self.is_up = False


def received(document_id: str = "doc_1", case_id: str = "case_1") -> DocumentReceived:
    return DocumentReceived(
        organisation_id="org_1",
        case_id=case_id,
        occurred_at=NOON,
        document_id=document_id,
        document_number=1,
        blob="blobs/1",
        size_bytes=1,
        received_on="2026-11-24",
    )


def opened(event: DocumentReceived, outcome: str = "read") -> DocumentOpened:
    return DocumentOpened(
        organisation_id=event.organisation_id,
        case_id=event.case_id,
        occurred_at=event.occurred_at,
        document_id=event.document_id,
        document_number=event.document_number,
        outcome=outcome,
        pages_total=1,
        received_on=event.received_on,
    )


def delivery(event: Event, offset: int = 0, partition: int = 0) -> Delivery:
    return Delivery(event.topic, partition, offset, event.model_dump_json().encode())


def write_effect(event: DocumentReceived, _result: object, transaction: Connection) -> list[Event]:
    """The sample service's work: a row, and the event that follows."""
    transaction.execute(effect.insert().values(document_id=event.document_id))
    return [opened(event)]


def opening(
    *,
    prepare: Callable[[DocumentReceived, Any], Any] = lambda _event, _ports: None,
    handle: Callable[[DocumentReceived, Any, Connection], Sequence[Event]] = write_effect,
    give_up: Callable[[DocumentReceived, str, Connection], Sequence[Event]] = lambda event, _reason, _t: [
        opened(event, "unreadable")
    ],
    counts_starts: bool = False,
) -> Handler[DocumentReceived, Any, Any]:
    """A handler for `document.received`; each function can be replaced."""
    return Handler(DocumentReceived, prepare, handle, give_up, counts_starts=counts_starts)
