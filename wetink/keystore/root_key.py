"""The root key: one file that opens everything.

Place in the pipeline: read (at the very first start: made) by each process that opens the key store.
Trust level: mode 600; may lie on another disk than the data, so that a copy of the data alone opens nothing.
Residual risk: who loses the file loses everything; it belongs in a safe place beside the backups.
"""

import base64
import os
import tempfile
from pathlib import Path

from wetink.keystore.wrapping import KEY_BYTES, new_key


class RootKeyError(Exception):
    """The root key is missing, malformed or another one than the data's; the message says what to do."""


def read_root_key(path: Path) -> bytes | None:
    """The key in the file (base64); None when there is no file. Raises `RootKeyError` when it is malformed."""
    try:
        key = base64.b64decode(path.read_text("ascii").strip(), validate=True)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise RootKeyError(f"the root key file {path} cannot be read: restore it from its backup") from error
    if len(key) != KEY_BYTES:
        raise RootKeyError(f"the root key file {path} does not hold {KEY_BYTES} bytes: restore it from its backup")
    return key


def make_root_key(path: Path) -> bytes:
    """A new root key in a new file; when another process was first, that one's key."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=".root-key-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(new_key()) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)  # whole or not at all, and never over another one
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()
    _fsync_folder(path.parent)
    key = read_root_key(path)
    if key is None:
        raise RootKeyError(f"the root key file {path} vanished while it was made")
    return key


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
