"""Reads whole files without Kafka and services: perception for the command line.

Place in the pipeline: behind `wetink read` and `wetink check`. Trust level: files are opened in the sandbox alone.
Residual risk: all pages of a chunk are in memory at once.
"""

from collections.abc import Iterator, Sequence

from services.ocr.sandbox.port import CHUNK_PAGES, CRASHES_MAX, Sandboxed
from services.ocr.sandbox.results import Crashed, CutResult, Unreadable
from wetink.contracts.events import READABLE, ReadingOutcome
from wetink.contracts.reading import FileReading, PageReading, PageText


def read_file(
    name: str, untrusted_files: Sequence[bytes], sandbox: Sandboxed, text_sandbox: Sandboxed | None = None
) -> FileReading:
    """Read the files of one document (usually one file), called `name`, with all pages.

    With a sandbox for texts, the text of each page that is no known form is read too, as the services do.
    """
    first = _cut(untrusted_files, sandbox, 1)
    if not isinstance(first, CutResult):
        return FileReading(file=name, status=first.outcome, reason=first.reason)
    pages, texts = [], []
    for number, blob in _page_blobs(untrusted_files, sandbox, first):
        page = _failed(number, blob) if isinstance(blob, Unreadable) else _read_page(blob, number, sandbox)
        pages.append(page)
        if text_sandbox and not isinstance(blob, Unreadable) and page.form is None and page.outcome in READABLE:
            texts.append(_read_text(blob, number, text_sandbox))
    status, reason = _status(first, pages)
    return FileReading(file=name, status=status, reason=reason, pages=pages, texts=texts)


def _page_blobs(
    untrusted_files: Sequence[bytes], sandbox: Sandboxed, first: CutResult
) -> Iterator[tuple[int, bytes | Unreadable]]:
    """The number and the blob of each page, or why there is none."""
    chunk: CutResult | Unreadable = first
    for number in range(1, first.pages_total + 1):
        if number % CHUNK_PAGES == 1 and number > 1:
            chunk = _cut(untrusted_files, sandbox, number)
        if isinstance(chunk, Unreadable):
            yield number, chunk
        elif number in chunk.pages:
            yield number, chunk.pages[number]
        else:
            yield number, Unreadable(chunk.failed.get(number, "page_damaged"))


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


def _read_text(untrusted_page_blob: bytes, number: int, sandbox: Sandboxed) -> PageText:
    for _ in range(CRASHES_MAX):
        result = sandbox.page_text(untrusted_page_blob, number)
        if isinstance(result, Unreadable):
            return PageText(number=number, outcome=result.outcome, reason=result.reason)
        if not isinstance(result, Crashed):
            return result.text
    return PageText(number=number, outcome="unreadable", reason="sandbox_crashed")


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
