"""The life of a process with a stream worker: start, run file, health, watchdog, and a quick end.

Place in the pipeline: the last call of each service's `__main__`. Trust level: our own.
Residual risk: `os._exit` runs no clean-up of libraries; everything kept is committed by then.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from wetink.health import Health, HealthServer, Part
from wetink.logs import Log
from wetink.memory import give_back
from wetink.settings import SharedSettings
from wetink.stream.watchdog import Watchdog

_STOP_S = 7.0
END_WITHIN_S = _STOP_S + 2.0
"""Seconds from the signal to the end of the process, whatever still runs; its supervisor must wait longer."""
_PATIENCE_S = 30.0
"""How long a problem may last until the process ends itself."""
_STUCK_STATUS = 70
_GIVE_BACK_EVERY_S = 20.0
_log = Log(__name__)


def run_until_stopped(
    *parts: Part,
    settings: SharedSettings,
    health: Health | None = None,
    url: str | None = None,
    closing: Sequence[Callable[[], None]] = (),
) -> NoReturn:
    """Start `parts` in order, wait for SIGTERM or SIGINT, stop them in reverse, and end the process.

    `url` is where the process serves its health itself (a web service); without it a small server is started.
    `health` is the one its routes use; default: that of `parts`. `closing` is called at the end (databases).
    The process ends within ten seconds of the signal, whatever still runs, or by itself when it is stuck.
    """
    stopped = _signals()
    health = health or Health(parts)
    if url is None:
        server = HealthServer(health)
        server.start()
        url = server.url
    try:
        for part in parts:
            part.start()
    except Exception as error:  # noqa: BLE001 - threads that have started must not keep the process
        _log.error("not_started", error=error)
        _end(1)
    Watchdog(health, lambda: _end(_STUCK_STATUS), _PATIENCE_S).start()
    run_file = write_run_file(settings, url)
    _log.info("started", url=url)
    while not stopped.wait(_GIVE_BACK_EVERY_S):
        give_back()
    _log.info("stopping")
    _end_later(END_WITHIN_S)
    for part in reversed(parts):
        part.stop(_STOP_S)
    for close in closing:
        close()
    run_file.unlink(missing_ok=True)
    _log.info("stopped")
    _end(0)


def write_run_file(settings: SharedSettings, url: str) -> Path:
    """Write `run/<process>.json`, by which `wetink status` finds this process, in one step; its path.

    `run/targets/<process>.json` says the same to a Prometheus that finds its targets in files.
    """
    run = settings.data / "run"
    name = f"{settings.process}.json"
    target = {"targets": [url.removeprefix("http://")], "labels": {"process": settings.process}}
    _write(run / "targets" / name, [target])
    return _write(run / name, {"name": settings.process, "pid": os.getpid(), "url": url})


def _write(path: Path, content: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(content))
    draft.replace(path)
    return path


def _signals() -> threading.Event:
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    return stopped


def _end_later(seconds: float) -> None:
    timer = threading.Timer(seconds, _end, (0,))
    timer.daemon = True
    timer.start()


def _end(status: int) -> NoReturn:
    """End at once: threads that hang must not hold the process."""
    sys.stderr.flush()
    os._exit(status)
