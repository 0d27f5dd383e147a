"""What callers use of the sandbox, and how much of it.

Place in the pipeline: named by the handlers and by the command line, which needs no database for it.
Trust level: our own. Residual risk: none.
"""

from collections.abc import Iterable
from typing import Protocol

from services.ocr.sandbox.results import Crashed, CutResult, PageResult, TextResult, Unreadable

CRASHES_MAX = 3
"""A job that crashed as often is given up: the file does it."""
CHUNK_PAGES = 64
"""Pages that are cut at once."""


class Sandboxed(Protocol):
    """The jobs that open a client's file; see `sandbox.box.Sandbox`."""

    def cut(
        self,
        untrusted_files: Iterable[Iterable[bytes]],
        first_page: int,
        last_page: int,
        password: str | None = None,
    ) -> CutResult | Unreadable | Crashed:
        """Open a document and cut a range of its pages."""
        ...

    def read_page(self, untrusted_page_blob: bytes, number: int) -> PageResult | Unreadable | Crashed:
        """Read one page."""
        ...

    def page_text(self, untrusted_page_blob: bytes, number: int) -> TextResult | Unreadable | Crashed:
        """The full text and the picture of one page."""
        ...
