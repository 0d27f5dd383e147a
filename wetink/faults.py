"""Fault points: named places where a test can make a process die, hang or fail.

Place in the pipeline: `reach` is called at the places that `POINTS` lists. Inert unless `WETINK_FAULTS` names a
folder, which a production system refuses at start (`wetink.settings`).
Trust level: who can write into that folder can stop the service. Residual risk: none while the variable is unset.

A test gives an order by a file in that folder: its name is `SERVICE@POINT` or `SERVICE@POINT@SUBJECT`
(`ocr@event.committed@page.requested`), its content `die`, `hang` or `fail`. The first process of the service that
comes there removes the file and obeys, so an order is carried out once, also after a restart.
"""

import os
import signal
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

_FOLDER = os.environ.get("WETINK_FAULTS", "")
_SERVICE = os.environ.get("WETINK_PROCESS", "").partition("-")[0]
_STREAM = ("intake", "ocr", "text", "validator", "notifier")


@dataclass(frozen=True)
class Point:
    """A place in the code of `services`; what the process has done by then, and what is the point's subject."""

    services: tuple[str, ...]
    done: str
    subject: str = ""


POINTS = {
    "event.received": Point(_STREAM, "nothing yet", "topic"),
    "event.prepared": Point(_STREAM, "slow work and its blobs", "topic"),
    "event.applied": Point(_STREAM, "all rows are written, in a transaction that is not committed", "topic"),
    "event.committed": Point(_STREAM, "committed; nothing is published", "topic"),
    "event.ended": Point(_STREAM, "everything but the acknowledgement", "topic"),
    "relay.sending": Point(_STREAM, "outbox rows are read, nothing is sent"),
    "relay.published": Point(_STREAM, "the broker has the rows, they are not marked"),
    "blob.written": Point(("intake", "ocr", "text", "validator"), "a blob is written, without its name"),
    "blob.kept": Point(("intake", "ocr", "text", "validator"), "a blob is on the disk, no row names it"),
    "sandbox.asked": Point(("ocr", "text"), "a job is ready for the sandbox", "job"),
    "sandbox.working": Point(("ocr", "text"), "the sandbox's child has the file", "job"),
    "upload.receiving": Point(("intake",), "a part of an upload has come"),
    "upload.kept": Point(("intake",), "the upload's blobs are on the disk, nothing is entered"),
    "upload.entered": Point(("intake",), "the upload is entered; no answer is given"),
    "deletion.key_destroyed": Point(("intake",), "the case's key is gone, its rows are not"),
    "deletion.rows_removed": Point(("intake",), "rows are gone and the deletion is announced, blobs are not"),
    "due.judged": Point(("validator",), "a quiet case's judgement is stored, no row names it"),
    "due.committed": Point(("validator",), "a quiet case's judgement is committed, not published"),
    "webhook.answered": Point(("notifier",), "a receiver has answered; that is not recorded"),
    "webhook.recorded": Point(("notifier",), "a delivery's outcome is recorded"),
}
"""All fault points; a test holds that the code has exactly these."""


class FaultError(Exception):
    """What a point raises that was told to fail."""


def reach(point: str, subject: str = "") -> None:
    """Obey the order that waits for this service at `point`, if there is one."""
    if _FOLDER:
        _obey(Path(_FOLDER) / order_name(_SERVICE, point, subject))


def order_name(service: str, point: str, subject: str = "") -> str:
    """The name of the file that holds an order."""
    return "@".join(part for part in (service, point, subject) if part)


def _obey(order: Path) -> None:
    try:
        action = order.read_text().strip()
        order.unlink()
    except FileNotFoundError:  # no order, or another process was faster
        return
    if action == "fail":
        raise FaultError(order.name)
    if action == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    _hang()


def _hang() -> NoReturn:
    while True:
        threading.Event().wait(3600)
