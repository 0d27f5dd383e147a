"""A small service for tests of the stream workers, run as a process of its own.

    python -m tests.support.stream_service faust|plain GROUP

`WETINK_DATA`, `WETINK_PROCESS` and `KAFKA_BOOTSTRAP` as for any service. It answers `document.received` with a row
and `document.opened`; a document's id says how it goes: `slow...`, `poison...`, `hang...` (for ever, unless
`HANGS=0`), `deadly...` (kills the process).
"""

import os
import signal
import sys
import threading

from tests.support.stream import opening
from wetink import logs
from wetink.clock import SystemClock
from wetink.database.sqlite import open_sqlite
from wetink.errors import PoisonError
from wetink.settings import SharedSettings
from wetink.stream.faust_worker import FaustWorker
from wetink.stream.main import run_until_stopped
from wetink.stream.plain_worker import PlainWorker

DATABASE = "sample.db"
WORKERS = {"faust": FaustWorker, "plain": PlainWorker}
_never = threading.Event()


def prepare(event, _ports) -> None:
    if event.document_id.startswith("slow"):
        _never.wait(0.05)
    if event.document_id.startswith("poison"):
        raise PoisonError("spoiled")
    if event.document_id.startswith("deadly"):
        os.kill(os.getpid(), signal.SIGKILL)
    if event.document_id.startswith("hang") and os.environ.get("HANGS") != "0":
        _never.wait(60)


def main() -> None:
    kind, group = sys.argv[1:]
    settings = SharedSettings()
    logs.configure(settings.process)
    database = open_sqlite(settings.data / "db" / DATABASE)
    worker = WORKERS[kind](
        group=group,
        handlers=[opening(prepare=prepare, counts_starts=True)],
        ports=None,
        database=database,
        settings=settings,
        clock=SystemClock(),
    )
    run_until_stopped(worker, settings=settings, closing=[database.close])


if __name__ == "__main__":
    main()
