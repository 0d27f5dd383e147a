"""What intake's routes and handlers may use of the outside world, made once in `__main__`.

Place in the pipeline: handed to every route and handler. Trust level: our own parts. Residual risk: none.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request
from sqlalchemy import Connection

from wetink.blobs.port import BlobStore
from wetink.clock import Clock
from wetink.contracts.events import Event
from wetink.database.port import Database
from wetink.ids import new_id
from wetink.keystore.port import KeyStore
from wetink.sealing import CaseSeal
from wetink.stream.outbox import announce


@dataclass(frozen=True)
class Ports:
    """Database, blobs, keys and time.

    `process` is this process's name, `public_url` the clients' address without a slash at the end,
    `max_upload_bytes` the limit of one upload. `wake_relay` is called after a commit that left outbox rows.
    """

    database: Database
    blobs: BlobStore
    keystore: KeyStore
    clock: Clock
    process: str
    public_url: str
    max_upload_bytes: int
    wake_relay: Callable[[], None]
    keep_deleted_list: Callable[[], None] = lambda: None
    """Writes the list of deleted cases where restores look for it."""

    def seal_of(self, organisation_id: str, case_id: str) -> CaseSeal:
        """The case's seal; raises `CaseDeletedError` when the case is deleted."""
        return CaseSeal(self.keystore.case_key(organisation_id, case_id))

    def announce(self, transaction: Connection, events: Iterable[Event]) -> None:
        """Write outbox rows for what a request caused."""
        announce(transaction, events, cause_id=new_id("request"), process=self.process, now=self.clock.now())


def _ports_here(request: Request) -> Ports:
    return cast("Ports", request.app.state.ports)


PortsHere = Annotated[Ports, Depends(_ports_here)]
"""A route's parameter: the ports of its application."""
