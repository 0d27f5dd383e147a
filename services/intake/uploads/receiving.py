"""Receiving files: hashed, counted and encrypted piece by piece while they arrive.

Place in the pipeline: between `parts` and `registering`. Until `Upload.keep` or `discard` the blobs are invisible.
Memory is a constant few hundred kilobytes an upload, and nothing lies on the disk in plain.
Trust level: hostile bytes that are never interpreted beyond their type. Residual risk: none.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any

from anyio import to_thread

from services.intake.uploads.file_types import HEAD_BYTES, is_accepted
from services.intake.uploads.parts import FileEnded, FileStarted, Part, Piece, Replaces
from wetink.blobs.port import BlobWriter
from wetink.faults import reach
from wetink.http.bodies import too_large
from wetink.http.problems import ProblemError

MAX_FILES = 100
_BUFFER_BYTES = 256 << 10

OpenWriter = Callable[[int, ExitStack], BlobWriter]
"""Opens the blob of the n-th file (from 1) and hands its closing to the stack."""


@dataclass
class Upload:
    """The files of one upload, complete but not yet kept."""

    names: list[str] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)
    size_bytes: int = 0
    untrusted_replaces: str | None = None
    received_at: datetime | None = None
    """When the bytes first came, if that was not just now."""
    stack: ExitStack = field(default_factory=ExitStack)
    is_kept: bool = False

    @property
    def sha256(self) -> str:
        """Of one file: its own; of several: that of their digests in order."""
        if len(self.hashes) == 1:
            return self.hashes[0].hex()
        return sha256(b"".join(self.hashes)).hexdigest()

    def keep(self) -> None:
        """Make the blobs durable and visible."""
        self.stack.close()
        self.is_kept = True
        reach("upload.kept")

    def discard(self) -> None:
        """Leave nothing of the blobs; nothing happens after `keep`."""
        discarded = _DiscardedError()
        self.stack.__exit__(_DiscardedError, discarded, None)


class _DiscardedError(Exception):
    """Tells the blobs' writers that their content is not wanted."""


class _File:
    """One file on its way: told its type, then written in pieces of a quarter megabyte."""

    def __init__(self, open_writer: Callable[[], BlobWriter]) -> None:
        self._open_writer = open_writer
        self._writer: BlobWriter | None = None
        self._buffer = bytearray()
        self._hash: Any = sha256()
        self.size_bytes = 0

    async def add(self, data: bytes) -> None:
        self._buffer += data
        self.size_bytes += len(data)
        if self._writer is None and len(self._buffer) >= HEAD_BYTES:
            self._check()
        if len(self._buffer) >= _BUFFER_BYTES:
            await to_thread.run_sync(self._flush)

    async def end(self) -> bytes:
        """The file's SHA-256; raises 400 for an empty file."""
        if self.size_bytes == 0:
            raise _empty()
        self._check()
        await to_thread.run_sync(self._flush)
        digest: bytes = self._hash.digest()
        return digest

    def _check(self) -> None:
        if self._writer is None and not is_accepted(bytes(self._buffer[:HEAD_BYTES])):
            raise ProblemError(
                415,
                "This kind of file is not accepted",
                "Send PDF, JPEG, PNG, TIFF, HEIC or WebP. The content counts, not the name.",
            )

    def _flush(self) -> None:
        if self._writer is None:
            self._writer = self._open_writer()
        data = bytes(self._buffer)
        self._buffer.clear()
        self._hash.update(data)
        self._writer.write(data)
        reach("upload.receiving")


async def receive(parts: AsyncIterator[Part], open_writer: OpenWriter, max_bytes: int) -> Upload:
    """All files of an upload; the caller keeps or discards them.

    Raises `ProblemError`: 400 nothing sent or broken, 413 more than `max_bytes` or too many files, 415 no accepted
    type. Nothing is left of the blobs then, nor when the sender goes away.
    """
    upload = Upload()
    try:
        await _receive_all(parts, upload, open_writer, max_bytes)
    except BaseException:
        upload.discard()
        raise
    return upload


async def _receive_all(
    parts: AsyncIterator[Part], upload: Upload, open_writer: OpenWriter, max_bytes: int
) -> None:
    start = FileStarted("")
    file = _File(partial(open_writer, 1, upload.stack))
    async for part in parts:
        match part:
            case FileStarted():
                number = len(upload.names) + 1
                if number > MAX_FILES:
                    raise ProblemError(413, "Too many files", f"At most {MAX_FILES} in one upload. Send several.")
                start = part
                file = _File(partial(open_writer, number, upload.stack))
            case Piece(data):
                upload.size_bytes += len(data)
                if upload.size_bytes > max_bytes:
                    raise too_large(max_bytes)
                await file.add(data)
            case FileEnded():
                if file.size_bytes or start.has_name:
                    upload.hashes.append(await file.end())
                    upload.names.append(start.name)
            case Replaces(untrusted_document_id):
                upload.untrusted_replaces = untrusted_document_id
    if not upload.names:
        raise _empty()


def _empty() -> ProblemError:
    return ProblemError(400, "The upload is empty", "Nothing was stored. Choose a file that has content.")
