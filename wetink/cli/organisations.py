"""`wetink organisations`: how long an organisation keeps its cases.

Place in the pipeline: beside it; needs no services. Trust level: the administrator's own shell.
Residual risk: a number that is too small deletes cases for good at the next daily turn.
"""

import argparse
import json

from wetink.cli.keys import organisation_named, refused
from wetink.keystore import KeyStore, open_keystore
from wetink.settings import SharedSettings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The actions of `wetink organisations`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="all organisations as JSON lines")
    setting = actions.add_parser("set", help="set for how long cases are kept")
    setting.add_argument("name")
    keep = setting.add_mutually_exclusive_group(required=True)
    keep.add_argument("--keep-days", type=int, help="delete a case that many days after its last activity")
    keep.add_argument("--keep-all", action="store_true", help="delete nothing by itself (the default)")


def run(arguments: argparse.Namespace) -> int:
    """Do it; 2 when there is no such organisation or the number will not do."""
    keystore = open_keystore(SharedSettings())
    try:
        return _list(keystore) if arguments.action == "list" else _set(arguments, keystore)
    finally:
        keystore.close()


def _list(keystore: KeyStore) -> int:
    for one in keystore.organisations():
        print(json.dumps({"id": one.id, "name": one.name, "keep_days": one.keep_days}))
    return 0


def _set(arguments: argparse.Namespace, keystore: KeyStore) -> int:
    organisation = organisation_named(keystore, arguments.name)
    if organisation is None:
        return refused(f"there is no organisation {arguments.name}; `wetink organisations list` shows them")
    if not arguments.keep_all and arguments.keep_days < 1:
        return refused("--keep-days must be 1 or more; --keep-all keeps everything")
    keystore.keep_cases(organisation.id, None if arguments.keep_all else arguments.keep_days)
    return 0
