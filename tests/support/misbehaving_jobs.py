"""Jobs that do to the sandbox what a hostile file might make an engine do; a stand-in for `sandbox.jobs`."""

import ctypes
import fcntl
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

from services.ocr.sandbox.wire import Reply


def preload(lane, catalogues):
    """Nothing to import."""
    return []


def _act(files, arguments):
    return _ACTS[arguments["act"]](files, arguments)


def _echo(files, arguments):
    return Reply({"sizes": [len(file) for file in files]}, list(files))


def _loop(files, arguments):
    while True:
        pass


def _sleep(files, arguments):
    Path("started").write_text("x")
    time.sleep(600)


def _memory(files, arguments):
    return Reply({}, [bytes(3 << 30)])


def _signal(files, arguments):
    os.kill(os.getpid(), signal.SIGSEGV)


def _abort(files, arguments):
    held = _hold(arguments["mebibytes"])
    assert held
    os.abort()


def _hold(mebibytes):
    held = bytearray(mebibytes << 20)
    held[::4096] = b"x" * len(held[::4096])
    return held


def _null_pointer(files, arguments):
    ctypes.string_at(0)


def _error(files, arguments):
    raise RuntimeError("Maria Garcia A123456789")


def _exit(files, arguments):
    sys.exit(0)


def _flood(files, arguments):
    return Reply({}, [bytes(200 << 20)])


def _fill_disk(files, arguments):
    with Path("big").open("wb") as file:
        while True:
            file.write(bytes(1 << 20))


def _fill_disk_file_by_file(files, arguments):
    for number in range(100):
        Path(f"big-{number}").write_bytes(bytes(32 << 20))
    time.sleep(600)


def _memory_in_many_processes(files, arguments):
    for _ in range(3):
        if not os.fork():
            _hold(800)
            time.sleep(600)
    time.sleep(600)


def _rlimits(files, arguments):
    names = ("CPU", "AS", "FSIZE", "NOFILE", "CORE")
    return Reply({name: resource.getrlimit(getattr(resource, f"RLIMIT_{name}")) for name in names})


def _open_files(files, arguments):
    kept = []
    return Reply({"errno": _tries(lambda: kept.extend(Path(os.devnull).open() for _ in range(100)))})


def _garbage(files, arguments):
    """A child that was taken over: the output is the last memory file that was opened."""
    os.pwrite(_memory_file("output"), arguments["bytes"].encode(), 0)
    os._exit(0)


def _memory_file(name):
    for fd in range(3, 20):
        with suppress(OSError):
            seals = fcntl.fcntl(fd, fcntl.F_GET_SEALS)
            if bool(seals & fcntl.F_SEAL_WRITE) == (name == "input"):
                return fd
    raise LookupError(name)


def _temp_file(files, arguments):
    with tempfile.NamedTemporaryFile(delete=False) as file:
        file.write(files[0])
    return Reply({"folder": tempfile.gettempdir()})


def _tries(attempt):
    try:
        attempt()
    except OSError as error:
        return error.errno
    return 0


def _fork(files, arguments):
    return Reply({"errno": _tries(os.fork)})


def _start(files, arguments):
    return Reply({"errno": _tries(lambda: subprocess.run(["/bin/true"], check=True))})


def _tesseract(files, arguments):
    return Reply(
        {"said": subprocess.run(["tesseract", "--version"], check=True, capture_output=True).stdout.decode()}
    )


def _network(files, arguments):
    return Reply({"errno": _tries(lambda: socket.create_connection(("127.0.0.1", arguments["port"])))})


def _new_session(files, arguments):
    return Reply({"errno": _tries(os.setsid)})


def _read_file(files, arguments):
    return Reply({"errno": _tries(lambda: Path(arguments["path"]).open("rb").close())})


def _write_file(files, arguments):
    return Reply({"errno": _tries(lambda: Path(arguments["path"]).open("wb").close())})


def _change_input(files, arguments):
    return Reply({"errno": _tries(lambda: os.pwrite(_memory_file("input"), b"x", 0))})


def _fork_bomb(files, arguments):
    Path("started").write_text("x")
    while True:
        try:
            if not os.fork():
                time.sleep(600)
        except OSError:
            time.sleep(600)


def _leave_a_process(files, arguments):
    if not os.fork():
        time.sleep(600)
    return Reply({})


def _threads(files, arguments):
    found = []
    thread = threading.Thread(target=lambda: found.append(1))
    thread.start()
    thread.join()
    return Reply({"found": found})


_ACTS = {name[1:]: act for name, act in list(globals().items()) if name.startswith("_") and callable(act)}
JOBS = {"cut": _act, "read": _act, "text": _act, "learn": _act}
