"""Files that are there as a whole or not at all.

Place in the pipeline: under the folder store. Trust level: paths are ours.
Residual risk: a disk that lies about fsync.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


class Draft:
    """A file (mode 600) that grows in the folder `drafts` until it is published; a lock marks it as alive.

    All methods raise `OSError`; afterwards call `discard`.
    """

    def __init__(self, drafts: Path) -> None:
        descriptor, name = tempfile.mkstemp(dir=drafts)
        self._path = Path(name)
        self._file = os.fdopen(descriptor, "wb", buffering=0)
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def write(self, data: bytes) -> None:
        """Append all of `data`."""
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) :]

    def publish(self, target: Path) -> None:
        """Flush the content to the disk and make it `target` (same file system), replacing an older one."""
        os.fsync(self._file.fileno())
        self._path.replace(target)
        self._file.close()

    def discard(self) -> None:
        """Leave nothing behind."""
        self._file.close()
        self._path.unlink(missing_ok=True)


def make_folders(folders: Iterable[Path]) -> None:
    """Make those folders (mode 700) that are missing, from the highest to the lowest."""
    for folder in folders:
        folder.mkdir(mode=0o700, exist_ok=True)


def fsync_folders(folders: Iterable[Path]) -> None:
    """Flush the entries of the folders, so that what was renamed into them or made in them stays."""
    for folder in folders:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def remove_dead_drafts(drafts: Path) -> None:
    """Remove what killed processes left in `drafts`: a living writer holds its draft's lock."""
    for draft in drafts.glob("*"):
        with suppress(OSError), draft.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            draft.unlink()
