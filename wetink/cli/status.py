"""`wetink status`: the processes of a running system, and what waits in it.

Place in the pipeline: beside it; also what `make up` waits for. Answers within five seconds whatever is down.
Trust level: our own files, databases and processes. Residual risk: a number that cannot be had in time (lag
without Kafka, what a process that is away has counted) is left out rather than guessed.
"""

import argparse
import configparser
import http
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Thread
from typing import TypeVar

from wetink.cli.databases import SERVICES, count, existing
from wetink.cli.scraping import FlagTimes, flag_times, sandbox_outcomes, scrape
from wetink.clock import SystemClock
from wetink.probes import http_status, is_broker
from wetink.running import SUPERVISOR, address_of, supervised
from wetink.settings import SharedSettings
from wetink.stream.tables import dead_letter, outbox

T = TypeVar("T")
ANSWER_TIMEOUT_S = 1.0
"""How long a process may take to answer /readyz."""
LAG_TIMEOUT_S = 2.5
"""How long Kafka may take to tell the lag."""
SCRAPE_TIMEOUT_S = 2.0
"""How long a process may take to answer /metrics."""


@dataclass(frozen=True)
class ProcessState:
    """One line of `wetink status`; `pid` and `url` are None while the process is away."""

    name: str
    pid: int | None
    ready: bool
    url: str | None


@dataclass(frozen=True)
class Waiting:
    """Pages that wait in one lane, and for how long the oldest does."""

    pages: int
    oldest_s: float


@dataclass(frozen=True)
class Status:
    """What `wetink status --json` prints.

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


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `wetink status`."""
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")


def run(arguments: argparse.Namespace) -> int:
    """Print the status; returns 0."""
    settings = SharedSettings()
    state = status(settings)
    print(json.dumps(asdict(state)) if arguments.json else as_text(state))
    return 0


def status(settings: SharedSettings) -> Status:
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


def process_states(settings: SharedSettings) -> list[ProcessState]:
    """Every process that should run and how it is; empty when nothing was ever started."""
    names = expected_names(settings.data)
    pids = supervised(settings.data)
    with ThreadPoolExecutor(max_workers=16) as pool:
        return list(pool.map(lambda name: _state(settings, name, pids.get(name)), names))


def expected_names(data: Path) -> list[str]:
    """The supervisor and the programs of its configuration, in their order."""
    configuration = configparser.RawConfigParser()
    if not configuration.read(data / "supervisor" / "supervisord.conf"):
        return []
    sections = (section.partition(":") for section in configuration.sections())
    return [SUPERVISOR, *(name for kind, _, name in sections if kind == "program")]


def _state(settings: SharedSettings, name: str, pid: int | None) -> ProcessState:
    if name == SUPERVISOR:
        return ProcessState(name, pid, pid is not None, None)
    if name == "kafka":
        is_answering = pid is not None and is_broker(settings.kafka_port, ANSWER_TIMEOUT_S)
        return ProcessState(name, pid, is_answering, settings.bootstrap if pid else None)
    url = address_of(settings.data, name, pid)
    return ProcessState(name, pid, url is not None and _answers_ready(url), url)


def _answers_ready(url: str) -> bool:
    """Whether the process at `url` says 200 to /readyz."""
    return http_status(int(url.rpartition(":")[2]), "/readyz", ANSWER_TIMEOUT_S) == http.HTTPStatus.OK


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


def as_text(state: Status) -> str:
    """The status for people: a line a process, then the numbers."""
    return "\n".join(
        [
            *(
                [_line(process) for process in state.processes]
                or ["Nothing was started with this data folder yet."]
            ),
            f"documents in flight: {state.documents_in_flight}{_stages(state.documents)}",
            *(
                f"waiting for {lane}: {waiting.pages} pages, the oldest for {waiting.oldest_s:.0f} s"
                for lane, waiting in state.waiting.items()
            ),
            f"events not yet sent: {state.outbox}",
            f"events in Kafka not yet handled: {_listed(state.lag) or 'unknown'}",
            *(
                f"  {group}: {_listed(_some(behind))}"
                for group, behind in state.lag_by_partition.items()
                if _some(behind)
            ),
            f"dead letters: {state.dead_letters}",
            f"jobs in the sandbox since the start: {_listed(state.sandbox) or 'none'}",
            f"from upload to flags since the start: {_times(state.flag_times)}",
        ]
    )


def _stages(documents: dict[str, dict[str, int]]) -> str:
    told = [f"{stage} ({_listed(ages)})" for stage, ages in documents.items()]
    return f": {', '.join(told)}" if told else ""


def _listed(numbers: dict[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in numbers.items())


def _some(numbers: dict[str, int]) -> dict[str, int]:
    return {name: number for name, number in numbers.items() if number}


def _times(times: FlagTimes | None) -> str:
    if times is None:
        return "unknown"
    half, most = (
        f"within {limit:g} s" if limit else "beyond what is counted"
        for limit in (times.half_within_s, times.most_within_s)
    )
    return f"half {half}, 95 % {most} (of {times.documents} documents)"


def _line(process: ProcessState) -> str:
    state = "ready" if process.ready else "NOT READY" if process.pid else "NOT RUNNING"
    return f"{process.name:<12} {process.pid or '-':>8}  {state:<11} {process.url or ''}".rstrip()
