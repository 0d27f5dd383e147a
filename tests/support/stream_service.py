"""A small service for tests of the stream workers, run as a process of its own.

    python -m tests.support.stream_service faust|plain GROUP

`WETINK_DATA`, `WETINK_PROCESS` and `KAFKA_BOOTSTRAP` as for any service. It answers `document.received` with a row
and `document.opened`; a document's id says how it goes: `slow...`, `long...` (two seconds), `poison...`,
`deadly...` (kills the process), `hang...` (for ever), `stall...` (the worker's own loop stands still), `deaf...`
(the stream hands out no more events), `lost...` (the group is no more spoken to). With `HANGS=0` nothing hangs or
stalls. `LIMIT_S` is how soon the process is unwell and then ends itself.
"""

import asyncio
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
from wetink.stream import engine, faust_health, faust_worker, plain_worker
from wetink.stream import main as process
from wetink.stream.faust_worker import FaustWorker
from wetink.stream.main import run_until_stopped
from wetink.stream.plain_worker import PlainWorker

DATABASE = "sample.db"
WORKERS = {"faust": FaustWorker, "plain": PlainWorker}
_never = threading.Event()
running: list = []


def prepare(event, _ports) -> None:
    if event.document_id.startswith("slow"):
        _never.wait(0.05)
    if event.document_id.startswith("long"):
        _never.wait(2)
    if event.document_id.startswith("poison"):
        raise PoisonError("spoiled")
    if event.document_id.startswith("deadly"):
        os.kill(os.getpid(), signal.SIGKILL)
    if event.document_id.startswith("hang") and os.environ.get("HANGS") != "0":
        _never.wait(60)
    if event.document_id.startswith("stall") and os.environ.get("HANGS") != "0":
        stall()
    if event.document_id.startswith("deaf"):
        loop().call_soon_threadsafe(running[0]._app.flow_control.suspend)
    if event.document_id.startswith("lost"):
        consumer = running[0]._app.consumer._thread._consumer
        consumer._loop.call_soon_threadsafe(consumer._coordinator._coordination_task.cancel)


def stall() -> None:
    if isinstance(running[0], FaustWorker):
        loop().call_soon_threadsafe(_never.wait, 60)
    else:
        running[0]._consumer.poll = lambda **_: _never.wait(60)


def loop() -> asyncio.AbstractEventLoop:
    return running[0]._app.loop


def limit(seconds: float) -> None:
    """How long things may take until the process counts as unwell, and then until it ends itself."""
    engine.HANDLER_LIMIT_S = faust_worker._LOOP_STILL_S = plain_worker._STILL_S = seconds
    faust_health._NOTHING_HANDLED_S = process._PATIENCE_S = seconds


def main() -> None:
    kind, group = sys.argv[1:]
    settings = SharedSettings()
    logs.configure(settings.process)
    if "LIMIT_S" in os.environ:
        limit(float(os.environ["LIMIT_S"]))
    database = open_sqlite(settings.data / "db" / DATABASE)
    worker = WORKERS[kind](
        group=group,
        handlers=[opening(prepare=prepare, counts_starts=True)],
        ports=None,
        database=database,
        settings=settings,
        clock=SystemClock(),
    )
    running.append(worker)
    run_until_stopped(worker, settings=settings, closing=[database.close])


if __name__ == "__main__":
    main()
