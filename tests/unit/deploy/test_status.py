"""What `wetink status` says when things are down."""

import json
from pathlib import Path
from threading import Event

import pytest
from prometheus_client import Counter, Histogram
from sqlalchemy import insert

from deploy.local.supervisor import configuration, programs
from services.intake import tables as intake
from services.ocr import tables as ocr
from wetink.cli.__main__ import main
from wetink.cli.overview import Status, Waiting, in_time
from wetink.cli.scraping import FlagTimes, flag_times, sandbox_outcomes, scrape
from wetink.cli.status import as_text
from wetink.clock import SystemClock
from wetink.database import open_database
from wetink.health import Health, HealthServer
from wetink.settings import SharedSettings
from wetink.stream.tables import stream_metadata


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
        "lag_by_partition": {},
        "documents_in_flight": 0,
        "documents": {},
        "waiting": {},
        "outbox": 0,
        "dead_letters": 0,
        "sandbox": {},
        "flag_times": None,
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


def stored(service, row, table, *metadatas):
    database = open_database(SharedSettings(), service)
    with database.transaction() as transaction:
        for metadata in metadatas:
            metadata.create_all(transaction)
        transaction.execute(insert(table), [row])
    database.close()


def test_documents_and_pages_are_counted_in_the_databases(data, capsys):
    ids = {"document_id": "doc_1", "case_id": "case_1"}
    document = ids | {"organisation_id": "org_1", "number": 1, "files": 1, "sealed_filename": b"", "size_bytes": 1}
    document |= {"sha256": "0", "received_at": SystemClock().now(), "status": "received"}
    page = ids | {"page_number": 1, "has_blob": True, "state": "requested", "text_state": "waiting"}
    stored("intake", document, intake.documents, intake.metadata, stream_metadata)
    stored("ocr", page, ocr.pages, ocr.metadata, stream_metadata)
    told = status(capsys)
    assert told["documents_in_flight"] == 1
    assert told["documents"] == {"received": {"1m": 1}}
    assert told["waiting"] == {"pages": {"pages": 1, "oldest_s": 0}, "text": {"pages": 1, "oldest_s": 0}}


def test_people_read_where_documents_and_events_are():
    text = as_text(
        Status(
            processes=[],
            lag={"ocr": 7, "text": 0},
            lag_by_partition={
                "ocr": {"page.requested/0": 7, "page.requested/1": 0},
                "text": {"text.requested/0": 0},
            },
            documents_in_flight=3,
            documents={"reading": {"1m": 2, "1h": 1}},
            waiting={"pages": Waiting(12, 61.2)},
            outbox=1,
            dead_letters=0,
            sandbox={"done": 40, "out_of_memory": 1},
            flag_times=FlagTimes(53, 1.0, None),
        )
    )
    assert text.splitlines()[1:] == [
        "documents in flight: 3: reading (1m 2, 1h 1)",
        "waiting for pages: 12 pages, the oldest for 61 s",
        "events not yet sent: 1",
        "events in Kafka not yet handled: ocr 7, text 0",
        "  ocr: page.requested/0 7",
        "dead letters: 0",
        "jobs in the sandbox since the start: done 40, out_of_memory 1",
        "from upload to flags since the start: half within 1 s, 95 % beyond what is counted (of 53 documents)",
    ]


def test_what_the_processes_have_counted_is_added_up():
    jobs = Counter("wetink_sandbox_jobs", "Jobs.", ("job", "reason"), registry=None)
    seconds = Histogram("wetink_flag_seconds", "Seconds.", registry=None, buckets=(1, 2, 5))
    for reason in ("done", "done", "crashed"):
        jobs.labels("read", reason).inc()
    for number in (0.5, 0.7, 1.5, 60):
        seconds.observe(number)
    samples = [sample for metric in (jobs, seconds) for family in metric.collect() for sample in family.samples]
    assert sandbox_outcomes([*samples, *samples]) == {"done": 4, "crashed": 2}
    assert flag_times(samples) == FlagTimes(4, 1.0, None)
    assert flag_times([]) is None


def test_a_running_process_is_asked_for_its_metrics_and_one_that_is_away_is_left_out():
    server = HealthServer(Health([]))
    server.start()
    names = {sample.name for sample in scrape([server.url, "http://127.0.0.1:9"], timeout_s=5)}
    server.stop()
    assert "python_info" in names


def test_an_answer_that_does_not_come_in_time_is_given_up():
    never = Event()
    assert in_time(never.wait, timeout_s=0.05)() is None
    never.set()
