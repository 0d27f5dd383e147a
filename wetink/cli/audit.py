"""`wetink audit verify`: whether the chains of the audit log are whole.

Place in the pipeline: beside it; reads the databases of intake and notifier while they run.
Trust level: the administrator's own shell. Residual risk: a chain that was cut off at its end or made anew is
sound in itself; compare the newest number and hash with those that were noted before (each backup holds them).
"""

import argparse
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import MetaData

from wetink.audit import START, audit_table, broken_links, last_row
from wetink.cli.databases import existing
from wetink.settings import SharedSettings

SERVICES = ("intake", "notifier")
_AUDIT = audit_table(MetaData())


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The actions of `wetink audit`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("verify", help="check every chain; one JSON object a line and service")


def run(_arguments: argparse.Namespace) -> int:
    """Print each service's entries, newest hash and broken links; 1 when a chain is broken."""
    chains = list(verified(SharedSettings()))
    for chain in chains:
        print(json.dumps(chain))
    return 1 if any(chain["broken_at"] for chain in chains) else 0


def verified(settings: SharedSettings) -> Iterator[dict[str, Any]]:
    """For each service its name, number of entries, newest hash, and the numbers of entries that do not follow."""
    for service, database in existing(settings, SERVICES, _AUDIT):
        with database.reading() as connection:
            broken = list(broken_links(connection, _AUDIT))
            last = last_row(connection, _AUDIT)
        newest = {"entries": last.sequence if last else 0, "newest_hash": last.hash if last else START}
        yield {"service": service, **newest, "broken_at": broken}
