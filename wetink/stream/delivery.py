"""An event as Kafka delivered it, and how it becomes a validated model.

Place in the pipeline: between the consumers and the processor. Trust level: bytes from a topic; validated here.
Residual risk: none; what does not validate becomes a dead letter.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

from pydantic import ValidationError

from wetink.contracts.events import Event
from wetink.ids import consequence_id

E = TypeVar("E", bound=Event)


class UndecodableError(Exception):
    """The bytes are no event of the topic's type; `reason` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Delivery:
    """A message with its place in Kafka."""

    topic: str
    partition: int
    offset: int
    value: bytes

    @property
    def text(self) -> str:
        """The raw value as text; bytes that are no UTF-8 are replaced, NUL too (PostgreSQL refuses it)."""
        return self.value.decode("utf-8", errors="replace").replace("\x00", "\ufffd")

    @property
    def raw_id(self) -> str:
        """An id for what cannot be decoded: the same place and bytes give the same id."""
        digest = sha256(self.value).hexdigest()
        return consequence_id(("undecodable", self.topic, self.partition, self.offset, digest))


def decode(delivery: Delivery, event_type: type[E]) -> E:
    """The event in `delivery`.

    Raises `UndecodableError`: `invalid_event`, or `newer_version` for an event of a version newer than ours.
    """
    try:
        event = event_type.model_validate_json(delivery.value)
    except ValidationError:
        raise UndecodableError("invalid_event") from None
    if event.version > event_type.model_fields["version"].default:
        raise UndecodableError("newer_version")
    return event
