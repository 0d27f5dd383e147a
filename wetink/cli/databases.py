"""The services' databases as the command line sees them: those that exist, without making any.

Place in the pipeline: beside it; `wetink status` and `wetink dead-letters` read them while the services run.
Trust level: the administrator's own shell. Residual risk: none; a database that was never made counts as empty.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing

from sqlalchemy import ColumnElement, Table, func, inspect, select

from wetink.database import open_database
from wetink.database.port import Database
from wetink.settings import SharedSettings

SERVICES = ("intake", "ocr", "validator", "notifier")
"""Those that keep a database."""


def existing(settings: SharedSettings, services: Iterable[str], table: Table) -> Iterator[tuple[str, Database]]:
    """Name and database of each of `services` that has `table`; each is closed when the next one is asked for."""
    for service in services:
        if settings.database_url or (settings.data / "db" / f"{service}.db").exists():
            with closing(open_database(settings, service)) as database:
                if _has(database, table):
                    yield service, database


def _has(database: Database, table: Table) -> bool:
    with database.reading() as connection:
        return inspect(connection).has_table(table.name)


def count(settings: SharedSettings, services: Iterable[str], table: Table, condition: ColumnElement[bool]) -> int:
    """How many rows of `table` meet `condition`, in all `services` together."""
    return sum(_count(database, table, condition) for _service, database in existing(settings, services, table))


def _count(database: Database, table: Table, condition: ColumnElement[bool]) -> int:
    with database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table).where(condition)).scalar_one())
