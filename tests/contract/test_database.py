"""What every database does: the fake, SQLite and PostgreSQL alike."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from wetink.database import open_database
from wetink.database.fake import memory_database
from wetink.database.types import UtcDateTime
from wetink.settings import SharedSettings
from wetink.stream.tables import outbox, stream_metadata

metadata = MetaData()
shelf = Table("shelf", metadata, Column("name", String(20), primary_key=True), Column("count", Integer))
book = Table(
    "book", metadata, Column("id", Integer, primary_key=True), Column("shelf", ForeignKey(shelf.c.name)),
    Column("lent_at", UtcDateTime()),
)  # fmt: skip


def _execute_and_fail(transaction, statement):
    transaction.execute(statement)
    raise ZeroDivisionError


@pytest.fixture(params=["fake", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request, tmp_path):
    if request.param == "fake":
        opened = memory_database(metadata, stream_metadata)
    else:
        url = request.getfixturevalue("postgres_url") if request.param == "postgres" else ""
        opened = open_database(SharedSettings(data=tmp_path, database_url=url), "library")
        with opened.transaction() as transaction:
            metadata.create_all(transaction)
            stream_metadata.create_all(transaction)
    yield opened
    opened.close()


def test_what_a_transaction_wrote_is_there_afterwards(database):
    with database.transaction() as transaction:
        transaction.execute(shelf.insert().values(name="law", count=1))
    with database.reading() as connection:
        assert connection.execute(select(shelf)).all() == [("law", 1)]


def test_nothing_is_left_of_a_transaction_that_failed(database):
    with pytest.raises(ZeroDivisionError), database.transaction() as transaction:
        _execute_and_fail(transaction, shelf.insert().values(name="law", count=1))
    with database.reading() as connection:
        assert connection.execute(select(shelf)).all() == []


def test_tables_made_in_a_transaction_that_failed_are_gone(database):
    with pytest.raises(ZeroDivisionError), database.transaction() as transaction:
        _execute_and_fail(transaction, text("CREATE TABLE half (id INTEGER)"))
    with database.transaction() as transaction:
        transaction.execute(text("CREATE TABLE half (id INTEGER)"))


def test_a_view_for_reading_commits_nothing_and_writes_nothing(database):
    try:
        with database.reading() as connection:
            connection.execute(shelf.insert().values(name="law", count=1))
    except DBAPIError:
        pass  # PostgreSQL refuses it at once
    with database.reading() as connection:
        assert connection.execute(select(shelf)).all() == []


def test_a_moment_comes_back_aware_and_in_utc(database):
    written = datetime(2026, 3, 5, 12, 30, 15, 123456, tzinfo=timezone(timedelta(hours=-8)))
    with database.transaction() as transaction:
        transaction.execute(book.insert().values(id=1, lent_at=written))
        transaction.execute(book.insert().values(id=2, lent_at=None))
    with database.reading() as connection:
        first, second = connection.execute(select(book.c.lent_at).order_by(book.c.id)).scalars()
    assert first == written
    assert first.tzinfo is UTC or first.utcoffset() == timedelta(0)
    assert second is None


def test_moments_compare_as_moments_whatever_zone_they_were_written_in(database):
    noon = datetime(2026, 3, 5, 12, tzinfo=UTC)
    with database.transaction() as transaction:
        transaction.execute(book.insert().values(id=1, lent_at=noon.astimezone(timezone(timedelta(hours=9)))))
    with database.reading() as connection:
        found = select(book.c.id).where(book.c.lent_at <= noon, book.c.lent_at > noon - timedelta(seconds=1))
        assert connection.execute(found).scalars().all() == [1]


def test_a_moment_without_a_time_zone_is_refused(database):
    naive = datetime(2026, 3, 5, 12)  # noqa: DTZ001 - the mistake under test
    with pytest.raises(StatementError, match="without a time zone"), database.transaction() as transaction:
        transaction.execute(book.insert().values(id=1, lent_at=naive))


def test_a_row_that_points_nowhere_is_refused(database):
    with pytest.raises(IntegrityError), database.transaction() as transaction:
        transaction.execute(book.insert().values(id=1, shelf="nowhere"))


def test_a_wrong_statement_is_our_mistake_and_no_reason_to_wait(database):
    with pytest.raises(DBAPIError), database.reading() as connection:
        connection.execute(text("SELECT * FROM no_such_table"))


def test_the_outbox_numbers_its_rows_in_their_order(database):
    now = datetime(2026, 3, 5, tzinfo=UTC)
    row = {
        "cause_id": "c",
        "case_id": "k",
        "topic": "t",
        "key": "k",
        "value": "{}",
        "process": "p",
        "created_at": now,
    }
    for number in range(3):
        with database.transaction() as transaction:
            transaction.execute(outbox.insert().values(event_id=f"e{number}", **row))
    with database.reading() as connection:
        rows = connection.execute(select(outbox.c.event_id).order_by(outbox.c.sequence)).scalars().all()
    assert rows == ["e0", "e1", "e2"]


def test_what_a_transaction_read_stays_true_until_it_writes(database):
    with database.transaction() as transaction:
        transaction.execute(shelf.insert().values(name="law", count=0))
    problems = []

    def add() -> None:
        try:
            for _ in range(20):
                with database.transaction() as transaction:
                    count = transaction.execute(select(shelf.c.count)).scalar_one()
                    transaction.execute(update(shelf).values(count=count + 1))
        except Exception as error:  # noqa: BLE001 - handed to the test's own thread
            problems.append(error)

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    with database.reading() as connection:
        assert connection.execute(select(shelf.c.count)).scalar_one() == 160
