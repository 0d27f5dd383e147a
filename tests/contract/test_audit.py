"""The audit chain: sound as written, broken by every change; safe when several write at once."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import MetaData, delete, update

from wetink.audit import Entry, add_entry, audit_table, broken_links, last_row
from wetink.database import open_database
from wetink.settings import SharedSettings

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request, tmp_path):
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else ""
    opened = open_database(SharedSettings(data=tmp_path / "data", database_url=url), "intake")
    yield opened
    opened.close()


@pytest.fixture
def audit(database):
    metadata = MetaData()
    table = audit_table(metadata)
    with database.transaction() as transaction:
        metadata.create_all(transaction)
    return table


def write(database, audit, count, name="doc"):
    for number in range(count):
        with database.transaction() as transaction:
            add_entry(transaction, audit, Entry("org_1", "key_1", "queue:page:read", f"{name}_{number}"), NOON)


def broken(database, audit):
    with database.reading() as view:
        return list(broken_links(view, audit))


def change(database, statement):
    with database.transaction() as transaction:
        transaction.execute(statement)


def test_a_chain_as_it_was_written_is_whole(database, audit):
    write(database, audit, 5)
    assert broken(database, audit) == []


@pytest.mark.parametrize("column", ["actor_id", "tag", "object_id", "organisation_id", "hash"])
def test_a_changed_entry_breaks_the_chain(database, audit, column):
    write(database, audit, 5)
    change(database, update(audit).where(audit.c.sequence == 3).values({column: "other"}))
    assert 3 in broken(database, audit)


def test_a_removed_entry_breaks_the_chain(database, audit):
    write(database, audit, 5)
    change(database, delete(audit).where(audit.c.sequence == 3))
    assert broken(database, audit) == [4]


def test_a_chain_that_was_cut_off_has_another_newest_hash(database, audit):
    write(database, audit, 5)
    with database.reading() as view:
        noted = last_row(view, audit)
    change(database, delete(audit).where(audit.c.sequence == 5))
    write(database, audit, 1, name="other")
    with database.reading() as view:
        assert last_row(view, audit).hash != noted.hash


def test_entries_of_several_writers_at_once_make_one_chain(database, audit):
    writers = [threading.Thread(target=write, args=(database, audit, 20)) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with database.reading() as view:
        assert last_row(view, audit).sequence == 80
    assert broken(database, audit) == []
