"""What a running job uses, seen from outside: memory of all its processes, bytes in its folder.

Place in the pipeline: asked by the template a few times a second while a job runs. Limits inside the job hold for
each process and each file alone; these hold for all of them together.
Trust level: the kernel's numbers. Residual risk: what is used between two looks; where the kernel tells nothing of
children, the limits inside are all there is.
"""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

_PROPORTIONAL = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


def memory_of_descendants() -> int:
    """Bytes that the descendants of the calling process hold; what they share is counted once."""
    # The process's number where /proc was mounted: another one than in a process tree of its own.
    return sum(map(_held, _descendants(str(Path("/proc/self").readlink()))))


def size_of_folder(folder: Path) -> int:
    """Bytes of all files below `folder`; the largest number when a part of it cannot be looked at."""
    size, waiting = 0, [str(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    size += entry.stat(follow_symlinks=False).st_size
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except FileNotFoundError:  # the job removed it meanwhile
            continue
        except OSError:
            return sys.maxsize
    return size


def _descendants(pid: str) -> Iterator[str]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield child
        yield from _descendants(child)


def _held(pid: str) -> int:
    try:
        told = _PROPORTIONAL.search(Path(f"/proc/{pid}/smaps_rollup").read_text())
    except OSError:
        return 0
    return int(told[1]) << 10 if told else 0
