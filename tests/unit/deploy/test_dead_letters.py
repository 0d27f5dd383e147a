"""Dead letters on the command line."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, insert, select

from wetink.cli.__main__ import main
from wetink.database import open_database
from wetink.settings import SharedSettings
from wetink.stream.tables import dead_letter, retry, stream_metadata


@pytest.fixture
def database(tmp_path, monkeypatch):
    """The ocr's database with one dead letter."""
    monkeypatch.setenv("WETINK_DATA", str(tmp_path))
    database = open_database(SharedSettings(), "ocr")
    with database.transaction() as transaction:
        stream_metadata.create_all(transaction)
        transaction.execute(
            insert(dead_letter).values(
                event_id="e1",
                case_id="case_1",
                topic="page.requested",
                partition=0,
                offset=7,
                value='{"id": "e1"}',
                attempts=5,
                reason="sandbox_crashed",
                died_at=datetime(2026, 1, 1, tzinfo=UTC),
            )
        )
    yield database
    database.close()


def listed(capsys, *options: str) -> list[dict[str, object]]:
    assert main(["dead-letters", "list", "--json", *options]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_they_are_listed_with_their_service_and_reason(database, capsys):
    (only,) = listed(capsys)
    assert (only["service"], only["event_id"], only["reason"]) == ("ocr", "e1", "sandbox_crashed")


def test_one_is_shown_with_its_event(database, capsys):
    assert main(["dead-letters", "show", "e1"]) == 0
    assert json.loads(capsys.readouterr().out)["value"] == '{"id": "e1"}'


def test_a_replay_makes_it_due_now_and_is_told_in_the_list(database, capsys):
    assert main(["dead-letters", "replay", "e1"]) == 0
    with database.reading() as view:
        (row,) = view.execute(select(retry)).all()
    assert row.due_at <= datetime.now(UTC)
    capsys.readouterr()
    assert listed(capsys) == []
    assert listed(capsys, "--all")[0]["replayed_at"]


@pytest.mark.parametrize("which", ["e1", "--all"])
def test_what_is_replayed_twice_is_tried_again_once(database, capsys, which):
    assert main(["dead-letters", "replay", which]) == 0
    with database.transaction() as transaction:
        transaction.execute(delete(retry))  # it was tried and succeeded
    assert main(["dead-letters", "replay", which]) == 0
    assert capsys.readouterr().out == "1 to be tried again\n0 to be tried again\n"
    with database.reading() as view:
        assert view.execute(select(retry)).all() == []


def test_an_unknown_one_is_exit_status_1_and_none_named_2(database):
    assert main(["dead-letters", "replay", "nobody"]) == 1
    assert main(["dead-letters", "show", "nobody"]) == 1
    assert main(["dead-letters", "replay"]) == 2
