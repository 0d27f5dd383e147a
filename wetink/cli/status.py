"""`wetink status`: the processes of a running system, and what waits in it.

Place in the pipeline: beside it. Trust level: numbers and codes of our own. Residual risk: see `overview`.
"""

import argparse
import json
from dataclasses import asdict

from wetink.cli.overview import Status, overview
from wetink.cli.processes import ProcessState
from wetink.cli.scraping import FlagTimes
from wetink.settings import SharedSettings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `wetink status`."""
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")


def run(arguments: argparse.Namespace) -> int:
    """Print the status; returns 0."""
    settings = SharedSettings()
    state = overview(settings)
    print(json.dumps(asdict(state)) if arguments.json else as_text(state))
    return 0


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
