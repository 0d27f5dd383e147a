"""The processes of a running system, found by the mark that its supervisor gives to each.

Place in the pipeline: beside it; `make up`, `make down` and `wetink status` ask it. Every supervised process has
`WETINK_SUPERVISED=<data folder>` and `WETINK_PROCESS=<name>` in the environment it was started with, which the
system keeps for us: no file of process ids can go stale, and a number used again by a stranger is never taken for
ours. Trust level: environments of our own user's processes. Residual risk: a process that somebody starts by hand
with both variables set counts as supervised.
"""

import contextlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

MARK = "WETINK_SUPERVISED"
SUPERVISOR = "supervisor"


@dataclass(frozen=True)
class Found:
    """A live process of one data folder."""

    name: str
    process: psutil.Process


def marked(data: Path) -> list[Found]:
    """All live processes that carry the mark of `data`, children of the supervised ones among them."""
    return list(_marked(str(data.resolve())))


def _marked(mark: str) -> Iterator[Found]:
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            environment = process.environ()
            if environment.get(MARK) == mark and process.status() != psutil.STATUS_ZOMBIE:
                yield Found(environment.get("WETINK_PROCESS", ""), process)


def supervisor_of(data: Path) -> psutil.Process | None:
    """The supervisor of `data`, if it lives."""
    return next((one.process for one in marked(data) if one.name == SUPERVISOR and not _is_child(one)), None)


def _is_child(found: Found) -> bool:
    """Whether it is a copy of the supervisor that is just about to become another program."""
    with contextlib.suppress(psutil.Error):
        parent = found.process.parent()
        return parent is not None and parent.environ().get(MARK) == found.process.environ().get(MARK)
    return False


def supervised(data: Path) -> dict[str, int]:
    """Name to process id of the supervisor of `data` and of what it started itself; empty when it is gone."""
    supervisor = supervisor_of(data)
    if supervisor is None:
        return {}
    pids = {}
    with contextlib.suppress(psutil.Error):
        for child in supervisor.children():
            with contextlib.suppress(psutil.Error):
                pids[child.environ().get("WETINK_PROCESS", "")] = child.pid
    return {**pids, SUPERVISOR: supervisor.pid}


def end(processes: list[psutil.Process], patience_s: float) -> None:
    """Ask them to end, wait for at most `patience_s` seconds, then kill those that are left."""
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.terminate()
    _gone, alive = psutil.wait_procs(processes, timeout=patience_s)
    for process in alive:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(alive, timeout=5)


def end_leftovers(data: Path) -> int:
    """Kill what a supervisor that is gone left behind; returns how many processes.

    They are killed outright: every process is built to survive it, and the new ones want their ports.
    """
    ended = 0
    until = time.monotonic() + 10
    while left := [one.process for one in marked(data)]:
        end(left, patience_s=0)
        ended += len(left)
        if time.monotonic() > until:
            break
    return ended


def address_of(data: Path, name: str, pid: int | None) -> str | None:
    """Where a process answers /readyz, as it wrote into its run file; None when that is another one's."""
    with contextlib.suppress(OSError, ValueError):
        note = json.loads((data / "run" / f"{name}.json").read_text())
        if pid is not None and note.get("pid") == pid:
            return str(note["url"])
    return None
