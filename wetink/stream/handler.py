"""What a service gives to the stream: for each type of event plain functions, for each clock work a timer.

Place in the pipeline: made by the services, called by `wetink.stream.processor`; testable without Kafka: call
`prepare`, then `handle` on a transaction of the in-memory database.
Trust level: the event was validated. Residual risk: a `handle` that is slow holds the write lock.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Connection

from wetink.contracts.events import Event

E = TypeVar("E", bound=Event)
P = TypeVar("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Handler(Generic[E, P, R]):
    """How a service answers one type of event; `P` is the service's ports (database, blobs, clock, ...).

    All functions raise only errors of `wetink.errors` on purpose.
    """

    event_type: type[E]
    """The type of event, hence the topic."""
    prepare: Callable[[E, P], R]
    """Slow work (blobs, sandbox, rules) before any transaction and off the event loop; may be repeated."""
    handle: Callable[[E, R, Connection], Sequence[Event]]
    """Inside the transaction that also holds inbox and outbox, in a few milliseconds: writes the service's
    effects on the connection and returns the events that follow."""
    give_up: Callable[[E, str, Connection], Sequence[Event]]
    """The consequence when the event became a dead letter (event, reason), inside the transaction, so that the
    document still ends: effects and events again."""
    counts_starts: bool = False
    """`prepare` may kill the worker: each start is noted durably before it, which costs a small transaction."""


@dataclass(frozen=True)
class Timer(Generic[P]):
    """Work that no event starts, e.g. the daily judgement; run by the same worker, between events."""

    name: str
    interval_s: float
    run: Callable[[P], None]
    """Does what is due; errors are logged and it runs again. Events it causes go through `outbox.announce`."""
