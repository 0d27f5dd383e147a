"""What the ocr worker and the text lane have in common: joining the parts.

Place in the pipeline: called by `__main__` and `text_lane`. Trust level: the administrator's settings.
Residual risk: none of its own.

The text lane's template starts with its first job and ends soon after its last one, so that a system without work
stays small.
"""

from collections.abc import Sequence
from typing import Any, NoReturn

from services.ocr.ports import Ports
from services.ocr.sandbox.box import Lane, Sandbox
from services.ocr.settings import OcrSettings
from services.ocr.unanswered import unanswered
from services.ocr.waiting_pages import waiting_gauges
from wetink import logs
from wetink.blobs.opening import open_blobs
from wetink.clock import SystemClock
from wetink.database import migrate, open_database, start_anew
from wetink.keystore.opening import open_keystore
from wetink.scraped import count_when_scraped
from wetink.stream.faust_worker import FaustWorker
from wetink.stream.forgetting import scrubbing
from wetink.stream.handler import Handler, Timer
from wetink.stream.main import run_until_stopped
from wetink.stream.reconciler import reconciling
from wetink.stream.waiting import waiting

_LOOK_S = 5.0
_IDLE_S = 20.0


def run(group: str, handlers: Sequence[Handler[Any, Ports, Any]], lane: Lane) -> NoReturn:
    """Run `handlers` as a member of `group` until SIGTERM."""
    settings = OcrSettings()
    logs.configure(settings.process)
    keystore = open_keystore(settings)
    database = open_database(settings, "ocr")
    if migrate(database, "services.ocr"):
        start_anew()
    sandbox = _sandbox(settings, lane)
    clock = SystemClock()
    worker = FaustWorker(
        group=group,
        handlers=handlers,
        timers=[Timer("sandbox_rest", _LOOK_S, lambda _ports: sandbox.rest(_IDLE_S))]
        if lane == "text"
        else [scrubbing(database), reconciling(database, clock, settings.reannounce_after_s, unanswered)],
        ports=Ports(database, open_blobs(settings, keystore), sandbox),
        database=database,
        settings=settings,
        clock=clock,
    )
    if lane == "pages":
        count_when_scraped(lambda: waiting("ocr", database))
        count_when_scraped(lambda: waiting_gauges(database, clock))
    run_until_stopped(worker, settings=settings, closing=(database.close, keystore.close))


def _sandbox(settings: OcrSettings, lane: Lane) -> Sandbox:
    """The lane's sandbox; text needs no catalogue, and may wait for its template."""
    if lane == "text":
        return Sandbox(settings.temp, lane=lane)
    sandbox = Sandbox(settings.temp, [settings.learned], lane=lane)
    sandbox.walls()  # starts the template, so that the first upload need not wait for it
    return sandbox
