"""`wetink cases`: legal hold, who may see a protected case, and the deletions that are not done yet.

Place in the pipeline: beside it; `hold` and `release` need no services.
Trust level: the administrator's own shell. Residual risk: none.
"""

import argparse
import json

from sqlalchemy import delete, insert, select

from wetink.cli.databases import existing
from wetink.cli.keys import refused
from wetink.keystore import KeyStore, open_keystore
from wetink.settings import SharedSettings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The actions of `wetink cases`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    hold = actions.add_parser("hold", help="put a case on legal hold: nobody can delete it")
    release = actions.add_parser("release", help="end a case's legal hold")
    for action in (hold, release):
        action.add_argument("case_id")
    naming = actions.add_parser("name", help="let a person (a personal login) see a protected case")
    unnaming = actions.add_parser("unname", help="no longer let that person see it")
    for action in (naming, unnaming):
        action.add_argument("case_id")
        action.add_argument("user", help="the login's name")
    actions.add_parser("held", help="the cases on hold, a line each")
    actions.add_parser("deleted", help="deleted cases as JSON lines: when, who is done, and whether all are")


def run(arguments: argparse.Namespace) -> int:
    """Do it; 2 when there is no such case."""
    settings = SharedSettings()
    if arguments.action == "deleted":
        return _deleted(settings)
    keystore = open_keystore(settings)
    try:
        if arguments.action in {"name", "unname"}:
            return _name(arguments, keystore, settings)
        if arguments.action == "held":
            print("".join(f"{case_id}\n" for case_id in sorted(keystore.held_cases())), end="")
        elif not keystore.hold_case(arguments.case_id, is_held=arguments.action == "hold"):
            return refused(f"there is no case {arguments.case_id}")
    finally:
        keystore.close()
    return 0


def _name(arguments: argparse.Namespace, keystore: KeyStore, settings: SharedSettings) -> int:
    from services.notifier.tables import cases, readers  # noqa: PLC0415 - a command may import a service

    user = next((one for one in keystore.users() if one.name == arguments.user), None)
    if user is None:
        return refused(f"there is no user {arguments.user}")
    row = {"case_id": arguments.case_id, "user_id": user.id}
    for _service, database in existing(settings, ["notifier"], readers):
        with database.transaction() as transaction:
            case = cases.c.case_id == arguments.case_id, cases.c.organisation_id == user.organisation_id
            if transaction.execute(select(cases.c.case_id).where(*case)).first() is None:
                break
            transaction.execute(delete(readers).filter_by(**row))
            if arguments.action == "name":
                transaction.execute(insert(readers).values(**row))
            return 0
    return refused(f"the queue knows no case {arguments.case_id} of that user's organisation")


def _deleted(settings: SharedSettings) -> int:
    from services.intake.tables import deletions  # noqa: PLC0415 - a command may import a service when it needs it

    for _service, database in existing(settings, ["intake"], deletions):
        with database.reading() as connection:
            rows = connection.execute(select(deletions).order_by(deletions.c.deleted_at)).all()
        for row in rows:
            values = {"case_id": row.case_id, "deleted_at": row.deleted_at.isoformat()}
            is_done = row.done_at is not None
            print(json.dumps({**values, "forgotten_by": row.forgotten_by.split(), "done": is_done}))
    return 0
