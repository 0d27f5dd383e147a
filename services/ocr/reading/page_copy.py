"""Copies pages of a PDF out of it, each as a PDF of its own.

Place in the pipeline: called by `pdf_cut` for pages that are more than one picture. Trust level: hostile; PDFium
copies objects as they are, and reads a page's content only where a field has to be drawn. Residual risk: PDFium's
bugs, contained by the sandbox.

PDFium copies a page in a tenth of the time that pypdf needs. It leaves the form behind and draws no field without
one: in the copy fields are stamps with the look they had; their values are in the blob's header.
"""

import io
import re

import pypdfium2 as pdfium
from pypdf.errors import PdfReadError

_FIELD, _STAMP = b"/Subtype/Widget", b"/Subtype/Stamp "
"""As PDFium writes them; of one length, for the file says where everything stands."""
_DATE = re.compile(rb"(/CreationDate)\(D:[^)]{0,40}\)")
_IDENTITY = re.compile(rb"/ID\[<\w{32}><\w{32}>\](?=[^/]{0,60}\Z)")


class PageCopier:
    """The document as PDFium sees it, opened for the first page that is copied."""

    def __init__(self, untrusted_file: bytes | memoryview, pages: int) -> None:
        self._file = untrusted_file
        self._pages = pages
        self._document: pdfium.PdfDocument | None = None

    def copy(self, index: int, *, is_drawn_by_program: bool) -> bytes:
        """Page `index` (from 0) alone; `is_drawn_by_program`: some field has a value and no look yet.

        Raises `PdfiumError`, or `PdfReadError` where PDFium counts other pages than the caller.
        """
        document = self._opened()
        page = document[index] if is_drawn_by_program else None  # loading a page gives its fields their look
        single = pdfium.PdfDocument.new()
        try:
            single.import_pages(document, [index])
            target = io.BytesIO()
            single.save(target)
        finally:
            single.close()
            if page is not None:
                page.close()
        return _always_the_same(target.getvalue().replace(_FIELD, _STAMP))

    def _opened(self) -> pdfium.PdfDocument:
        if self._document is None:
            document = pdfium.PdfDocument(bytes(self._file))
            document.init_forms()
            if len(document) != self._pages:
                raise PdfReadError("two parsers see different pages")
            self._document = document
        return self._document


def _always_the_same(written: bytes) -> bytes:
    """Without the day and the random number that PDFium writes into every file."""
    return _IDENTITY.sub(lambda found: b" " * len(found.group()), _DATE.sub(_blank_date, written, count=1))


def _blank_date(found: re.Match[bytes]) -> bytes:
    return found.group(1) + b"(" + b" " * (len(found.group()) - len(found.group(1)) - 2) + b")"
