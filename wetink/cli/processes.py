"""The processes that should run with a data folder, and how each is.

Place in the pipeline: `wetink status` shows them, `make up` waits for them. Trust level: our own files and
processes. Residual risk: a process that takes longer to answer than we wait counts as not ready.
"""

import configparser
import http
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from wetink.probes import http_status, is_broker
from wetink.running import SUPERVISOR, address_of, supervised
from wetink.settings import SharedSettings

ANSWER_TIMEOUT_S = 1.0
"""How long a process may take to answer /readyz."""


@dataclass(frozen=True)
class ProcessState:
    """One line of `wetink status`; `pid` and `url` are None while the process is away."""

    name: str
    pid: int | None
    ready: bool
    url: str | None


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
