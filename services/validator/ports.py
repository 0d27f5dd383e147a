"""What the validator's functions may use of the outside world, made once in `__main__`.

Place in the pipeline: handed to handlers and timers. Trust level: our own parts. Residual risk: none.
"""

from dataclasses import dataclass

from services.validator.readings import Readings
from services.validator.requirements import Requirements
from wetink.blobs.port import BlobStore
from wetink.clock import Clock
from wetink.database import Database


@dataclass(frozen=True)
class Ports:
    """Database, blobs, time and rules' data; `process` is this process's name, for its outbox rows."""

    database: Database
    blobs: BlobStore
    readings: Readings
    requirements: Requirements
    clock: Clock
    quiet_s: float
    process: str
