"""Tries bad files in two processes at once: a part of them for the slow test, all for the benchmark."""

import multiprocessing
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from services.ocr.sandbox.box import JOB_SECONDS
from tests.support.bad_files import bad_files
from tests.support.bad_files.trying import open_room, processes_of

WORKERS = 2
_SAMPLE_S = 0.03
_JOBS = ("cut", "read")


@dataclass(frozen=True)
class Trial:
    """How one file ended; `memory_bytes` is the most a child was seen to hold, a few times a second."""

    name: str
    family: str
    outcome: str
    problems: list[str]
    cpu_s: float
    wall_s: float
    memory_bytes: int


def try_all(every: int = 1) -> list[Trial]:
    """Every bad file once, or each `every`-th; problems after the last are those of a trial named `afterwards`."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(WORKERS, mp_context=context) as pool:
        shares = pool.map(_try_share, range(0, WORKERS * every, every), [WORKERS * every] * WORKERS)
        return [trial for share in shares for trial in share]


def _try_share(first: int, step: int) -> list[Trial]:
    trials = []
    with tempfile.TemporaryDirectory() as name:
        with open_room(Path(name)) as room:
            for bad in bad_files()[first::step]:
                cpu_s, started = _cpu_s(), time.monotonic()
                with _peak_memory() as peak_bytes:
                    reading, problems = room.try_file(bad)
                took = _cpu_s() - cpu_s, time.monotonic() - started
                trials.append(Trial(bad.name, bad.family, reading.status, problems, *took, peak_bytes()))
            is_good = room.reads_the_good_form()
            left = len(processes_of(Path(name))) - 1
        problems = [] if is_good else ["the good form is no longer read"]
        problems += [f"{left} processes are left"] if left else []
        problems += ["the template is left"] if processes_of(Path(name)) else []
    return [*trials, Trial("afterwards", "afterwards", "read", problems, 0, 0, 0)]


def _cpu_s() -> float:
    return sum(JOB_SECONDS.labels(job)._sum.get() for job in _JOBS)


@contextmanager
def _peak_memory() -> Iterator[Callable[[], int]]:
    """Watches this process's descendants meanwhile; the value tells the most that one of them held."""
    seen, is_done = [0], threading.Event()

    def watch() -> None:
        while not is_done.wait(_SAMPLE_S):
            for child in psutil.Process().children(recursive=True):
                try:
                    seen[0] = max(seen[0], child.memory_info().rss)
                except psutil.Error:
                    continue

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield lambda: seen[0]
    finally:
        is_done.set()
        watcher.join()
