"""What the ocr worker and the text lane have in common: joining the parts.

Place in the pipeline: called by `__main__` and `text_lane`. Trust level: the administrator's settings.
Residual risk: none of its own.

The sandbox's template starts with the first job, so that a process without work stays small.
"""

from collections.abc import Sequence
from typing import Any, NoReturn

from services.ocr.ports import Ports
from services.ocr.sandbox.box import Lane, Sandbox
from services.ocr.settings import OcrSettings
from wetink import logs
from wetink.blobs.opening import open_blobs
from wetink.clock import SystemClock
from wetink.database import migrate, open_database
from wetink.keystore.opening import open_keystore
from wetink.stream.faust_worker import FaustWorker
from wetink.stream.handler import Handler
from wetink.stream.main import run_until_stopped


def run(group: str, handlers: Sequence[Handler[Any, Ports, Any]], lane: Lane) -> NoReturn:
    """Run `handlers` as a member of `group` until SIGTERM."""
    settings = OcrSettings()
    logs.configure(settings.process)
    keystore = open_keystore(settings)
    database = open_database(settings, "ocr")
    migrate(database, "services.ocr")
    sandbox = Sandbox(settings.temp, [settings.learned], lane=lane)
    if lane == "pages":
        sandbox.walls()  # the first upload must not wait for the template
    worker = FaustWorker(
        group=group,
        handlers=handlers,
        ports=Ports(database, open_blobs(settings, keystore), sandbox),
        database=database,
        settings=settings,
        clock=SystemClock(),
    )
    run_until_stopped(worker, settings=settings, closing=(database.close, keystore.close))
