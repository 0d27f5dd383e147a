"""The supervisor's health check ends a process that no longer answers, and no other."""

import json
import os
import socket
import subprocess
import sys

import pytest

from deploy.local import health_check
from deploy.local.health_check import MISSES_AT_START_MAX, MISSES_MAX, HealthCheck
from tests.support.eventually import eventually
from tests.support.system import CHECKOUT
from wetink.health import Health, HealthServer


@pytest.fixture
def running():
    return {"validator": 1, "ocr-1": 2}


@pytest.fixture
def silent():
    return set()


@pytest.fixture
def killed():
    return []


@pytest.fixture
def check(running, silent, killed):
    return HealthCheck(lambda: running, lambda name, _pid: name not in silent, killed.append)


def ticks(check, number):
    for _ in range(number):
        check.tick()


def test_a_process_that_answers_is_left_alone(check, killed):
    ticks(check, 100)
    assert killed == []


def test_a_process_that_was_silent_several_times_in_a_row_is_killed(check, silent, killed):
    check.tick()
    silent.add("ocr-1")
    ticks(check, MISSES_MAX - 1)
    assert killed == []
    check.tick()
    assert killed == [2]


def test_an_answer_in_between_begins_the_count_anew(check, silent, killed):
    check.tick()
    for _ in range(3):
        silent.add("ocr-1")
        ticks(check, MISSES_MAX - 1)
        silent.clear()
        check.tick()
    assert killed == []


def test_a_process_that_is_starting_has_more_time_but_not_for_ever(check, silent, killed):
    silent.add("ocr-1")
    ticks(check, MISSES_AT_START_MAX - 1)
    assert killed == []
    check.tick()
    assert killed == [2]


def test_the_process_that_comes_after_it_is_a_new_one(check, running, silent, killed):
    check.tick()
    silent.add("ocr-1")
    ticks(check, MISSES_MAX)
    running["ocr-1"] = 3
    ticks(check, MISSES_MAX)
    assert killed == [2]


@pytest.fixture
def server():
    server = HealthServer(Health([]))
    server.start()
    yield server
    server.stop()


def note(data, server, pid):
    (data / "run").mkdir(exist_ok=True)
    (data / "run" / "ocr-1.json").write_text(json.dumps({"name": "ocr-1", "pid": pid, "url": server.url}))


def test_a_service_is_asked_at_the_address_that_it_wrote_down_itself(tmp_path, server):
    assert not health_check.answers(tmp_path, 0, "ocr-1", 2)
    note(tmp_path, server, pid=2)
    assert health_check.answers(tmp_path, 0, "ocr-1", 2)
    assert not health_check.answers(tmp_path, 0, "ocr-1", 3), "that address is its forerunner's"


def test_a_connection_that_is_taken_is_no_answer(tmp_path, monkeypatch):
    monkeypatch.setattr(health_check, "ANSWER_TIMEOUT_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        assert not health_check.answers(tmp_path, frozen.getsockname()[1], "kafka", 1)


def test_only_the_supervisors_other_children_are_looked_at():
    children = {
        name: subprocess.Popen(["sleep", "60"], env={"WETINK_PROCESS": name}) for name in ("ocr-1", "text-1")
    }
    asked = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from deploy.local.health_check import supervised_children as c; print(c('health-check'))",
        ],
        cwd=CHECKOUT,
        env=os.environ | {"WETINK_PROCESS": "health-check"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        told = asked.communicate(timeout=30)[0]
    finally:
        for child in children.values():
            child.kill()
            child.wait()
    assert told.strip() == str({name: child.pid for name, child in children.items()})


def test_it_speaks_the_supervisors_protocol(tmp_path):
    """One event is answered, and with its input it ends."""
    listener = subprocess.Popen(
        [sys.executable, "-m", "deploy.local.health_check", str(tmp_path), "1"],
        cwd=CHECKOUT,
        env=os.environ | {"WETINK_PROCESS": "health-check"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    answered, _ = listener.communicate("ver:3.0 server:s serial:1 eventname:TICK_5 len:4\nwhen", timeout=30)
    assert answered == "READY\nRESULT 2\nOKREADY\n"
    assert listener.returncode == 0


def test_a_stopped_process_is_ended_too():
    process = subprocess.Popen(["sleep", "60"])
    process.send_signal(19)
    health_check.kill(process.pid)
    assert eventually(process.poll, timeout_s=10, what="the end of the stopped process") == -9
    process.wait()
    health_check.kill(process.pid)
