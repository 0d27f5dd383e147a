"""Readings and texts of pages, and records of cases, from the blob store: opened once, then kept for a while.

Place in the pipeline: every judgement looks at all pages of its case; this keeps that cheap.
Trust level: written by ocr's sandbox, validated on reading. Residual risk: kept in memory until others push it
out, also when the case is deleted meanwhile.
"""

from collections.abc import Callable
from functools import lru_cache

from wetink.blobs.port import BlobNotFoundError, BlobRef, BlobStore
from wetink.contracts.case_record import CaseRecord
from wetink.contracts.reading import PageReading, PageText

_KEPT_PAGES = 4_096
"""A reading is about 4 KiB in memory."""


class Readings:
    """Readings by blob; `document_number` tells a document that was read again from its first reading.

    `revised` is what a replay makes of a stored reading when the catalogue has changed.
    """

    def __init__(
        self, blobs: BlobStore, revised: Callable[[PageReading], PageReading] = lambda reading: reading
    ) -> None:
        self._blobs = blobs
        self._revised = revised
        self.page = lru_cache(_KEPT_PAGES)(self._page)
        self.text = lru_cache(_KEPT_PAGES)(self._text)
        self.record = lru_cache(_KEPT_PAGES)(self._record)

    def _page(self, ref: BlobRef, document_number: int) -> PageReading | None:  # noqa: ARG002 - part of the key
        """A page's reading; None when its blob is lost."""
        content = self._content(ref)
        return self._revised(PageReading.model_validate_json(content)) if content is not None else None

    def _text(self, ref: BlobRef, document_number: int) -> PageText | None:  # noqa: ARG002 - part of the key
        """What a page's text says of itself, without the words; None when its blob is lost."""
        content = self._content(ref)
        if content is None:
            return None
        return PageText.model_validate_json(content).model_copy(update={"words": []})

    def _record(self, ref: BlobRef) -> CaseRecord | None:
        """A version of a case's record; None when its blob is lost."""
        content = self._content(ref)
        return CaseRecord.model_validate_json(content) if content is not None else None

    def _content(self, ref: BlobRef) -> bytes | None:
        try:
            return self._blobs.get(ref)
        except BlobNotFoundError:
            return None
