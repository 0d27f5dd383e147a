"""The port through which events leave: the relay's and the processor's only way to Kafka.

Place in the pipeline: between a service's outbox and the topics; kafka-python, Faust and the fake in tests pass
one contract test.
Trust level: our own events. Residual risk: a send without an answer may have arrived; it is sent again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Message:
    """One event on its way: topic, key and value (JSON) as the outbox holds them."""

    topic: str
    key: str
    value: str


class Publisher(Protocol):
    """Sends events and learns of every single one whether the broker has it; may be called by many threads."""

    def publish(self, messages: Sequence[Message]) -> list[bool]:
        """Send `messages` in their order; for each, whether the broker acknowledged it.

        Blocks until that is known or given up (about half a minute); never raises because the broker is away.
        """
        ...

    def close(self) -> None:
        """Let go of the connection; what is not acknowledged counts as not sent."""
        ...
