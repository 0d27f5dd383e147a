"""`wetink dead-letters`: the events that could not be handled; list them, look at one, let it be tried again.

Place in the pipeline: beside it; reads and writes the services' databases while they run.
Trust level: the administrator's own shell; an event holds ids and codes only.
Residual risk: an event that is replayed without its cause being mended becomes a dead letter again.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, select, true

from wetink.cli.databases import SERVICES, existing
from wetink.clock import SystemClock
from wetink.settings import SharedSettings
from wetink.stream.failures import replay
from wetink.stream.tables import dead_letter


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `wetink dead-letters`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="all that were not replayed; --all: these too")
    listing.add_argument("--all", action="store_true", help="also those that were replayed")
    listing.add_argument("--json", action="store_true", help="one JSON object a line")
    show = actions.add_parser("show", help="one with its event, as JSON")
    show.add_argument("event_id")
    again = actions.add_parser("replay", help="let the service try it again now")
    again.add_argument("event_id", nargs="?")
    again.add_argument("--all", action="store_true", help="every one that was not replayed yet")


def run(arguments: argparse.Namespace) -> int:
    """Do the action; returns the exit status: 0 done, 1 no such dead letter, 2 wrong usage."""
    settings = SharedSettings()
    if arguments.action == "list":
        return _list(settings, arguments)
    if arguments.action == "show":
        return _show(settings, arguments.event_id)
    if bool(arguments.event_id) == arguments.all:
        print("wetink dead-letters replay: name one event, or --all", file=sys.stderr)
        return 2
    return _replay(settings, arguments.event_id)


def _rows(settings: SharedSettings) -> Iterator[tuple[str, Row[Any]]]:
    """Service and row of every dead letter, the oldest of each service first."""
    for service, database in existing(settings, SERVICES, dead_letter):
        with database.reading() as connection:
            rows = connection.execute(select(dead_letter).order_by(dead_letter.c.died_at)).all()
        yield from ((service, row) for row in rows)


def _summary(service: str, row: Row[Any]) -> dict[str, Any]:
    return {
        "service": service,
        "event_id": row.event_id,
        "topic": row.topic,
        "case_id": row.case_id,
        "reason": row.reason,
        "attempts": row.attempts,
        "died_at": row.died_at.isoformat(),
        "replayed_at": row.replayed_at.isoformat() if row.replayed_at else None,
    }


def _list(settings: SharedSettings, arguments: argparse.Namespace) -> int:
    for service, row in _rows(settings):
        if arguments.all or row.replayed_at is None:
            summary = _summary(service, row)
            print(json.dumps(summary) if arguments.json else "  ".join(str(value) for value in summary.values()))
    return 0


def _show(settings: SharedSettings, event_id: str) -> int:
    for service, row in _rows(settings):
        if row.event_id == event_id:
            place = {"partition": row.partition, "offset": row.offset, "value": row.value}
            print(json.dumps(_summary(service, row) | place, indent=2))
            return 0
    return _unknown(event_id)


def _replay(settings: SharedSettings, event_id: str | None) -> int:
    """Replay one event, or all with None; those that were replayed before are left alone."""
    found, replayed = 0, 0
    for _service, database in existing(settings, SERVICES, dead_letter):
        chosen = true() if event_id is None else dead_letter.c.event_id == event_id
        with database.transaction() as transaction:
            ids = transaction.scalars(select(dead_letter.c.event_id).where(chosen)).all()
            replayed += sum(replay(transaction, one, SystemClock().now()) for one in ids)
        found += len(ids)
    if event_id is not None and not found:
        return _unknown(event_id)
    print(f"{replayed} to be tried again")
    return 0


def _unknown(event_id: str) -> int:
    print(f"wetink: there is no dead letter {event_id}", file=sys.stderr)
    return 1
