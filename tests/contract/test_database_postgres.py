"""What PostgreSQL must do besides: a schema per service, a server that goes away."""

import pytest
from sqlalchemy import text

from wetink.database import open_database
from wetink.errors import RetryError
from wetink.settings import SharedSettings

pytestmark = pytest.mark.postgres


@pytest.fixture
def database(postgres_url):
    opened = open_database(SharedSettings(database_url=postgres_url), "intake")
    yield opened
    opened.close()


def test_services_share_a_server_and_see_only_their_own_tables(database, postgres_url):
    other = open_database(SharedSettings(database_url=postgres_url), "ocr")
    for one in (database, other):
        with one.transaction() as transaction:
            transaction.execute(text("CREATE TABLE line (number INTEGER)"))
    with other.transaction() as transaction:
        transaction.execute(text("INSERT INTO line VALUES (1)"))
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM line")).scalar() == 0
        assert connection.execute(text("SELECT current_schema()")).scalar() == "intake"
    other.close()


def test_a_server_that_is_away_means_try_later(tmp_path):
    away = open_database(SharedSettings(database_url=f"postgresql+psycopg://wetink@/x?host={tmp_path}"), "intake")
    with pytest.raises(RetryError), away.transaction():
        pass


def test_a_connection_that_was_cut_means_try_later_and_then_it_works(database):
    with pytest.raises(RetryError), database.transaction() as transaction:
        transaction.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    with database.transaction() as transaction:
        transaction.execute(text("CREATE TABLE line (number INTEGER)"))
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM line")).scalar() == 0


def test_a_view_for_reading_does_not_change_while_others_write(database):
    with database.transaction() as transaction:
        transaction.execute(text("CREATE TABLE line (number INTEGER)"))
    with database.reading() as connection:
        before = connection.execute(text("SELECT count(*) FROM line")).scalar()
        with database.transaction() as transaction:
            transaction.execute(text("INSERT INTO line VALUES (1)"))
        assert connection.execute(text("SELECT count(*) FROM line")).scalar() == before
