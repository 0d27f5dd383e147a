"""Processes of a data folder are found by their mark, and those of others are left alone."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from deploy.local import up
from wetink import running

SLEEPER = "print('started', flush=True); import time; time.sleep(60)"
PARENT = (
    "import os, subprocess, sys; "
    f"child = subprocess.Popen([sys.executable, '-c', {SLEEPER!r}],"
    " env=os.environ | {'WETINK_PROCESS': 'ocr-1'}); "
    "child.wait()"
)


@contextmanager
def process(code: str, data: Path, name: str) -> Iterator[subprocess.Popen[bytes]]:
    """A live process with the mark of `data`."""
    environment = os.environ | {running.MARK: str(data), "WETINK_PROCESS": name}
    started = subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE)
    assert started.stdout is not None
    started.stdout.readline()
    try:
        yield started
    finally:
        started.kill()
        started.wait()
        started.stdout.close()


def test_what_a_killed_supervisor_left_is_ended(tmp_path):
    with process(PARENT, tmp_path, running.SUPERVISOR) as supervisor:
        child = running.supervised(tmp_path)["ocr-1"]
        supervisor.kill()
        supervisor.wait()
        assert running.supervised(tmp_path) == {}
        assert running.end_leftovers(tmp_path) == 1
        assert not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE


def test_a_process_of_another_data_folder_is_left_alone(tmp_path):
    with process(SLEEPER, tmp_path / "other", "ocr-1") as stranger:
        assert running.end_leftovers(tmp_path) == 0
        assert stranger.poll() is None


def test_a_stale_run_file_is_not_believed(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "ocr-1.json").write_text('{"name": "ocr-1", "pid": 7, "url": "http://127.0.0.1:1"}')
    assert running.address_of(tmp_path, "ocr-1", 8) is None
    assert running.address_of(tmp_path, "ocr-1", 7) == "http://127.0.0.1:1"


def test_a_second_start_with_the_same_data_folder_is_refused(tmp_path):
    with (
        process(SLEEPER, tmp_path, running.SUPERVISOR),
        pytest.raises(up.StartError, match="already running"),
        up.only_start(tmp_path),
    ):
        pass


def test_two_starts_at_the_same_moment_are_refused(tmp_path):
    with up.only_start(tmp_path), pytest.raises(up.StartError, match="already running"), up.only_start(tmp_path):
        pass


def test_the_data_folder_is_for_our_user_alone(tmp_path):
    data = tmp_path / "data"
    up.prepare_folder(data)
    assert data.stat().st_mode & 0o777 == 0o700
    assert {path.name for path in data.iterdir()} >= {"db", "keys", "blobs", "run", "tmp", "logs"}
