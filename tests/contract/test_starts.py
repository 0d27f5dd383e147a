"""Starts, retries and replays as rows: SQLite and PostgreSQL alike."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.support.stream import NOON, delivery, received
from wetink.database import open_database
from wetink.settings import SharedSettings
from wetink.stream.failures import Failure, begin, bury, claim_due, killers, let_go, replay, take_back
from wetink.stream.tables import dead_letter, retry, stream_metadata

TOPIC = received().topic
OURS = retry.c.process == "ocr-1"
WORK = Failure(received().id, "case_1", delivery(received(), offset=2**40), 0, "in_work")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request, tmp_path):
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else ""
    opened = open_database(SharedSettings(data=tmp_path, database_url=url), "starts")
    with opened.transaction() as transaction:
        stream_metadata.create_all(transaction)
    yield opened
    opened.close()


def rows(database, table=retry):
    with database.reading() as view:
        return view.execute(select(table)).all()


def start(database, process="ocr-1"):
    with database.transaction() as transaction:
        return begin(transaction, WORK, process, NOON)


def end_of_worker(database):
    with database.transaction() as transaction:
        let_go(transaction, OURS, NOON, first_pause_s=1)
        return killers(transaction, [TOPIC], 5)


def test_starts_add_up_until_one_of_them_is_taken_back(database):
    assert [start(database) for _ in range(3)] == [1, 2, 3]
    with database.transaction() as transaction:
        take_back(transaction, WORK.event_id)
    assert [(row.starts, row.process, row.offset) for row in rows(database)] == [(2, "ocr-1", 2**40)]


def test_what_a_worker_left_is_due_later_each_time_and_named_a_killer_from_the_second_time_on(database):
    found = []
    for _ in range(3):
        start(database)
        is_killer = bool(end_of_worker(database))
        found.append(((rows(database)[0].due_at - NOON).total_seconds(), is_killer))
    assert found == [(0, False), (1, True), (2, True)]


def test_what_is_due_is_claimed_by_one_process_of_its_lane(database):
    start(database)
    end_of_worker(database)
    assert claim_due(database, ["text.requested"], "text-1", NOON) is None
    assert claim_due(database, [TOPIC, "text.requested"], "ocr-2", NOON).event_id == WORK.event_id
    assert claim_due(database, [TOPIC], "ocr-3", NOON + timedelta(seconds=30)) is None
    assert [row.process for row in rows(database)] == ["ocr-2"]


def test_a_dead_letter_is_replayed_once(database):
    start(database)
    with database.transaction() as transaction:
        bury(transaction, WORK, NOON)
        assert [replay(transaction, WORK.event_id, NOON) for _ in range(2)] == [True, False]
    assert [(row.starts, row.attempts, row.process) for row in rows(database)] == [(0, 0, None)]
    assert [row.replayed_at for row in rows(database, dead_letter)] == [NOON]
