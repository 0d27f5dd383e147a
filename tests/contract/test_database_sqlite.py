"""What SQLite must do besides: several processes, a disk that is full, a process that is killed."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from wetink.database import open_database, sqlite
from wetink.errors import RetryError
from wetink.settings import SharedSettings

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def settings(tmp_path):
    return SharedSettings(data=tmp_path / "data")


@pytest.fixture
def database(settings):
    opened = open_database(settings, "intake")
    with opened.transaction() as transaction:
        transaction.execute(text("CREATE TABLE line (writer TEXT, number INTEGER, UNIQUE (writer, number))"))
    yield opened
    opened.close()


def _fill(transaction, most_pages):
    transaction.execute(text(f"PRAGMA max_page_count={most_pages}"))
    rows = [{"writer": "x" * 4000, "number": number} for number in range(20)]
    transaction.execute(text("INSERT INTO line VALUES (:writer, :number)"), rows)


def test_only_the_owner_can_read_the_files(settings, database):
    folder = settings.data / "db"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.name for file in folder.iterdir()} >= {"intake.db", "intake.db-wal"}
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}


def test_every_commit_reaches_the_disk_and_readers_do_not_wait(database):
    with database.reading() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
    with database.transaction(), database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM line")).scalar() == 0


def test_a_lock_that_is_held_too_long_means_try_later(settings, database, monkeypatch):
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_S", 0.1)
    other = open_database(settings, "intake")
    with database.transaction(), pytest.raises(RetryError, match="SQLITE_BUSY"), other.transaction():
        pass
    with other.transaction() as transaction:
        transaction.execute(text("INSERT INTO line VALUES ('other', 1)"))
    other.close()


def test_a_full_disk_means_try_later_and_nothing_is_half_written(database):
    with database.reading() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    with pytest.raises(RetryError, match="SQLITE_FULL"), database.transaction() as transaction:
        _fill(transaction, pages + 2)
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM line")).scalar() == 0


def test_a_folder_that_cannot_be_made_means_try_later(tmp_path):
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(RetryError):
        open_database(SharedSettings(data=tmp_path / "data"), "intake")


def test_nothing_is_left_of_a_transaction_whose_process_was_killed(settings, database):
    code = """
import os, sys
from pathlib import Path
from sqlalchemy import text
from wetink.database import open_database
from wetink.settings import SharedSettings
database = open_database(SharedSettings(data=Path(sys.argv[1])), "intake")
with database.transaction() as transaction:
    transaction.execute(text("INSERT INTO line VALUES ('killed', 1)"))
    os.kill(os.getpid(), 9)
"""
    killed = subprocess.run([sys.executable, "-c", code, settings.data], cwd=CHECKOUT, check=False)
    assert killed.returncode == -signal.SIGKILL
    with database.transaction() as transaction:
        assert transaction.execute(text("SELECT count(*) FROM line")).scalar() == 0


def test_many_threads_open_and_write_a_new_file_at_once(settings):
    problems = []
    barrier = threading.Barrier(8)

    def write(writer: int) -> None:
        opened = open_database(settings, "fresh")
        try:
            barrier.wait()
            with opened.transaction() as transaction:
                transaction.execute(text("CREATE TABLE IF NOT EXISTS line (writer INTEGER)"))
                transaction.execute(text("INSERT INTO line VALUES (:writer)"), {"writer": writer})
        except Exception as error:  # noqa: BLE001 - handed to the test's own thread
            problems.append(error)
        finally:
            opened.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


@pytest.mark.parametrize("seconds", [5, pytest.param(60, marks=pytest.mark.slow)])
def test_four_processes_write_at_once_without_an_error(settings, database, seconds):
    code = """
import sys, time
from pathlib import Path
from sqlalchemy import text
from wetink.database import open_database
from wetink.settings import SharedSettings
folder, writer, seconds = sys.argv[1:]
database = open_database(SharedSettings(data=Path(folder)), "intake")
end, number = time.monotonic() + float(seconds), 0
while time.monotonic() < end:
    with database.transaction() as transaction:
        transaction.execute(text("INSERT INTO line VALUES (:w, :n)"), {"w": writer, "n": number})
    number += 1
print(number)
"""
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", code, settings.data, str(writer), str(seconds)],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        )
        for writer in range(4)
    ]
    answers = [writer.communicate(timeout=seconds + 60) for writer in writers]
    assert [problems for _, problems in answers] == ["", "", "", ""]
    written = [int(told) for told, _ in answers]
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM line")).scalar() == sum(written)
    assert min(written) > 0
