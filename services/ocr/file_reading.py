"""Reads whole files without Kafka and services: perception for the command line.

Place in the pipeline: behind `wetink read` and `wetink check`. Trust level: files are opened in the sandbox alone.
Residual risk: all pages of a chunk are in memory at once.
"""

from collections.abc import Iterator, Sequence

from services.ocr.sandbox.port import CHUNK_PAGES, CRASHES_MAX, Sandboxed
from services.ocr.sandbox.results import Crashed, CutResult, Unreadable
from wetink.contracts.events import ReadingOutcome
from wetink.contracts.reading import FileReading, PageReading


def read_file(name: str, untrusted_files: Sequence[bytes], sandbox: Sandboxed) -> FileReading:
    """Read the files of one document (usually one file), called `name`, with all pages."""
    first = _cut(untrusted_files, sandbox, 1)
    if not isinstance(first, CutResult):
        return FileReading(file=name, status=first.outcome, reason=first.reason)
    pages = list(_read_pages(untrusted_files, sandbox, first))
    status, reason = _status(first, pages)
    return FileReading(file=name, status=status, reason=reason, pages=pages)


def _read_pages(untrusted_files: Sequence[bytes], sandbox: Sandboxed, first: CutResult) -> Iterator[PageReading]:
    chunk: CutResult | Unreadable = first
    for number in range(1, first.pages_total + 1):
        if number % CHUNK_PAGES == 1 and number > 1:
            chunk = _cut(untrusted_files, sandbox, number)
        if isinstance(chunk, Unreadable):
            yield _failed(number, chunk)
        elif number in chunk.pages:
            yield _read_page(chunk.pages[number], number, sandbox)
        else:
            yield _failed(number, Unreadable(chunk.failed.get(number, "page_damaged")))


def _cut(untrusted_files: Sequence[bytes], sandbox: Sandboxed, first_page: int) -> CutResult | Unreadable:
    for _ in range(CRASHES_MAX):
        result = sandbox.cut([[file] for file in untrusted_files], first_page, first_page + CHUNK_PAGES - 1)
        if not isinstance(result, Crashed):
            return result
    return Unreadable("sandbox_crashed")


def _read_page(untrusted_page_blob: bytes, number: int, sandbox: Sandboxed) -> PageReading:
    for _ in range(CRASHES_MAX):
        result = sandbox.read_page(untrusted_page_blob, number)
        if isinstance(result, Unreadable):
            return _failed(number, result)
        if not isinstance(result, Crashed):
            return result.reading
    return _failed(number, Unreadable("sandbox_crashed"))


def _failed(number: int, why: Unreadable) -> PageReading:
    return PageReading(number=number, outcome=why.outcome, reason=why.reason, source="scan", seconds=0)


def _status(cut: CutResult, pages: list[PageReading]) -> tuple[ReadingOutcome, str | None]:
    """The file's outcome: hostile when a page is, unreadable when no page was read, partial when not all was."""
    failed = [page for page in pages if page.outcome not in ("read", "partial")]
    if not pages or cut.outcome not in ("read", "partial"):
        return cut.outcome, cut.reason
    hostile = next((page for page in failed if page.outcome == "hostile"), None)
    if hostile is not None:
        return "hostile", hostile.reason
    if len(failed) == len(pages):
        return "unreadable", failed[0].reason
    unread = next((page for page in pages if page.outcome != "read"), None)
    if unread or cut.outcome == "partial":
        return "partial", cut.reason or (unread.reason if unread else None)
    return "read", None
