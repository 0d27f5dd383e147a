"""The template: a process that imports everything, never sees a file, and forks one child per job.

Place in the pipeline: started by `box.Sandbox` in an interpreter of its own
(`python -m services.ocr.sandbox.template`), told of jobs through a socket, ends when that socket ends.
Trust level: trusted, for it reads only what the worker tells it; its children are not trusted with anything.
Residual risk: where the kernel allows no namespaces, something a child started could outlive a killed template
by what is left of its CPU seconds.

Where allowed the template is the first process of a process tree of its own: when it ends, for whatever reason,
the kernel ends everything in it.
"""

import contextlib
import errno
import gc
import importlib
import itertools
import json
import mmap
import os
import select
import signal
import socket
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from services.ocr.sandbox import landlock, limits, seccomp, usage, wire
from services.ocr.sandbox.limits import Confinement
from wetink.errors import DISK_FULL
from wetink.faults import reach
from wetink.folders import remove
from wetink.memory import give_back

EXIT_DONE, EXIT_MEMORY, EXIT_WROTE_TOO_MUCH, EXIT_FAILED, EXIT_DISK = 0, 10, 11, 12, 13
_MESSAGE_BYTES = 256 << 10
_BROKEN_TOLD = 50
_LOOK_MS = 250
"""How often it is looked what a job uses; most have ended before the first look."""


@dataclass(frozen=True)
class _Job:
    name: str
    sizes: list[int]
    arguments: dict[str, Any]
    cpu_s: int | None
    input_fd: int
    output_fd: int

    @property
    def limits(self) -> limits.JobLimits:
        usual = limits.LIMITS[self.name]
        if self.cpu_s is None:
            return usual
        return limits.JobLimits(self.cpu_s, usual.output_bytes, usual.may_start_tesseract)


class Template:
    """Waits for jobs on `channel`, runs each in a child, says how the child ended."""

    def __init__(self, channel: socket.socket, jobs: ModuleType, temp: Path, confinement: Confinement) -> None:
        self._channel = channel
        self._jobs = jobs
        self._temp = temp
        self._confinement = confinement

    def serve(self) -> None:
        """Until the worker is gone."""
        while True:
            data, fds, _, _ = socket.recv_fds(self._channel, _MESSAGE_BYTES, 2)
            if not data:
                return
            told = json.loads(data)
            job = _Job(told["job"], told["sizes"], told["arguments"], told["cpu_s"], *fds)
            try:
                answer = self._run(job)
            finally:
                for fd in fds:
                    os.close(fd)
            try:
                self._channel.send(json.dumps(answer).encode())
            except OSError:
                return

    def _run(self, job: _Job) -> dict[str, object]:
        try:
            temp = Path(tempfile.mkdtemp(dir=self._temp))
        except OSError:
            return {"end": "exit", "code": EXIT_DISK}
        try:
            child = os.fork()
            if not child:
                self._be_the_child(job, temp)
            return self._end_of(child, job.limits, temp)
        finally:
            remove(temp)

    def _end_of(self, child: int, job: limits.JobLimits, temp: Path) -> dict[str, object]:
        """Wait for the child's end, a limit's, or the worker's; afterwards nothing of the job is left."""
        breach = self._watch(child, job, temp)
        if breach:
            self._kill_all(child)
        _, status, used_up = os.wait4(child, 0)
        self._kill_all(child)
        self._reap()
        used = {"cpu_s": used_up.ru_utime + used_up.ru_stime, "peak_bytes": used_up.ru_maxrss << 10}
        if breach:
            return {"end": breach, "code": 0, **used}
        if os.WIFSIGNALED(status):
            return {"end": "signal", "code": os.WTERMSIG(status), **used}
        return {"end": "exit", "code": os.WEXITSTATUS(status), **used}

    def _watch(self, child: int, job: limits.JobLimits, temp: Path) -> str | None:
        """Wait until the child has ended; the limit it met when it has not (or that the worker is gone)."""
        ends_at = time.monotonic() + job.wall_s
        pidfd = os.pidfd_open(child)
        watched = select.poll()
        watched.register(pidfd, select.POLLIN)
        watched.register(self._channel, 0)  # tells of a hang-up only
        try:
            while not (ready := watched.poll(_LOOK_MS)):
                if time.monotonic() > ends_at:
                    return "wall"
                if usage.memory_of_descendants() > self._confinement.memory_bytes:
                    return "memory"
                if usage.size_of_folder(temp) > job.output_bytes:
                    return "disk"
            return None if any(fd == pidfd for fd, _ in ready) else "wall"
        finally:
            os.close(pidfd)

    def _kill_all(self, child: int) -> None:
        """Kill what the job left running: its process tree, or where that is not ours alone its session."""
        try:
            if self._confinement.has_own_tree:
                os.kill(-1, signal.SIGKILL)
            else:
                os.killpg(child, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass

    def _reap(self) -> None:
        """Wait for the ends of all that was killed: the template inherits what its children leave."""
        with contextlib.suppress(ChildProcessError):
            while True:
                os.waitpid(-1, 0)

    def _be_the_child(self, job: _Job, temp: Path) -> NoReturn:
        code = EXIT_FAILED
        try:
            code = self._work(job, temp)
        except MemoryError:
            code = EXIT_MEMORY
        finally:
            os._exit(code)

    def _work(self, job: _Job, temp: Path) -> int:
        os.setsid()
        limits.die_with_parent()
        _forget_streams(self._channel)
        reach("sandbox.working", job.name)
        self._confinement.enter(job.limits, temp)
        try:
            reply = self._jobs.JOBS[job.name](_files(job.input_fd, job.sizes), job.arguments)
        except MemoryError:
            raise
        except BaseException as error:  # noqa: BLE001 - the engines raise all kinds, SystemExit among them
            if isinstance(error, OSError) and error.errno == errno.EFBIG:
                return EXIT_WROTE_TOO_MUCH
            if isinstance(error, OSError) and error.errno in DISK_FULL:
                return EXIT_DISK
            wire.write_reply(job.output_fd, _where(error))
            return EXIT_FAILED
        try:
            wire.write_reply(job.output_fd, reply)
        except OSError:
            return EXIT_WROTE_TOO_MUCH
        return EXIT_DONE


def _files(fd: int, sizes: list[int]) -> list[memoryview]:
    """The job's input files, one after another in one memory file, which is not copied."""
    whole = memoryview(mmap.mmap(fd, sum(sizes), access=mmap.ACCESS_READ) if any(sizes) else b"")
    ends = itertools.accumulate(sizes)
    return [whole[end - size : end] for size, end in zip(sizes, ends, strict=True)]


def _where(error: BaseException) -> wire.Reply:
    """The type of an error and where in our code it came from, never its message."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/services/" in frame.filename]
    place = f"{Path(frames[-1].filename).stem}:{frames[-1].lineno}" if frames else "elsewhere"
    return wire.Reply({"error": type(error).__name__, "place": place})


def _forget_streams(channel: socket.socket) -> None:
    channel.close()
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    os.close(null)


def main(arguments: list[str]) -> None:
    """`FD JOBS_MODULE LANE TEMP CATALOGUE...`: serve the socket `FD`."""
    fd, module, lane, temp, *folders = arguments
    channel = socket.socket(fileno=int(fd))
    has_namespaces = limits.leave_the_system()
    pid = os.fork() if has_namespaces else os.getpid()
    if pid:
        channel.send(json.dumps({"pid": pid}).encode())
    if pid and has_namespaces:
        return
    limits.adopt_orphans(is_wanted=True)
    jobs = importlib.import_module(module)
    catalogues = [Path(folder) for folder in folders]
    broken = jobs.preload(lane, catalogues)
    template = Template(channel, jobs, Path(temp), Confinement.of_this_process(catalogues))
    walls = {
        "has_namespaces": has_namespaces,
        "has_landlock": landlock.version() > 0,
        "has_seccomp": seccomp.is_known(),
    }
    channel.send(json.dumps({"walls": walls, "broken": broken[:_BROKEN_TOLD]}).encode())
    give_back()
    gc.freeze()
    template.serve()


if __name__ == "__main__":
    main(sys.argv[1:])
