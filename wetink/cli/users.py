"""`wetink users`: create, reset or disable the personal logins of case managers.

Place in the pipeline: beside it; needs no Kafka and no services. Trust level: the administrator's own shell.
Residual risk: a password that is made here is printed once, to standard output.
"""

import argparse
import json
import secrets
import sys

from wetink.cli.keys import organisation_named, refused
from wetink.keystore import KeyStore, open_keystore
from wetink.settings import SharedSettings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `create`, `reset` and `disable` take."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    create = actions.add_parser("create", help="make a login")
    create.add_argument("--organisation", required=True, help="the organisation's name")
    create.add_argument("--role", default="manager", choices=("admin", "manager"))
    reset = actions.add_parser("reset", help="give a login a new password")
    disable = actions.add_parser("disable", help="end a login")
    for action in (create, reset, disable):
        action.add_argument("name", help="the login's name, e.g. an e-mail address")
        action.add_argument("--json", action="store_true", help="print JSON")
    for action in (create, reset):
        action.add_argument(
            "--password-stdin",
            action="store_true",
            help="take the password from the first line of standard input; without it one is made and printed",
        )


def run(arguments: argparse.Namespace) -> int:
    """Do it; 2 when the name, the organisation or the password will not do."""
    keystore = open_keystore(SharedSettings())
    try:
        return _ACTIONS[arguments.action](arguments, keystore)
    except ValueError as error:
        return refused(str(error))
    finally:
        keystore.close()


def _create(arguments: argparse.Namespace, keystore: KeyStore) -> int:
    organisation = organisation_named(keystore, arguments.organisation)
    if organisation is None:
        return refused(f"there is no organisation {arguments.organisation}; `wetink keys create` makes one")
    password = _password(arguments)
    user = keystore.create_user(organisation.id, arguments.name, arguments.role, password)
    _tell(arguments, {"id": user.id, "name": user.name, "role": user.role}, password)
    return 0


def _reset(arguments: argparse.Namespace, keystore: KeyStore) -> int:
    password = _password(arguments)
    if not keystore.reset_user(arguments.name, password):
        return refused(f"there is no user {arguments.name}")
    _tell(arguments, {"name": arguments.name}, password)
    return 0


def _disable(arguments: argparse.Namespace, keystore: KeyStore) -> int:
    if not keystore.disable_user(arguments.name):
        return refused(f"there is no user {arguments.name}")
    print(json.dumps({"name": arguments.name, "disabled": True}) if arguments.json else "disabled")
    return 0


def _password(arguments: argparse.Namespace) -> str:
    return sys.stdin.readline().rstrip("\r\n") if arguments.password_stdin else secrets.token_urlsafe(15)


def _tell(arguments: argparse.Namespace, values: dict[str, str], password: str) -> None:
    """Print what was done; the password only when it was made here."""
    told = values if arguments.password_stdin else {**values, "password": password}
    print(json.dumps(told) if arguments.json else "\n".join(f"{name}: {value}" for name, value in told.items()))


_ACTIONS = {"create": _create, "reset": _reset, "disable": _disable}
