"""What `wetink status` says when things are down."""

import json
from pathlib import Path
from threading import Event

import pytest

from deploy.local.supervisor import configuration, programs
from wetink.cli.__main__ import main
from wetink.cli.status import in_time


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A data folder where nothing was ever started, and a Kafka that is not there."""
    monkeypatch.setenv("WETINK_DATA", str(tmp_path))
    monkeypatch.setenv("KAFKA_BOOTSTRAP", "127.0.0.1:9")
    return tmp_path


def status(capsys) -> dict[str, object]:
    assert main(["status", "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_nothing_was_ever_started(data, capsys):
    assert status(capsys) == {
        "processes": [],
        "lag": {},
        "documents_in_flight": 0,
        "outbox": 0,
        "dead_letters": 0,
    }
    assert list(data.iterdir()) == []


def test_a_stopped_system_lists_its_processes_without_pid(data, capsys):
    (data / "supervisor").mkdir()
    text = configuration(data, Path("/checkout"), programs(1, ["java"]), 19092)
    (data / "supervisor" / "supervisord.conf").write_text(text)
    processes = status(capsys)["processes"]
    assert [one["name"] for one in processes] == [
        "supervisor", "kafka", "intake", "ocr-1", "text-1", "validator", "notifier",
    ]  # fmt: skip
    assert all(one["pid"] is None and one["ready"] is False and one["url"] is None for one in processes)
    assert main(["status"]) == 0
    assert capsys.readouterr().out.count("NOT RUNNING") == len(processes)


def test_people_get_a_table(data, capsys):
    assert main(["status"]) == 0
    assert "dead letters: 0" in capsys.readouterr().out


def test_an_answer_that_does_not_come_in_time_is_given_up():
    never = Event()
    assert in_time(never.wait, timeout_s=0.05)() is None
    never.set()
