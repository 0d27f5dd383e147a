"""A client's file as a stream over memory that is not ours alone.

Place in the pipeline: between the memory file that a job is given and pypdf, which wants a stream; `BytesIO` would
copy the whole file, and so would pypdf when it asks one for its size: half a second for 100 MB.
Trust level: hostile bytes, never interpreted here. Residual risk: none.
"""

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class FileView(io.RawIOBase):
    """Reads `untrusted_file` where it lies; like any file it may be sought beyond its end."""

    def __init__(self, untrusted_file: bytes | memoryview) -> None:
        self._view = memoryview(untrusted_file)
        self._at = 0

    def readinto(self, target: "WriteableBuffer") -> int:
        """Fill `target` from where the stream stands; the number of bytes, 0 at the end."""
        room = memoryview(target).cast("B")
        piece = self._view[self._at : self._at + len(room)]
        room[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to `offset` bytes from the start, from here or from the end; raises `ValueError` before the start."""
        at = (0, self._at, len(self._view))[whence] + offset
        if at < 0:
            raise ValueError("before the start of the file")
        self._at = at
        return at

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True
