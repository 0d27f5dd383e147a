"""`wetink reread`: lets the documents with an open flag be read again, as when a form has been learned since.

Place in the pipeline: beside it; looks into the queue's database and asks intake, while the services run.
Trust level: the administrator's own shell. Residual risk: none; asked twice, a document is read twice, and flags
stay what they are unless the reading says otherwise.
"""

import argparse

from sqlalchemy import select

from wetink.cli.databases import existing
from wetink.clock import SystemClock
from wetink.settings import SharedSettings

_UNSETTLED = ("open", "confirmed", "snoozed")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `wetink reread` takes."""
    parser.add_argument("--code", required=True, help="of the flags, e.g. edition_unknown")


def run(arguments: argparse.Namespace) -> int:
    """Ask for it, and say for how many documents."""
    from services.intake.rereading import read_again  # noqa: PLC0415 - a command may import a service
    from services.intake.tables import documents  # noqa: PLC0415

    settings = SharedSettings()
    flagged = flagged_documents(settings, arguments.code)
    asked: list[str] = []
    for service, database in existing(settings, ["intake"], documents):
        with database.transaction() as transaction:
            asked += read_again(transaction, flagged, service, SystemClock().now())
    print(f"{len(asked)} documents are read again")
    if left := len(flagged) - len(asked):
        print(f"{left} are left alone: superseded, taken out, or their case is being read just now")
    return 0


def flagged_documents(settings: SharedSettings, code: str) -> set[str]:
    """The documents with a flag of that code that nobody settled."""
    from services.notifier.tables import flags  # noqa: PLC0415 - a command may import a service

    found: set[str] = set()
    for _service, database in existing(settings, ["notifier"], flags):
        of_code = flags.c.code == code, flags.c.status.in_(_UNSETTLED), flags.c.document_id.is_not(None)
        with database.reading() as view:
            found.update(view.scalars(select(flags.c.document_id).where(*of_code)))
    return found
