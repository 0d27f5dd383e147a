"""The trusted side of the sandbox: hands jobs to the template, enforces the limits from outside, checks replies.

Place in the pipeline: used by the ocr handlers and the command line; the only way to a client's file.
Trust level: everything that comes back is checked before anybody sees it.
Residual risk: the input lies in a memory file; a machine that swaps may write it to its swap.
"""

import contextlib
import fcntl
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from prometheus_client import Counter, Gauge, Histogram

from services.ocr.sandbox import limits, results, template, wire
from services.ocr.sandbox.limits import FULL_LEVEL, LIMITS, Walls
from services.ocr.sandbox.results import Crashed, CutResult, LearnResult, PageResult, TextResult, Unreadable
from wetink.errors import RetryError
from wetink.faults import reach
from wetink.folders import remove
from wetink.logs import Log

JOBS_ENDED = Counter("wetink_sandbox_jobs", "Jobs in the sandbox, by job and how they ended.", ("job", "reason"))
"""`reason` is `done` or the code of what went wrong."""
JOB_SECONDS = Histogram("wetink_sandbox_cpu_seconds", "CPU seconds of a job in the sandbox, by job.", ("job",))
"""What reading costs."""
SANDBOX_LEVEL = Gauge("wetink_sandbox_level", "Walls around client files: 3 all, 0 rlimits alone.")
"""Known once the first file was opened."""

T = TypeVar("T")
Lane = Literal["pages", "text"]
JOBS_MODULE = "services.ocr.sandbox.jobs"
_START_S = 60.0
_GRACE_S = 10.0
_ANSWER_BYTES = 64 << 10
_MUCH_BYTES = 512 << 20
"""An abort with as much memory in hand is taken for the limit; ordinary pages stay below."""
_SIZE_SEALS = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK
_REASONS = {template.EXIT_MEMORY: "out_of_memory", template.EXIT_WROTE_TOO_MUCH: "wrote_too_much"}
_LIMITS_MET = {"wall": "out_of_time", "memory": "out_of_memory", "disk": "wrote_too_much"}
_INHERITED = (
    "PATH",
    "LANG",
    "TESSDATA_PREFIX",
    "PYTHONPATH",
    "WETINK_SUPERVISED",
    "WETINK_PROCESS",
    "WETINK_FAULTS",
)
"""The environment of a template: the marks of a supervised process, a test's faults; hence no secret."""
_SINGLE_THREADED = {"MALLOC_ARENA_MAX": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

log = Log(__name__)


@dataclass(frozen=True)
class _End:
    """How a child ended: `end` is exit, signal, a limit (wall, memory, disk) or lost (the template is gone)."""

    end: str
    code: int
    cpu_s: float = 0.0
    peak_bytes: int = 0
    """The most memory it held at once."""


class _LostError(Exception):
    """The template ended or stopped answering."""


class _TemplateProcess:
    """A running template: started, spoken to, killed.

    The process that is started makes the namespaces and ends; the template itself, its child, is then ours.
    """

    def __init__(self, arguments: Sequence[str]) -> None:
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        limits.adopt_orphans(is_wanted=True)
        try:
            with theirs:
                self._first = _start(theirs, arguments)
            pid = int(self._receive(_START_S)["pid"])
            if pid != self._first.pid:
                self._first.wait()
            self._pidfd = os.pidfd_open(pid)
        finally:
            limits.adopt_orphans(is_wanted=False)
        try:
            told = self._receive(_START_S)
        except _LostError:
            self.kill()
            raise
        self.walls = Walls(**told["walls"])
        self.broken: list[str] = told["broken"]

    def run(self, message: Mapping[str, object], fds: list[int], timeout_s: float) -> dict[str, Any]:
        """Give it a job, wait for how it ended; raises `_LostError`."""
        try:
            socket.send_fds(self._channel, [json.dumps(message).encode()], fds)
        except OSError as error:
            raise _LostError from error
        return self._receive(timeout_s)

    def kill(self) -> None:
        """End it and, with it, whatever job it runs."""
        self._channel.close()
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitid(os.P_PIDFD, self._pidfd, os.WEXITED)
        os.close(self._pidfd)
        self._first.wait()

    def _receive(self, timeout_s: float) -> dict[str, Any]:
        self._channel.settimeout(timeout_s)
        try:
            data = self._channel.recv(_ANSWER_BYTES)
        except OSError as error:
            raise _LostError from error
        if not data:
            raise _LostError
        answer: dict[str, Any] = json.loads(data)
        return answer


def _start(theirs: socket.socket, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-m", template.__name__, str(theirs.fileno()), *arguments],
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
        env=environment | _SINGLE_THREADED,
        start_new_session=True,
    )


class Sandbox:
    """Opens client files, one job at a time, each in a child of its own; the template starts with the first job.

    `temp` is this process's own folder for temporary files (wiped here); `catalogues` are the folders of learned
    forms, whose change restarts the template. May be called from any thread.
    """

    def __init__(
        self, temp: Path, catalogues: Sequence[Path] = (), *, lane: Lane = "pages", jobs_module: str = JOBS_MODULE
    ) -> None:
        self._temp = temp.resolve()
        self._catalogues = [folder.resolve() for folder in catalogues]
        self._arguments = [jobs_module, lane, str(self._temp), *map(str, self._catalogues)]
        self._lock = threading.Lock()
        self._template: _TemplateProcess | None = None
        self._catalogue_state: object = None
        self._used_at = time.monotonic()
        remove(self._temp)
        self._temp.mkdir(parents=True, mode=0o700, exist_ok=True)

    def cut(
        self,
        untrusted_files: Iterable[Iterable[bytes]],
        first_page: int,
        last_page: int,
        password: str | None = None,
    ) -> CutResult | Unreadable | Crashed:
        """Open a document (its files in order, each in pieces), count its pages, cut a range of them (from 1)."""
        arguments = {"first_page": first_page, "last_page": last_page, "password": password}
        return self.run("cut", untrusted_files, arguments, results.cut_result)

    def read_page(self, untrusted_page_blob: bytes, number: int) -> PageResult | Unreadable | Crashed:
        """Read one page that `cut` made; `number` counts in the document.

        Only a page that neither its data nor a barcode names gets the second look, which may start Tesseract.
        Should that one fail, the page has been read all the same.
        """
        page = [[untrusted_page_blob]]
        first = self.run("read", page, {"number": number}, results.page_result)
        if not isinstance(first, PageResult) or first.reading.form or first.reading.outcome != "read":
            return first
        second = self.run("name", page, {"number": number}, results.page_result)
        return second if isinstance(second, PageResult) else first

    def page_text(self, untrusted_page_blob: bytes, number: int) -> TextResult | Unreadable | Crashed:
        """The full text and the picture of one page; needs the lane `text`."""
        return self.run("text", [[untrusted_page_blob]], {"number": number}, results.text_result)

    def learn(self, untrusted_form: bytes) -> LearnResult | Unreadable | Crashed:
        """Derive the catalogue entry of a blank form."""
        return self.run("learn", [[untrusted_form]], {}, results.learn_result)

    def run(
        self,
        job: str,
        untrusted_files: Iterable[Iterable[bytes]],
        arguments: Mapping[str, object],
        check: Callable[[wire.Reply], T],
        cpu_s: int | None = None,
    ) -> T | Unreadable | Crashed:
        """Run one job in a child; `check` makes a value of its reply, `cpu_s` shortens its usual budget.

        Raises `RetryError` when the template cannot be started or the disk has no room for temporary files.
        """
        usual = LIMITS[job]
        input_fd = os.memfd_create("input", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        output_fd = os.memfd_create("output", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        try:
            sizes = [_pour(pieces, input_fd) for pieces in untrusted_files]
            fcntl.fcntl(input_fd, fcntl.F_ADD_SEALS, _SIZE_SEALS | fcntl.F_SEAL_WRITE)
            os.ftruncate(output_fd, usual.output_bytes)  # takes memory only where it is written
            fcntl.fcntl(output_fd, fcntl.F_ADD_SEALS, _SIZE_SEALS)
            message = {"job": job, "sizes": sizes, "arguments": arguments, "cpu_s": cpu_s}
            wall_s = 4.0 * (cpu_s or usual.cpu_s)
            reach("sandbox.asked", job)
            with self._lock:
                end = self._run_in_template(message, [input_fd, output_fd], wall_s + _GRACE_S)
            return _outcome(job, end, output_fd, usual.output_bytes, check)
        finally:
            os.close(input_fd)
            os.close(output_fd)

    def close(self) -> None:
        """End the template and whatever it runs, remove the temporary folder."""
        with self._lock:
            self._stop()
        remove(self._temp)

    def rest(self, idle_s: float) -> None:
        """End the template, to save its memory, when it has had no job for `idle_s`; the next job starts it."""
        with self._lock:
            if time.monotonic() - self._used_at >= idle_s:
                self._stop()

    def walls(self) -> Walls:
        """What the kernel gives to jobs; starts the template."""
        with self._lock:
            return self._running().walls

    def _run_in_template(self, message: Mapping[str, object], fds: list[int], timeout_s: float) -> _End:
        try:
            return _End(**self._running().run(message, fds, timeout_s))
        except _LostError:
            self._stop()
            return _End("lost", 0)
        except BaseException:  # Ctrl-C: its answer must not be taken for the next job's
            self._stop()
            raise
        finally:
            self._used_at = time.monotonic()

    def _running(self) -> _TemplateProcess:
        """The template, started when there is none or when the catalogue has changed since."""
        state = _state_of(self._catalogues)
        if self._template is not None and state == self._catalogue_state:
            return self._template
        self._stop()
        try:
            self._template = _TemplateProcess(self._arguments)
        except (OSError, _LostError) as error:
            raise RetryError("the sandbox cannot be started") from error
        self._catalogue_state = state
        _say(self._template.walls)
        for name in self._template.broken:
            log.warning("catalogue_entry_broken", entry=_as_word(name))
        return self._template

    def _stop(self) -> None:
        if self._template is not None:
            self._template.kill()
            self._template = None


def _pour(pieces: Iterable[bytes], fd: int) -> int:
    size = 0
    for piece in pieces:
        view = memoryview(piece)
        while view:
            written = os.write(fd, view)
            size += written
            view = view[written:]
    return size


def _outcome(
    job: str, end: _End, fd: int, limit_bytes: int, check: Callable[[wire.Reply], T]
) -> T | Unreadable | Crashed:
    JOB_SECONDS.labels(job).observe(end.cpu_s)
    result = _value(end, fd, limit_bytes, check)
    label = result.reason if isinstance(result, Unreadable | Crashed) else "done"
    JOBS_ENDED.labels(job, label).inc()
    if label != "done":
        log.warning("sandbox_job_failed", job=job, reason=label, end=end.end, number=end.code)
    return result


def _value(end: _End, fd: int, limit_bytes: int, check: Callable[[wire.Reply], T]) -> T | Unreadable | Crashed:
    if (end.end, end.code) == ("exit", template.EXIT_DISK):
        raise RetryError("no room for the sandbox's temporary files")
    limit = _limit_met(end)
    if limit is not None:
        return Unreadable(limit)
    if end.end != "exit":
        return Crashed()
    try:
        reply = wire.read_reply(fd, limit_bytes)
        if end.code == template.EXIT_FAILED:
            _log_failure(reply)
            return Unreadable("engine_failed")
        return check(reply)
    except (wire.BadReplyError, ValueError):
        return Unreadable("bad_reply", "hostile")


def _limit_met(end: _End) -> str | None:
    """The code of the limit that ended a child; None when it ended by itself."""
    if end.end in _LIMITS_MET:
        return _LIMITS_MET[end.end]
    if end.end == "signal" and end.code == signal.SIGXCPU:
        return "out_of_time"
    if end.end == "signal" and end.code == signal.SIGABRT and end.peak_bytes >= _MUCH_BYTES:
        return "out_of_memory"  # PDFium aborts where it is given no more
    return _REASONS.get(end.code) if end.end == "exit" else None


def _log_failure(reply: wire.Reply) -> None:
    error, place = (_as_word(str(reply.head.get(name, ""))) for name in ("error", "place"))
    log.warning("sandbox_engine_failed", type=error, place=place)


def _as_word(told: str) -> str:
    """Nothing but what names of errors, places and entries consist of."""
    return re.sub(r"[^A-Za-z0-9_:/.-]", "?", told[:60])


def _state_of(folders: Sequence[Path]) -> list[tuple[str, int]]:
    """Changes whenever an entry is added, replaced or removed."""
    files = [path for folder in folders for path in sorted(folder.glob("*/*.json"))]
    return [(str(path), path.stat().st_mtime_ns) for path in files]


def _say(walls: Walls) -> None:
    SANDBOX_LEVEL.set(walls.level)
    said = log.info if walls.level == FULL_LEVEL else log.warning
    said(
        "sandbox_level",
        walls=walls.level,
        namespaces=walls.has_namespaces,
        landlock=walls.has_landlock,
        seccomp=walls.has_seccomp,
    )
