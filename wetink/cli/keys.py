"""`wetink keys`: create, list or revoke access keys.

Place in the pipeline: beside it; needs no Kafka and no services. Trust level: the administrator's own shell.
Residual risk: the secret is printed once, to standard output.
"""

import argparse
import dataclasses
import json
import sys
from datetime import datetime

from wetink.keystore import AccessKey, KeyStore, Organisation, open_keystore
from wetink.settings import SharedSettings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `create`, `list` and `revoke` take."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    create = actions.add_parser("create", help="make a key and print it, once")
    create.add_argument("--organisation", required=True, help="its name; made if it is new")
    create.add_argument("--role", required=True, choices=("admin", "manager", "client"))
    listing = actions.add_parser("list", help="show the keys, without their secrets")
    listing.add_argument("--organisation", help="only those of this organisation")
    revoke = actions.add_parser("revoke", help="end a key")
    revoke.add_argument("id", help="the key's id, as `list` shows it")
    for action in (create, listing, revoke):
        action.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Do it; 2 when there is no such key or organisation."""
    settings = SharedSettings()
    keystore = open_keystore(settings)
    try:
        return _ACTIONS[arguments.action](arguments, keystore, settings)
    finally:
        keystore.close()


def organisation_named(keystore: KeyStore, name: str) -> Organisation | None:
    """The organisation of that name."""
    return next((one for one in keystore.organisations() if one.name == name), None)


def refused(message: str) -> int:
    """Say on standard error why nothing was done; the exit status."""
    print(message, file=sys.stderr)
    return 2


def _create(arguments: argparse.Namespace, keystore: KeyStore, settings: SharedSettings) -> int:
    organisation = organisation_named(keystore, arguments.organisation) or keystore.create_organisation(
        arguments.organisation, settings.time_zone
    )
    secret, key = keystore.create_access_key(organisation.id, arguments.role)
    if arguments.json:
        print(json.dumps({"key": secret, **_listing(key), "organisation": organisation.name}))
    else:
        print(f"{secret}\nKeep it now: it is not shown again. Its id is {key.id}.")
    return 0


def _list(arguments: argparse.Namespace, keystore: KeyStore, _settings: SharedSettings) -> int:
    organisation = organisation_named(keystore, arguments.organisation) if arguments.organisation else None
    if arguments.organisation and organisation is None:
        return refused(f"there is no organisation {arguments.organisation}")
    keys = keystore.access_keys(organisation.id if organisation else None)
    names = {one.id: one.name for one in keystore.organisations()}
    rows = [{**_listing(key), "organisation": names[key.organisation_id]} for key in keys]
    if arguments.json:
        print(json.dumps(rows))
        return 0
    for row in rows:
        end = f"revoked {row['revoked_at']}" if row["revoked_at"] else ""
        print(f"{row['id']}  {row['prefix']}...  {row['role']:<8}{row['organisation']}  {end}".rstrip())
    return 0


def _revoke(arguments: argparse.Namespace, keystore: KeyStore, _settings: SharedSettings) -> int:
    if not keystore.revoke_access_key(arguments.id):
        return refused(f"there is no key {arguments.id}; `wetink keys list` shows them")
    print(json.dumps({"id": arguments.id, "revoked": True}) if arguments.json else f"{arguments.id} is revoked")
    return 0


def _listing(key: AccessKey) -> dict[str, str | None]:
    values = dataclasses.asdict(key)
    return {name: _moment(value) if isinstance(value, datetime) else value for name, value in values.items()}


def _moment(value: datetime) -> str:
    return value.isoformat(timespec="seconds").replace("+00:00", "Z")


_ACTIONS = {"create": _create, "list": _list, "revoke": _revoke}
