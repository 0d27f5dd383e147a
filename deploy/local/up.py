"""`make up`: starts Kafka and all services under the supervisor, waits until they are ready, says where they are.

Place in the pipeline: above all processes of one machine. It prepares the data folder, ends what an earlier start
left behind, and then only watches; the supervisor does the restarting.
Trust level: the administrator's own shell. Residual risk: in the foreground, a SIGKILL of this process
alone leaves the system running (`make down` stops it).

    python -m deploy.local.up             in the foreground; Ctrl-C or SIGTERM stops everything
    python -m deploy.local.up --detach    returns when all is ready
"""

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType

from deploy.local.down import stop
from deploy.local.kafka import CHECKOUT, broker_line
from deploy.local.supervisor import configuration, programs
from wetink.cli.processes import process_states
from wetink.errors import RetryError
from wetink.folders import remove
from wetink.keystore import first_run
from wetink.keystore.root_key import RootKeyError
from wetink.running import MARK, SUPERVISOR, end_leftovers, supervisor_of
from wetink.settings import SharedSettings

READY_TIMEOUT_S = 120
"""How long a start may take; the first one of a slow machine included."""
FOLDERS = ("db", "keys", "blobs", "kafka", "tmp", "run", "logs", "catalogue", "supervisor")


class StartError(Exception):
    """It cannot start; the message says why and what to do."""


class StopRequestedError(BaseException):
    """Ctrl-C, SIGTERM or a closed terminal."""


def main(arguments: list[str]) -> int:
    """Start, and in the foreground watch; returns the exit status."""
    detach = arguments == ["--detach"]
    if arguments and not detach:
        print(__doc__, file=sys.stderr)
        return 2
    os.umask(0o077)  # all that is kept is for our user alone
    settings = SharedSettings()
    _listen_for_stop()
    try:
        with only_start(settings.data):
            supervisor = start(settings)
            return 0 if detach else watch(supervisor, settings.data)
    except StartError as problem:
        print(f"wetink: {problem}", file=sys.stderr)
        return 1
    except StopRequestedError:
        _ignore_stop()
        stop(settings.data)
        return 0


def _listen_for_stop() -> None:
    def request(_number: int, _frame: FrameType | None) -> None:
        raise StopRequestedError

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, request)


def _ignore_stop() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


@contextlib.contextmanager
def only_start(data: Path) -> Iterator[None]:
    """Holds the data folder's lock; raises `StartError` when another start holds it or the system runs already."""
    prepare_folder(data)
    with (data / "supervisor" / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            running = True
        else:
            running = supervisor_of(data) is not None
        if running:
            raise StartError(f"already running with the data folder {data}. `make down` stops it.")
        yield


def prepare_folder(data: Path) -> None:
    """Make the data folder and its parts, for our user alone."""
    for folder in (data, *(data / name for name in FOLDERS)):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    data.chmod(0o700)


def start(settings: SharedSettings) -> subprocess.Popen[bytes]:
    """Start everything and wait until it is ready; raises `StartError` when that does not happen in time."""
    began = time.monotonic()
    data = settings.data
    if left := end_leftovers(data):
        print(f"wetink: ended {left} processes that an earlier start had left behind")
    check_ports(settings)
    _empty(data / "tmp")
    _empty(data / "run")
    _make_keys()
    supervisor = start_supervisor(settings)
    try:
        wait_until_ready(settings, supervisor)
    except Exception:
        stop(data)
        raise
    print(f"Wetink is ready ({time.monotonic() - began:.1f} s).\n{addresses(settings)}", flush=True)
    return supervisor


def check_ports(settings: SharedSettings) -> None:
    """Raises `StartError` for a port that another program holds."""
    wanted = [("WETINK_INTAKE_PORT", settings.intake_port), ("WETINK_QUEUE_PORT", settings.queue_port)]
    if not settings.kafka_bootstrap:
        wanted += [("WETINK_KAFKA_PORT", settings.kafka_port), ("WETINK_KAFKA_PORT", settings.kafka_port + 1)]
    for name, port in wanted:
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            raise StartError(f"port {port} is used by another program; choose others with {name}.") from None


def _make_keys() -> None:
    """The key store and, at the very first start, the first organisation with its keys."""
    try:
        first_run.main()
    except (RootKeyError, RetryError) as problem:
        raise StartError(str(problem)) from problem


def _empty(folder: Path) -> None:
    remove(folder)
    folder.mkdir(mode=0o700, exist_ok=True)


def start_supervisor(settings: SharedSettings) -> subprocess.Popen[bytes]:
    """Write supervisord's configuration and start it in a session of its own."""
    data = settings.data
    broker = None if settings.kafka_bootstrap else broker_line(data / "kafka", settings.kafka_port)
    file = data / "supervisor" / "supervisord.conf"
    running = programs(os.cpu_count() or 1, broker)
    file.write_text(configuration(data, CHECKOUT, running, settings.kafka_port))
    with (data / "supervisor" / "output.log").open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "supervisor.supervisord", "-c", str(file)],
            env=environment(os.environ, data),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            umask=0o077,
        )


def environment(outer: Mapping[str, str], data: Path) -> dict[str, str]:
    """The environment of the supervisor and of all it starts."""
    return {
        **outer,
        MARK: str(data.resolve()),
        "WETINK_PROCESS": SUPERVISOR,
        "WETINK_DATA": str(data),
        "TMPDIR": str(data / "tmp"),
        "PYTHONUNBUFFERED": "1",
        # Small processes: two arenas of memory each, and no threads of libraries beside our own workers.
        "MALLOC_ARENA_MAX": "2",
        "OMP_THREAD_LIMIT": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def wait_until_ready(settings: SharedSettings, supervisor: subprocess.Popen[bytes]) -> None:
    """Return when every process is ready. A service is when it has its topics; it makes those that are missing."""
    until = time.monotonic() + READY_TIMEOUT_S
    late: list[str] = []
    while time.monotonic() < until:
        if supervisor.poll() is not None:
            raise StartError(f"the supervisor ended; see {settings.data / 'supervisor'}.")
        late = [state.name for state in process_states(settings) if not state.ready]
        if not late:
            return
        time.sleep(0.25)
    raise StartError(
        f"not ready after {READY_TIMEOUT_S} s: {', '.join(late)}. See {settings.data / 'logs'}; "
        f"Kafka is expected at {settings.bootstrap}."
    )


def addresses(settings: SharedSettings) -> str:
    """What to know about the running system, for people."""
    lines = {
        "uploads and cases": f"{settings.intake_url}  (API: {settings.intake_url}/docs)",
        "queue of flags": f"{settings.queue_url}  (API: {settings.queue_url}/docs)",
        "keys": str(settings.data / "first-run.env"),
        "data": str(settings.data),
        "logs": str(settings.data / "logs"),
        "Kafka": settings.bootstrap,
    }
    return "\n".join(f"  {what:<18} {where}" for what, where in lines.items())


def watch(supervisor: subprocess.Popen[bytes], data: Path) -> int:
    """Wait until the supervisor ends; if it did not mean to, end what it left."""
    code = supervisor.wait()
    if code:
        print("wetink: the supervisor was killed; ending the rest", file=sys.stderr)
        end_leftovers(data)
    return 1 if code else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
