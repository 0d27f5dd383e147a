"""The limits of each kind of job, and the walls around a child.

Place in the pipeline: the template calls `leave_the_system` once and `Confinement.enter` in every child after
the fork.
Trust level: runs before any byte of a client's file is touched. Residual risk: `Walls` says what the kernel
allowed; where namespaces and Landlock are missing, rlimits and the seccomp filter are all there is.

CPU seconds are budgeted, not wall time: on a loaded host a wall limit turns good documents into bad ones.
"""

import ctypes
import os
import resource
import shutil
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from services.ocr.sandbox import landlock, seccomp

_CLONE_NEWUSER, _CLONE_NEWPID, _CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 1, 36, 38
FULL_LEVEL = 3
_GIB, _MIB = 1 << 30, 1 << 20
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class JobLimits:
    """What one kind of job may use: CPU seconds, bytes handed back, and whether it may start tesseract."""

    cpu_s: int
    output_bytes: int
    may_start_tesseract: bool = False

    @property
    def wall_s(self) -> float:
        """The backstop: a job that sleeps or waits is ended after four times its CPU budget."""
        return 4.0 * self.cpu_s


LIMITS: dict[str, JobLimits] = {
    "cut": JobLimits(cpu_s=20, output_bytes=512 * _MIB),
    "read": JobLimits(cpu_s=20, output_bytes=128 * _MIB),
    "name": JobLimits(cpu_s=20, output_bytes=128 * _MIB, may_start_tesseract=True),
    "text": JobLimits(cpu_s=60, output_bytes=64 * _MIB, may_start_tesseract=True),
    "learn": JobLimits(cpu_s=60, output_bytes=64 * _MIB),
}


@dataclass(frozen=True)
class Walls:
    """What the kernel gives beyond rlimits."""

    has_namespaces: bool
    has_landlock: bool
    has_seccomp: bool

    @property
    def level(self) -> int:
        """`sandbox_level`: 3 all of it, 0 rlimits alone."""
        return self.has_namespaces + self.has_landlock + self.has_seccomp


def leave_the_system() -> bool:
    """Give this process's children an empty network and a process tree of their own; False where forbidden."""
    return int(_libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWPID)) == 0


def adopt_orphans(*, is_wanted: bool) -> None:
    """Whether orphaned descendants of the calling process become its own children instead of the system's."""
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, int(is_wanted), 0, 0, 0)


def die_with_parent() -> None:
    """Let the kernel kill this process when its parent ends."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


@dataclass(frozen=True)
class Confinement:
    """How children are shut in; worked out once by the template.

    `readable` and `executable` are paths; `template_bytes` is the address space mapped before any work;
    `has_own_tree` says that the children's process tree is theirs alone.
    """

    readable: list[Path]
    executable: list[Path]
    template_bytes: int
    has_own_tree: bool

    @classmethod
    def of_this_process(cls, catalogues: list[Path]) -> "Confinement":
        """What holds for the children of the calling process."""
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        return cls(
            readable=[*_libraries(), *catalogues],
            executable=_tesseract_and_loader(),
            template_bytes=pages * os.sysconf("SC_PAGE_SIZE"),
            has_own_tree=os.getpid() == 1,
        )

    @property
    def memory_bytes(self) -> int:
        """What a child may map, and all processes of a job together may hold."""
        return self.template_bytes + _GIB

    def enter(self, limits: JobLimits, temp: Path) -> None:
        """Shut the calling child in for good; `temp` is the one folder it may write to."""
        os.environ.update(TMPDIR=str(temp), HOME=str(temp), OMP_THREAD_LIMIT="1")
        os.chdir(temp)
        self._set_rlimits(limits)
        _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        landlock.shut(self.readable, self.executable if limits.may_start_tesseract else [], temp)
        seccomp.forbid(may_start_processes=limits.may_start_tesseract)

    def _set_rlimits(self, limits: JobLimits) -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
        resource.setrlimit(resource.RLIMIT_FSIZE, (limits.output_bytes, limits.output_bytes))
        resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s + 2))
        if self.has_own_tree:  # elsewhere the kernel counts all processes of the user
            resource.setrlimit(resource.RLIMIT_NPROC, (32, 32))
        resource.setrlimit(resource.RLIMIT_AS, (self.memory_bytes, self.memory_bytes))


def _libraries() -> list[Path]:
    """What a job may read: system, interpreter, packages and our own two (never the data folder beside them)."""
    root = Path(__file__).parents[3]
    prefixes = [Path(prefix).resolve() for prefix in (sys.prefix, sys.base_prefix)]
    system = [Path(name) for name in ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/fonts", "/dev/urandom")]
    return [*system, *prefixes, root / "services", root / "wetink"]


def _tesseract_and_loader() -> list[Path]:
    found = shutil.which("tesseract")
    loaders = [path.resolve() for path in Path("/").glob("lib*/ld-linux*")]
    return [*loaders, *([Path(found).resolve()] if found else [])]
