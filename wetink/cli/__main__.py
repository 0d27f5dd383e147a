"""`wetink`: finds the command's module and runs it.

Place in the pipeline: beside it; for people and scripts. Trust level: the administrator's own shell.
Residual risk: none of its own. A command is a module of this package with `add_arguments(parser)` and
`run(arguments) -> int` (exit status 0 done, 1 some file could not be read, 2 wrong usage); it is imported only
when it is called, so that a command needs no other command's packages.
"""

import argparse
import importlib
import logging
import os
import sys
from collections.abc import Sequence

COMMANDS: dict[str, str] = {
    "read": "perception: what is on each page of the files",
    "check": "perception and judgement: the findings for the files as one packet",
    "learn": "learn a form's edition from its blank form",
    "forms": "the editions known, who signs where",
    "rules": "check the requirements: who signs where, and where that is written",
    "status": "processes, lag, documents in flight of a running system",
    "reread": "read documents with an open flag again, as when their form was learned since",
    "dead-letters": "list, show or replay events that could not be handled",
    "keys": "create, list or revoke access keys",
    "users": "create, reset or disable case managers' logins",
    "organisations": "how long an organisation keeps its cases",
    "cases": "legal hold; who may see a protected case; deletions",
    "audit": "check that the audit log is whole",
    "backup": "copy everything that is kept into a folder, while the system runs",
    "restore": "make a data folder out of a backup",
}
"""Command and its one-line help; the module is the command's name with `_` for `-`."""


def main(argv: Sequence[str] | None = None) -> int:
    """Parse `argv` (default: the process's own) and run the command; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="wetink", description="Reviews immigration documents before they are filed."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    words = list(sys.argv[1:] if argv is None else argv)
    chosen = next((word for word in words if not word.startswith("-")), None)
    for name, summary in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary)
        if name == chosen:
            module = importlib.import_module(f"wetink.cli.{name.replace('-', '_')}")
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    arguments = parser.parse_args(words)
    os.umask(0o077)  # what a command writes is for its user alone
    # Commands speak to people by themselves.
    logging.basicConfig(level=logging.ERROR, format="wetink: %(message)s")
    return int(arguments.run(arguments))


if __name__ == "__main__":
    sys.exit(main())
