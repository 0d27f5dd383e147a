"""The processes of a running system, and what waits in it.

Place in the pipeline: beside it; what `wetink status` prints. Found within five seconds whatever is down.
Trust level: our own files, databases and processes. Residual risk: a number that cannot be had in time (lag
without Kafka, what a process that is away has counted) is left out rather than guessed.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread
from typing import TypeVar

from wetink.cli.databases import SERVICES, count, existing
from wetink.cli.processes import ProcessState, process_states
from wetink.cli.scraping import FlagTimes, flag_times, sandbox_outcomes, scrape
from wetink.clock import SystemClock
from wetink.settings import SharedSettings
from wetink.stream.tables import dead_letter, outbox

T = TypeVar("T")
LAG_TIMEOUT_S = 2.5
"""How long Kafka may take to tell the lag."""
SCRAPE_TIMEOUT_S = 2.0
"""How long a process may take to answer /metrics."""


@dataclass(frozen=True)
class Waiting:
    """Pages that wait in one lane, and for how long the oldest does."""

    pages: int
    oldest_s: float


@dataclass(frozen=True)
class Status:
    """How the system is.

    `lag` is group to messages, `lag_by_partition` group to `topic/partition` to messages; `documents` is stage to
    class of age to documents, `waiting` the lanes' pages, `sandbox` how its jobs ended since the processes' start.
    The rest are numbers of rows.
    """

    processes: list[ProcessState]
    lag: dict[str, int]
    lag_by_partition: dict[str, dict[str, int]]
    documents_in_flight: int
    documents: dict[str, dict[str, int]]
    waiting: dict[str, Waiting]
    outbox: int
    dead_letters: int
    sandbox: dict[str, int]
    flag_times: FlagTimes | None


def overview(settings: SharedSettings) -> Status:
    """How the system is now; Kafka is asked while the rest is looked at."""
    lag = in_time(lambda: _lag(settings), LAG_TIMEOUT_S)
    processes = process_states(settings)
    services = [process.url for process in processes if process.url and process.name != "kafka"]
    samples = in_time(lambda: scrape(services, SCRAPE_TIMEOUT_S), SCRAPE_TIMEOUT_S)
    documents = _documents(settings)
    partitions = lag() or {}
    return Status(
        processes=processes,
        lag={group: sum(behind.values()) for group, behind in partitions.items()},
        lag_by_partition=partitions,
        documents_in_flight=sum(sum(ages.values()) for ages in documents.values()),
        documents=documents,
        waiting=_waiting(settings),
        outbox=count(settings, SERVICES, outbox, outbox.c.published_at.is_(None)),
        dead_letters=count(settings, SERVICES, dead_letter, dead_letter.c.replayed_at.is_(None)),
        sandbox=sandbox_outcomes(samples() or []),
        flag_times=flag_times(samples() or []),
    )


def in_time(ask: Callable[[], T], timeout_s: float) -> Callable[[], T | None]:
    """Start `ask` in the background; the returned function gives its answer, None when `timeout_s` have passed."""
    until = time.monotonic() + timeout_s
    answers: list[T] = []
    thread = Thread(target=lambda: answers.append(ask()), daemon=True)
    thread.start()

    def answer() -> T | None:
        thread.join(max(0, until - time.monotonic()))
        return answers[0] if answers else None

    return answer


def _documents(settings: SharedSettings) -> dict[str, dict[str, int]]:
    """Stage to class of age to documents in flight."""
    from services.intake import in_flight  # noqa: PLC0415 - a command may import a service when it needs it
    from services.intake.tables import documents  # noqa: PLC0415

    counted: dict[str, dict[str, int]] = {}
    for _service, database in existing(settings, ["intake"], documents):
        with database.reading() as view:
            for document in in_flight.in_flight(view, SystemClock().now()):
                ages = counted.setdefault(document.stage, {})
                ages[document.age] = ages.get(document.age, 0) + 1
    return counted


def _waiting(settings: SharedSettings) -> dict[str, Waiting]:
    from services.ocr.tables import pages  # noqa: PLC0415 - see _documents
    from services.ocr.waiting_pages import waiting_pages  # noqa: PLC0415

    lanes: dict[str, Waiting] = {}
    for _service, database in existing(settings, ["ocr"], pages):
        with database.reading() as view:
            found = waiting_pages(view, SystemClock().now())
        lanes.update({lane.lane: Waiting(lane.pages, lane.oldest_s) for lane in found})
    return lanes


def _lag(settings: SharedSettings) -> dict[str, dict[str, int]] | None:
    from wetink.stream.admin import lag  # noqa: PLC0415 - Kafka's client is slow to import and may not be needed

    groups = lag(settings.bootstrap)
    if groups is None:
        return None
    return {
        group: {f"{topic}/{number}": messages for (topic, number), messages in behind.items()}
        for group, behind in groups.items()
    }
