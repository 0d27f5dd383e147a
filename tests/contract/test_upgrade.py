"""Data of the version before: its databases are completed, and nothing that they held is lost."""

import pytest
from sqlalchemy import inspect, select, text

from services.notifier.tables import audit
from wetink.audit import broken_links
from wetink.database import migrate, open_database
from wetink.keystore.tables import metadata
from wetink.settings import SharedSettings
from wetink.stream.tables import retry

OLD_AUDIT = """
    CREATE TABLE audit (sequence INTEGER PRIMARY KEY, at TIMESTAMP NOT NULL, organisation_id VARCHAR(64) NOT NULL,
    actor_id VARCHAR(64) NOT NULL, tag VARCHAR(100) NOT NULL, object_id VARCHAR(200) NOT NULL)
"""
OLD_ENTRY = (
    "INSERT INTO audit VALUES (:number, '2026-11-23 12:00:00.000000', 'org_1', 'key_1', 'queue:a:read', 'x')"
)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def settings(request, tmp_path):
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else ""
    return SharedSettings(data=tmp_path / "data", database_url=url)


@pytest.fixture
def old(settings):
    """Opens a service's database at the first revision, changed back by some statements."""
    opened = []

    def make(service, package, *statements):
        database = open_database(settings, service)
        opened.append(database)
        migrate(database, package)
        with database.transaction() as transaction:
            for statement in (*statements, "UPDATE alembic_version SET version_num = '0001'"):
                transaction.execute(text(statement), {"number": 1} if ":number" in statement else {})
        return database

    yield make
    for database in opened:
        database.close()


def test_the_audit_log_becomes_a_chain_with_its_entries(old):
    database = old("notifier", "services.notifier", "DROP TABLE audit", OLD_AUDIT, OLD_ENTRY)
    migrate(database, "services.notifier")
    with database.reading() as view:
        assert [row.tag for row in view.execute(select(audit))] == ["queue:a:read"]
        assert list(broken_links(view, audit)) == []


def test_the_key_store_learns_of_hold_and_retention(old):
    changes = ("ALTER TABLE organisation DROP COLUMN keep_days", "ALTER TABLE case_key DROP COLUMN held_at")
    database = old("keystore", "wetink.keystore", *changes)
    migrate(database, "wetink.keystore")
    with database.reading() as view:
        for table in metadata.sorted_tables:
            there = {column["name"] for column in inspect(view).get_columns(table.name)}
            assert there == {column.name for column in table.columns}


def test_intake_gets_tombstones_and_an_audit_log(old):
    database = old("intake", "services.intake", "DROP TABLE audit", "DROP TABLE deletions")
    migrate(database, "services.intake")
    with database.reading() as view:
        assert {"audit", "deletions"} <= set(inspect(view).get_table_names())


OLD_RETRY = """
    INSERT INTO retry (event_id, case_id, topic, partition, "offset", value, attempts, reason, due_at)
    VALUES ('e1', 'case_1', 'page.requested', 0, 7, '{}', 2, 'bug KeyError', '2026-11-23 12:00:00.000000')
"""


@pytest.mark.parametrize("service", ["intake", "ocr", "validator", "notifier"])
def test_events_that_wait_to_be_tried_again_have_no_starts_yet(old, service):
    changes = ("ALTER TABLE retry DROP COLUMN starts", "ALTER TABLE retry DROP COLUMN process", OLD_RETRY)
    database = old(service, f"services.{service}", *changes)
    migrate(database, f"services.{service}")
    with database.reading() as view:
        assert [(row.attempts, row.starts, row.process) for row in view.execute(select(retry))] == [(2, 0, None)]
