"""Removes folders that a sandboxed job could write to, whatever the job made of them.

Place in the pipeline: after each job, and at every start. A job may have nested folders deeper than Python
recurses and than a path may be long, or taken all rights from them.
Trust level: hostile names, never interpreted. Residual risk: what cannot be removed stays until the next start.
"""

import contextlib
import secrets
from pathlib import Path


def remove(folder: Path) -> None:
    """Remove `folder`, if it is there, and all that is in it: what lies deeper is moved up."""
    with contextlib.suppress(OSError):
        folder.chmod(0o700)
        while entries := list(folder.iterdir()):
            for entry in entries:
                if _is_folder(entry):
                    _move_up(entry, folder)
                else:
                    entry.unlink()
        folder.rmdir()


def _move_up(below: Path, folder: Path) -> None:
    below.chmod(0o700)
    for inner in list(below.iterdir()):
        if _is_folder(inner):
            inner.chmod(0o700)  # a folder that may not be written to cannot be moved either
        inner.rename(folder / secrets.token_hex(16))
    below.rmdir()


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
