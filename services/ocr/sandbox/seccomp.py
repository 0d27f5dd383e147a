"""Forbids system calls that no job needs: sockets, new sessions, tracing, and (save for tesseract) new processes.

Place in the pipeline: the child installs the filter after the fork, before it touches the file.
Trust level: ours; the kernel enforces it, on the child and all that it starts.
Residual risk: a list of the forbidden, not of the allowed, so that a new library version does not turn pages into
crashes; on an architecture without a table nothing is forbidden here (the sandbox level says so).

A forbidden call fails with EPERM (seccomp(2), classic BPF).
"""

import ctypes
import platform
import struct

_FORBIDDEN_X86_64 = {
    "socket": 41,
    "connect": 42,
    "bind": 49,
    "listen": 50,
    "socketpair": 53,
    "ptrace": 101,
    "setpgid": 109,
    "setsid": 112,
    "mount": 165,
    "keyctl": 250,
    "unshare": 272,
    "perf_event_open": 298,
    "setns": 308,
    "process_vm_readv": 310,
    "process_vm_writev": 311,
    "bpf": 321,
    "userfaultfd": 323,
    "io_uring_setup": 425,
    "pidfd_open": 434,
}
_PROCESSES_X86_64 = {"fork": 57, "vfork": 58, "execve": 59, "execveat": 322}
_FORBIDDEN_AARCH64 = {
    "unshare": 97,
    "mount": 40,
    "ptrace": 117,
    "setpgid": 154,
    "setsid": 157,
    "socket": 198,
    "socketpair": 199,
    "bind": 200,
    "listen": 201,
    "connect": 203,
    "keyctl": 219,
    "perf_event_open": 241,
    "setns": 268,
    "process_vm_readv": 270,
    "process_vm_writev": 271,
    "bpf": 280,
    "userfaultfd": 282,
    "io_uring_setup": 425,
    "pidfd_open": 434,
}
_PROCESSES_AARCH64 = {"execve": 221, "execveat": 281}
_TABLES = {
    "x86_64": (0xC000003E, 56, _FORBIDDEN_X86_64, _PROCESSES_X86_64),
    "aarch64": (0xC00000B7, 220, _FORBIDDEN_AARCH64, _PROCESSES_AARCH64),
}
"""machine: audit architecture, number of `clone`, calls always forbidden, calls that make processes."""
_CLONE3 = 435
_CLONE_THREAD = 0x10000

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _EPERM, _ENOSYS = 0x7FFF0000, 0x80000000, 0x00050001, 0x00050026
_AT_NUMBER, _AT_ARCHITECTURE, _AT_FIRST_ARGUMENT = 0, 4, 16
_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2


def is_known() -> bool:
    """Whether there is a table for this machine's architecture."""
    return platform.machine() in _TABLES


def forbid(*, may_start_processes: bool) -> bool:
    """Install the filter on this process; False where it cannot be (needs `PR_SET_NO_NEW_PRIVS` before)."""
    table = _TABLES.get(platform.machine())
    if table is None:
        return False
    program = _program(table, may_start_processes=may_start_processes)
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    return int(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, header, 0, 0)) == 0


def _program(table: tuple[int, int, dict[str, int], dict[str, int]], *, may_start_processes: bool) -> bytes:
    architecture, clone, forbidden, processes = table
    lines = [
        _line(_LOAD, _AT_ARCHITECTURE),
        _line(_EQUAL, architecture, jump_if=1),
        _line(_RETURN, _KILL),
        _line(_LOAD, _AT_NUMBER),
        _line(_AT_LEAST, 0x40000000, jump_if=0, jump_else=1),
        _line(_RETURN, _EPERM),
    ]
    numbers = list(forbidden.values())
    if not may_start_processes:
        numbers += processes.values()
        lines += [_line(_EQUAL, _CLONE3, jump_else=1), _line(_RETURN, _ENOSYS)]
    for number in numbers:
        lines += [_line(_EQUAL, number, jump_else=1), _line(_RETURN, _EPERM)]
    if not may_start_processes:
        lines += [
            _line(_EQUAL, clone, jump_else=3),
            _line(_LOAD, _AT_FIRST_ARGUMENT),
            _line(_ANY_BIT, _CLONE_THREAD, jump_if=1),
            _line(_RETURN, _EPERM),
        ]
    return b"".join([*lines, _line(_RETURN, _ALLOW)])


def _line(code: int, value: int, *, jump_if: int = 0, jump_else: int = 0) -> bytes:
    return struct.pack("HBBI", code, jump_if, jump_else, value)
