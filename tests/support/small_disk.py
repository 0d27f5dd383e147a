"""A small disk of its own below a folder, to be filled or made read-only, for tests of what then happens."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class SmallDisk:
    """A mounted tmpfs."""

    folder: Path

    def fill(self) -> None:
        """Leave not a byte."""
        with (self.folder / "filler").open("ab", buffering=0) as filler:
            for size in (1 << 20, 1 << 12, 1):
                try:
                    while filler.write(b"x" * size) == size:
                        pass
                except OSError:
                    continue

    def make_room(self) -> None:
        """Remove what `fill` wrote."""
        (self.folder / "filler").unlink()

    def change(self, options: str) -> None:
        """Mount it anew with other options, e.g. `ro`."""
        subprocess.run(["mount", "-o", f"remount,{options}", str(self.folder)], check=True)

    def files(self) -> dict[str, int]:
        """Every file but SQLite's log with its size."""
        found = (path for path in self.folder.rglob("*") if path.is_file() and "db-" not in path.name)
        return {str(path.relative_to(self.folder)): path.stat().st_size for path in found}


@contextmanager
def small_disk(folder: Path, size_mb: int = 8) -> Iterator[SmallDisk]:
    """The disk for the length of the block; skips the test where nothing may be mounted."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size_mb}m,mode=700", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a small disk needs root")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
