"""What the ocr handlers may use of the outside world, made once in `__main__`.

Place in the pipeline: handed to every `prepare`. Trust level: our own parts. Residual risk: none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from services.ocr.sandbox.results import Crashed, CutResult, PageResult, TextResult, Unreadable
from wetink.blobs.port import BlobStore
from wetink.database import Database


class Sandboxed(Protocol):
    """The jobs that open a client's file; see `sandbox.box.Sandbox`."""

    def cut(
        self, untrusted_files: Iterable[Iterable[bytes]], first_page: int, last_page: int
    ) -> CutResult | Unreadable | Crashed:
        """Open a document and cut a range of its pages."""
        ...

    def read_page(self, untrusted_page_blob: bytes, number: int) -> PageResult | Unreadable | Crashed:
        """Read one page."""
        ...

    def page_text(self, untrusted_page_blob: bytes, number: int) -> TextResult | Unreadable | Crashed:
        """The full text and the picture of one page."""
        ...


@dataclass(frozen=True)
class Ports:
    """Database, blobs and the sandbox."""

    database: Database
    blobs: BlobStore
    sandbox: Sandboxed
