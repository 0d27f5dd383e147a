"""`wetink status`: the processes of a running system, and what waits in it.

Place in the pipeline: beside it; also what `make up` waits for. Answers within five seconds whatever is down.
Trust level: our own files and databases. Residual risk: a number that cannot be had in time (lag without Kafka) is
left out of `lag` rather than guessed.
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

from wetink.cli.databases import SERVICES, count
from wetink.probes import http_status, is_broker
from wetink.running import SUPERVISOR, address_of, supervised
from wetink.settings import SharedSettings
from wetink.stream.tables import dead_letter, outbox

T = TypeVar("T")
ANSWER_TIMEOUT_S = 1.0
"""How long a process may take to answer /readyz."""
LAG_TIMEOUT_S = 2.5
"""How long Kafka may take to tell the lag."""


@dataclass(frozen=True)
class ProcessState:
    """One line of `wetink status`; `pid` and `url` are None while the process is away."""

    name: str
    pid: int | None
    ready: bool
    url: str | None


@dataclass(frozen=True)
class Status:
    """What `wetink status --json` prints: lag is group to messages, the rest are numbers of rows."""

    processes: list[ProcessState]
    lag: dict[str, int]
    documents_in_flight: int
    outbox: int
    dead_letters: int


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
    return Status(
        processes=process_states(settings),
        documents_in_flight=_documents_in_flight(settings),
        outbox=count(settings, SERVICES, outbox, outbox.c.published_at.is_(None)),
        dead_letters=count(settings, SERVICES, dead_letter, dead_letter.c.replayed_at.is_(None)),
        lag=lag() or {},
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


def _documents_in_flight(settings: SharedSettings) -> int:
    from services.intake.tables import documents  # noqa: PLC0415 - a command may import a service when it needs it

    return count(settings, ["intake"], documents, documents.c.status.in_(("received", "reading")))


def _lag(settings: SharedSettings) -> dict[str, int] | None:
    from wetink.stream.admin import lag  # noqa: PLC0415 - Kafka's client is slow to import and may not be needed

    return lag(settings.bootstrap)


def as_text(state: Status) -> str:
    """The status for people: a line a process, then the numbers."""
    waiting = ", ".join(f"{group} {messages}" for group, messages in state.lag.items()) or "unknown"
    return "\n".join(
        [
            *(
                [_line(process) for process in state.processes]
                or ["Nothing was started with this data folder yet."]
            ),
            f"documents in flight: {state.documents_in_flight}",
            f"events not yet sent: {state.outbox}",
            f"events in Kafka not yet handled: {waiting}",
            f"dead letters: {state.dead_letters}",
        ]
    )


def _line(process: ProcessState) -> str:
    state = "ready" if process.ready else "NOT READY" if process.pid else "NOT RUNNING"
    return f"{process.name:<12} {process.pid or '-':>8}  {state:<11} {process.url or ''}".rstrip()
