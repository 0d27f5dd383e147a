"""Shuts the file system and TCP for a job: system libraries to read, its own temporary folder to write.

Place in the pipeline: the child calls `shut` after the fork, before it touches the file.
Trust level: ours; the kernel (5.13 or newer, with Landlock) enforces it on the child and all that it starts.
Residual risk: stat and chdir are not covered; TCP only from kernel 6.7 on (an empty network namespace and seccomp
cover the rest).
"""

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_RULE_PATH_BENEATH = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_READ = _READ_FILE | _READ_DIR
_FILE_ONLY = _EXECUTE | _WRITE_FILE | _READ_FILE
_RIGHTS_BY_VERSION = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""Version of the interface: how many rights on files it knows (each a bit, from 0)."""
_TCP = 3
_SCOPES = 3

_libc = ctypes.CDLL(None, use_errno=True)


def version() -> int:
    """Version of the kernel's Landlock interface; 0 where there is none."""
    return max(0, int(_libc.syscall(_CREATE_RULESET, None, 0, 1)))


def shut(readable: Iterable[Path], executable: Iterable[Path], writable: Path) -> bool:
    """Allow reading below `readable`, starting `executable`, everything but starting below `writable`; no more.

    Paths that do not exist are left out. False where the kernel has no Landlock; raises `OSError` when it has it
    and refuses (needs `PR_SET_NO_NEW_PRIVS` before).
    """
    found = version()
    if not found:
        return False
    rights = (1 << _RIGHTS_BY_VERSION[min(found, 5)]) - 1
    attributes = struct.pack("QQQ", rights, _TCP if found >= 4 else 0, _SCOPES if found >= 6 else 0)
    size = 24 if found >= 6 else 16 if found >= 4 else 8
    ruleset = _call(_CREATE_RULESET, attributes, size, 0)
    for path in readable:
        _allow(ruleset, path, _READ)
    for path in executable:
        _allow(ruleset, path, _READ_FILE | _EXECUTE)
    _allow(ruleset, writable, rights & ~_EXECUTE)
    _allow(ruleset, Path(os.devnull), _READ_FILE | _WRITE_FILE)
    _call(_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)
    return True


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    if not path.is_dir():
        rights &= _FILE_ONLY
    _call(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, struct.pack("=Qi", rights, parent), 0)
    os.close(parent)


def _call(number: int, *arguments: object) -> int:
    result = int(_libc.syscall(number, *arguments))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result
