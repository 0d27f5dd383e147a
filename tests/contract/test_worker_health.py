"""A worker that makes no progress says so at /healthz and ends itself; started again, it goes on. A real Kafka."""

import subprocess
import uuid

import pytest

from tests.support.eventually import eventually
from tests.support.stream import effect, received
from tests.support.stream_process import StreamProcess, send

pytestmark = [pytest.mark.kafka, pytest.mark.slow]
STUCK = 70
"""The exit status of a process that ended itself."""


@pytest.fixture(params=["faust", "plain"])
def kind(request) -> str:
    return request.param


@pytest.fixture
def start(tmp_path, kafka):
    """Starts healthy processes that are soon impatient; each has a data folder of its own."""
    kafka.forget()
    started = []

    def start(kind, group=None):
        folder = tmp_path / str(len(started))
        folder.mkdir()
        worker = StreamProcess(kind, folder, kafka.bootstrap)
        worker.group = group or worker.group
        started.append(worker)
        worker.start(LIMIT_S="1.5")
        eventually(
            lambda: worker.get("/readyz")[0] == worker.get("/healthz")[0] == 200,
            timeout_s=40,
            what="a healthy start",
        )
        return worker

    yield start
    for worker in started:
        worker.kill()


def ends_itself(worker, problem):
    eventually(lambda: problem in worker.get("/healthz")[1], timeout_s=30, what=problem)
    return worker.popen.wait(30) == STUCK


@pytest.mark.parametrize(
    ("kind", "how", "problem"),
    [
        ("faust", "hang", "a handler hangs"),
        ("plain", "hang", "a handler hangs"),
        ("faust", "stall", "the event loop stands still"),
        ("plain", "stall", "the consumer stands still"),
    ],
)
def test_a_worker_without_progress_ends_itself_and_its_event_comes_again(start, kafka, kind, how, problem):
    worker = start(kind)
    send(kafka.bootstrap, received(f"{how}-{uuid.uuid4().hex}"))
    assert ends_itself(worker, problem)
    worker.start(HANGS="0")
    eventually(lambda: worker.rows(effect), timeout_s=40, what="the event's second coming")


@pytest.mark.parametrize(
    ("how", "problem"),
    [("deaf", "events wait but none is handled"), ("lost", "the group's coordination ended")],
)
def test_a_worker_that_meets_no_more_events_ends_itself(start, kafka, how, problem):
    worker = start("faust")
    first, unheard = (received(f"{name}-{uuid.uuid4().hex}") for name in (how, "doc"))
    send(kafka.bootstrap, first)
    eventually(lambda: worker.rows(effect), timeout_s=20, what="the first event")
    send(kafka.bootstrap, unheard)
    assert ends_itself(worker, problem)
    worker.start()
    eventually(lambda: len(worker.rows(effect)) == 2, timeout_s=40, what="the event that was not heard")


def test_a_worker_takes_its_place_in_the_group_again_when_another_took_it(start, kafka, kind):
    first = start(kind)
    second = start(kind, first.group)
    second.kill()
    send(kafka.bootstrap, received(f"doc-{uuid.uuid4().hex}"))
    eventually(lambda: first.rows(effect), timeout_s=40, what="the event")


def test_an_idle_worker_is_well_although_all_events_of_its_topics_have_expired(start, kafka, kind):
    """A new group: nothing was ever committed, and the topics begin where they end."""
    send(kafka.bootstrap, *(received(f"doc-{uuid.uuid4().hex}") for _ in range(50)))
    kafka.forget()
    worker = start(kind)
    with pytest.raises(subprocess.TimeoutExpired):
        worker.popen.wait(5)
    assert worker.get("/healthz")[0] == 200
