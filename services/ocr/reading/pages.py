"""Cuts a document into page blobs.

Place in the pipeline: the first thing that happens to a client's file, inside the sandbox. Trust level: hostile.
Residual risk: a page that cannot be told to be a plain scan is kept as a one-page PDF and opened again later.

Whatever is wrong is a value: `locked` (a user password is needed), `unreadable`, `partial` (some pages failed).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.ocr.reading.image_cut import open_image
from services.ocr.reading.pdf_cut import LockedError, LostPageError, open_pdf
from wetink.contracts.events import ReadingOutcome

CutPage = Callable[[int], bytes]
"""Gives the blob of a page of one file, counted from 0; raises whatever the file provokes."""


@dataclass(frozen=True)
class PageCut:
    """One page: its number in the document and its blob, or the code of what went wrong."""

    number: int
    blob: bytes | None
    reason: str | None = None


@dataclass(frozen=True)
class Cut:
    """How opening ended, how many pages there are in all, and the pages that were asked for."""

    outcome: ReadingOutcome
    reason: str | None
    pages_total: int
    pages: list[PageCut]


def count_and_cut(
    untrusted_files: Sequence[bytes | memoryview],
    first_page: int = 1,
    last_page: int | None = None,
    password: str | None = None,
) -> Cut:
    """Cut pages `first_page` to `last_page` (from 1, inclusive; null: the last) out of the files of one upload.

    Pages count through all files in their order. A file that cannot be opened counts as one page that failed,
    so that the others are still read; when nothing can be opened there are no pages at all.
    """
    opened = [_open(untrusted_file, password) for untrusted_file in untrusted_files]
    reasons = [reason for reason, _, _ in opened if reason]
    if len(reasons) == len(opened):
        why = reasons[0] if reasons else "empty"
        return Cut("locked" if why == "password_needed" else "unreadable", why, 0, [])
    total = sum(count for _, count, _ in opened)
    last = min(total, total if last_page is None else last_page)
    pages: list[PageCut] = []
    start = 1
    for reason, count, cut in opened:
        numbers = range(max(start, first_page), min(start + count - 1, last) + 1)
        pages += [_cut_page(number, number - start, cut, reason) for number in numbers]
        start += count
    failed = next((page.reason for page in pages if page.blob is None), reasons[0] if reasons else None)
    return Cut("partial" if failed else "read", failed, total, pages)


def _open(untrusted_file: bytes | memoryview, password: str | None) -> tuple[str | None, int, CutPage]:
    """Reason why not, number of pages, and how to cut one."""
    try:
        if b"%PDF-" in bytes(untrusted_file[:1024]):
            return None, *open_pdf(untrusted_file, password)
        return None, *open_image(bytes(untrusted_file))
    except LockedError:
        return "password_needed", 1, _never
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # a file may provoke any error of a parser; all mean the same
        return ("empty" if not untrusted_file else "damaged"), 1, _never


def _never(index: int) -> bytes:
    raise ValueError(index)


def _cut_page(number: int, index: int, cut: CutPage, reason: str | None) -> PageCut:
    if reason:
        return PageCut(number, None, reason)
    try:
        return PageCut(number, cut(index))
    except LostPageError:
        return PageCut(number, None, "file_cut_short")
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # see `_open`
        return PageCut(number, None, "page_damaged")
