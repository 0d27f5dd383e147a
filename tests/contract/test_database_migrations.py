"""Migrations: on SQLite and PostgreSQL, by several processes at once, and cheap when there is nothing to do."""

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, inspect

from wetink.database import migrate, open_database
from wetink.settings import SharedSettings
from wetink.stream.tables import stream_metadata

CHECKOUT = Path(__file__).parents[2]
MIGRATED = sorted(
    path.parents[1] for root in ("wetink", "services") for path in (CHECKOUT / root).glob("*/migrations/versions")
)
FIRST = '''"""First."""
from wetink.database.revisions import create_tables
from wetink.stream.tables import stream_metadata
revision = "0001"
down_revision = None

def upgrade():
    create_tables(stream_metadata)
'''
SECOND = '''"""Second."""
import sqlalchemy as sa
from alembic import op
revision = "0002"
down_revision = "0001"

def upgrade():
    op.add_column("inbox", sa.Column("note", sa.String(20)))
'''
START = """
import sys
from pathlib import Path
from wetink.database import migrate, open_database, start_anew
from wetink.settings import SharedSettings
folder, url = sys.argv[1:]
if migrate(open_database(SharedSettings(data=Path(folder), database_url=url), "library"), "library_for_tests"):
    print("migrated", "alembic" in sys.modules, flush=True)
    start_anew()
print("started", "alembic" in sys.modules)
"""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def settings(request, tmp_path):
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else ""
    return SharedSettings(data=tmp_path / "data", database_url=url)


@pytest.fixture
def database(settings):
    opened = open_database(settings, "library")
    yield opened
    opened.close()


@pytest.fixture
def versions(tmp_path, monkeypatch):
    """The folder with the revisions of a package that is there for the test only."""
    folder = tmp_path / "50% packages" / "library_for_tests" / "migrations" / "versions"
    folder.mkdir(parents=True)
    (folder.parents[1] / "__init__.py").touch()
    (folder / "0001_first.py").write_text(FIRST)
    monkeypatch.syspath_prepend(folder.parents[2])
    yield folder
    sys.modules.pop("library_for_tests", None)


def _columns(database, table):
    with database.reading() as connection:
        return {column["name"] for column in inspect(connection).get_columns(table)}


def _start(settings, versions):
    return subprocess.Popen(
        [sys.executable, "-c", START, settings.data, settings.database_url],
        env={"PYTHONPATH": f"{CHECKOUT}:{versions.parents[2]}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_new_database_gets_all_revisions_and_an_old_one_the_newer_ones(database, versions):
    migrate(database, "library_for_tests")
    assert "note" not in _columns(database, "inbox")
    (versions / "0002_note.py").write_text(SECOND)
    migrate(database, "library_for_tests")
    migrate(database, "library_for_tests")
    assert "note" in _columns(database, "inbox")


def test_nothing_is_left_of_a_revision_that_failed(database, versions):
    (versions / "0002_note.py").write_text(SECOND + "    raise ZeroDivisionError\n")
    with pytest.raises(ZeroDivisionError):
        migrate(database, "library_for_tests")
    (versions / "0002_note.py").write_text(SECOND + "    # now it works\n")
    migrate(database, "library_for_tests")
    assert "note" in _columns(database, "inbox")


def test_processes_that_start_at_once_migrate_once(settings, versions):
    (versions / "0002_note.py").write_text(SECOND)
    starts = [_start(settings, versions) for _ in range(4)]
    assert [start.communicate(timeout=60)[1] for start in starts] == ["", "", "", ""]


def test_a_process_never_runs_with_alembic_loaded_it_starts_anew_after_migrating(settings, versions):
    assert _start(settings, versions).communicate(timeout=60) == ("migrated True\nstarted False\n", "")
    assert _start(settings, versions).communicate(timeout=60) == ("started False\n", "")


@pytest.mark.parametrize("package", MIGRATED, ids=lambda path: path.name)
def test_revisions_make_exactly_the_tables_that_the_code_uses(settings, package):
    name = ".".join(package.relative_to(CHECKOUT).parts)
    database = open_database(settings, package.name)
    migrate(database, name)
    tables = MetaData()
    for part in (import_module(f"{name}.tables").metadata, *([stream_metadata] if "services" in name else [])):
        for table in part.tables.values():
            table.to_metadata(tables)
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables) == []
    database.close()


@pytest.mark.parametrize("package", MIGRATED, ids=lambda path: path.name)
def test_a_revision_is_named_by_its_number(package):
    for file in (package / "migrations" / "versions").glob("*.py"):
        number = re.fullmatch(r"(\d{4})_[a-z0-9_]+", file.stem)
        assert number
        assert f'revision = "{number[1]}"' in file.read_text()
