"""What the ocr handlers may use of the outside world, made once in `__main__`.

Place in the pipeline: handed to every `prepare`. Trust level: our own parts. Residual risk: none.
"""

from dataclasses import dataclass

from services.ocr.sandbox.port import Sandboxed
from wetink.blobs.port import BlobStore
from wetink.database import Database


@dataclass(frozen=True)
class Ports:
    """Database, blobs and the sandbox."""

    database: Database
    blobs: BlobStore
    sandbox: Sandboxed
