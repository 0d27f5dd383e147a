"""A second copy beside the first: killed outright and started again, asked while Kafka is frozen; the demo."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.pipeline.conftest import teach
from tests.support import forms
from tests.support.eventually import eventually
from tests.support.system import CHECKOUT, System, running_system
from wetink.cli.overview import overview
from wetink.settings import SharedSettings

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

EXPECTED = ["date_missing", "signature_missing"]


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A copy of its own, with other ports and another data folder."""
    with running_system(tmp_path_factory.mktemp("other")) as running:
        teach(running, forms.blank_form())
        yield running


def kill_everything(system: System) -> None:
    """SIGKILL to every process of that copy, the supervisor first, as a power cut would."""
    assert system.supervisor is not None
    pids = [process["pid"] for process in system.status()["processes"]]
    for pid in [system.supervisor.pid, *pids]:
        os.kill(pid, signal.SIGKILL)
    system.supervisor.wait(10)


def test_two_copies_run_side_by_side_and_know_nothing_of_one_another(system: System, other: System) -> None:
    cases = {}
    for copy in (system, other):
        cases[copy.data] = copy.open_case("SIDE-BY-SIDE")
        document = copy.upload(cases[copy.data], ("form.pdf", forms.filled_form()))
        assert copy.reviewed(document["id"])["status"] == "reviewed"
        assert [code for code, _ in copy.codes(cases[copy.data])] == EXPECTED
    assert system.flags(cases[other.data]) == []
    with system.intake() as ours, other.intake() as theirs:
        assert ours.get(f"/v1/cases/{cases[other.data]}").status_code == 404
        theirs.headers["Authorization"] = ours.headers["Authorization"]
        assert theirs.get("/v1/cases").status_code == 401


def test_after_a_kill_of_everything_it_starts_again_and_ends_what_was_begun(other: System) -> None:
    case = other.open_case("POWER-CUT")
    documents = [
        other.upload(case, (f"form-{number}.pdf", forms.as_scan(forms.filled_form(), seed=number)))
        for number in range(4)
    ]
    kill_everything(other)
    other.start()
    for document in documents:
        assert other.reviewed(document["id"])["status"] == "reviewed"
    assert [code for code, _ in other.codes(case)] == EXPECTED
    assert other.upload(case, ("again.pdf", forms.filled_form(seed=9)))["status"] == "received"


def test_the_status_is_told_within_five_seconds_also_when_kafka_is_frozen(other: System) -> None:
    pid = other.pid("kafka")
    os.kill(pid, signal.SIGSTOP)
    try:
        settings = SharedSettings(data=other.data, kafka_port=int(other.environment["WETINK_KAFKA_PORT"]))
        began = time.monotonic()
        told = overview(settings)
        seconds = time.monotonic() - began
    finally:
        os.kill(pid, signal.SIGCONT)
    assert seconds < 4, "the start of the command itself takes up to another second"
    assert {process.name for process in told.processes} >= {"supervisor", "kafka", "intake", "ocr-1"}
    assert told.lag == {}
    eventually(other.is_ready, what="Kafka's return")


def test_the_demo_shows_flags_and_a_signed_webhook(other: System) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local.demo"],
        cwd=CHECKOUT,
        env=other.environment,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "Applicant's signature is missing (Form WT-100 01/15/26, page 2, Part 2, Item 2.a)" in done.stdout
    assert "webhook-signature: v1," in done.stdout


def test_a_second_start_with_the_same_data_is_refused_and_down_stops_it(other: System) -> None:
    def run(module: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", module],
            cwd=CHECKOUT,
            env=other.environment,
            capture_output=True,
            check=False,
            text=True,
        )

    again = run("deploy.local.up")
    assert again.returncode == 1
    assert "already running" in again.stderr
    assert "is stopped" in run("deploy.local.down").stdout
    assert all(process["pid"] is None for process in other.status()["processes"])
