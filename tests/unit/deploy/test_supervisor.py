"""What the supervisor is told to run."""

import configparser
import shlex
from pathlib import Path

from deploy.local.supervisor import configuration, programs
from wetink.stream.main import END_WITHIN_S


def read(text: str) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser()
    parser.read_string(text)
    return parser


def written(data: Path = Path("/data"), workers: int = 2) -> configparser.RawConfigParser:
    return read(configuration(data, Path("/checkout"), programs(workers, ["java", "kafka.Kafka"]), 19092))


def test_there_is_one_ocr_worker_a_core_and_one_of_everything_else():
    names = [program.name for program in programs(3, ["java"])]
    assert names == ["kafka", "intake", "ocr-1", "ocr-2", "ocr-3", "text-1", "validator", "notifier"]


def test_with_another_cluster_no_broker_is_started():
    assert "kafka" not in [program.name for program in programs(1, None)]


def test_every_program_is_restarted_for_ever_and_knows_its_name():
    parser = written()
    sections = [name for name in parser.sections() if name.startswith("program:")]
    assert len(sections) == 7
    for section in sections:
        assert parser[section]["autorestart"] == "true"
        assert int(parser[section]["startretries"]) > 10**6
        assert section.removeprefix("program:") in parser[section]["environment"]


def test_services_stop_before_kafka():
    parser = written()
    assert int(parser["group:services"]["priority"]) > int(parser["group:broker"]["priority"])


def test_the_supervisor_waits_longer_for_a_service_than_the_service_takes_to_end():
    parser = written()
    waits = [int(parser[name]["stopwaitsecs"]) for name in parser.sections() if name.startswith("program:")]
    assert min(waits) > END_WITHIN_S


def test_the_text_lane_runs_at_the_lowest_priority():
    assert shlex.split(written()["program:text-1"]["command"])[:3] == ["nice", "-n", "19"]


def test_a_percent_sign_in_a_path_is_not_taken_for_a_variable():
    assert written(Path("/100%"))["program:intake"]["stdout_logfile"] == "/100%%/logs/intake.log"


def test_nothing_is_written_outside_the_data_folder():
    parser = written()
    paths = [
        value
        for section in parser.sections()
        for name, value in parser[section].items()
        if name.endswith(("logfile", "pidfile", "logdir"))
    ]
    assert paths
    assert all(path.startswith("/data/") or path == "NONE" for path in paths)


def test_the_health_check_is_started_for_ever_too():
    listener = written()["eventlistener:health-check"]
    assert listener["events"] == "TICK_5"
    assert listener["autorestart"] == "true"
    assert shlex.split(listener["command"])[1:] == ["-m", "deploy.local.health_check", "/data", "19092"]
