'''Migrations: a numbered file per change, applied at the start of each process.

Place in the pipeline: called by each process before anything else uses its database.
Trust level: our own files. Residual risk: a migration that is slower than the lock's timeout lets the other
processes of the service fail at their start; they are started again.

A service keeps its revisions in `services/<service>/migrations/versions/NNNN_topic.py`, no `__init__.py`, and
nothing else: the number in the file's name is the revision's id. The first one reads:

    """The tables of the first release."""

    from services.intake.tables import metadata
    from wetink.database.revisions import create_tables
    from wetink.stream.tables import stream_metadata

    revision = "0001"
    down_revision = None


    def upgrade() -> None:
        create_tables(stream_metadata, metadata)

A later one (`0002_language.py`) says what changed, with Alembic's operations:

    """Cases know the client's language."""

    import sqlalchemy as sa
    from alembic import op

    revision = "0002"
    down_revision = "0001"


    def upgrade() -> None:
        op.add_column("case_row", sa.Column("client_language", sa.String(20)))

and turns the first one into plain `op.create_table` calls, so that it keeps meaning what it meant.
'''

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

from sqlalchemy import Connection, inspect, text

from wetink.database.port import Database


def migrate(database: Database, package: str) -> bool:
    """Bring `database` to the newest revision of `package` (e.g. `services.intake`); True when there was work.

    Several processes may do so at once: the first one does the work in one transaction, the others wait.
    Alembic is imported only when there is work. Raises `RetryError` when the database is away.
    """
    versions = _versions_folder(package)
    newest = max(file.stem.split("_")[0] for file in versions.glob("[0-9]*.py"))
    with database.reading() as connection:
        if _revision(connection) == newest:
            return False
    with database.transaction() as connection:
        if _revision(connection) == newest:
            return False
        _upgrade(connection, versions)
    return True


def start_anew() -> NoReturn:
    """Run this process's command again in its place, before it opened anything else.

    For a process that migrated and now runs for months: Alembic would stay in its memory.
    """
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - our own command line


def _versions_folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ValueError(f"there is no package {package}")
    return Path(next(iter(spec.submodule_search_locations))) / "migrations" / "versions"


def _revision(connection: Connection) -> str | None:
    """The revision the database is at; None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection, versions: Path) -> None:
    from alembic import command  # noqa: PLC0415 - 8 MB that a process at the newest revision never needs
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", _escaped(Path(__file__).parent / "migrations"))
    config.set_main_option("version_locations", _escaped(versions))
    config.set_main_option("path_separator", "newline")
    command.upgrade(config, "head")


def _escaped(path: Path) -> str:
    """The path as a value of Alembic's settings, where a percent sign has a meaning."""
    return str(path).replace("%", "%%")
