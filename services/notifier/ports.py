"""What the notifier's functions may use of the outside world, made once in `__main__`.

Place in the pipeline: handed to handlers, routes and timers. Trust level: our own parts. Residual risk: none.
"""

from dataclasses import dataclass

from wetink.blobs.port import BlobStore
from wetink.clock import Clock
from wetink.database import Database
from wetink.keystore import KeyStore
from wetink.sealing import CaseSeal


@dataclass(frozen=True)
class Ports:
    """Database, blobs, keys and time; `queue_url` is the public address, without a slash at the end."""

    database: Database
    blobs: BlobStore
    keystore: KeyStore
    clock: Clock
    queue_url: str

    def seal_of(self, organisation_id: str, case_id: str) -> CaseSeal:
        """The seal of the case's texts; raises `CaseDeletedError` when the case is deleted."""
        return CaseSeal(self.keystore.case_key(organisation_id, case_id))
