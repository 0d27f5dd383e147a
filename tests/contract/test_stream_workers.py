"""What both workers promise, on a real broker: nothing lost, no row twice, a quick end, and they come back."""

import subprocess
import uuid

import pytest

from tests.support.eventually import eventually
from tests.support.kafka import running_kafka
from tests.support.stream import effect, opened, received
from tests.support.stream_process import StreamProcess, send, send_raw, values
from wetink.stream.tables import dead_letter, inbox, outbox, retry

pytestmark = pytest.mark.kafka


@pytest.fixture(params=["faust", "plain"])
def kind(request) -> str:
    return request.param


@pytest.fixture
def worker(kind, tmp_path, kafka):
    kafka.forget()
    process = StreamProcess(kind, tmp_path, kafka.bootstrap)
    yield process
    process.kill()


def documents(prefix: str, count: int) -> list:
    """Events of this test alone: the topics are shared."""
    run = uuid.uuid4().hex[:8]
    return [received(f"{prefix}-{run}-{number}", f"case-{run}-{number % 10}") for number in range(count)]


def done(worker: StreamProcess, events) -> int:
    wanted = {event.document_id for event in events}
    return sum(row.document_id in wanted for row in worker.rows(effect))


def outcome_of(event) -> str:
    return "unreadable" if event.document_id.startswith("poison") else "read"


def published(worker: StreamProcess, events) -> bool:
    wanted = {opened(event, outcome_of(event)).id for event in events}
    rows = [row for row in worker.rows(outbox) if row.event_id in wanted]
    return len(rows) == len(wanted) and all(row.published_at for row in rows)


def snapshot(worker: StreamProcess) -> dict[str, list]:
    return {
        table.name: sorted(worker.rows(table), key=str) for table in (inbox, outbox, effect, dead_letter, retry)
    }


def test_events_are_handled_and_their_consequences_reach_the_broker(worker, kafka):
    events = documents("doc", 50)
    worker.start()
    eventually(lambda: worker.get("/readyz")[0] == 200, timeout_s=30, what="readiness")
    assert worker.get("/healthz")[0] == 200
    send(kafka.bootstrap, *events)
    eventually(lambda: published(worker, events), timeout_s=30, what="the publication")
    assert done(worker, events) == 50
    assert {opened(event).model_dump_json() for event in events} <= set(values(kafka.bootstrap, "document.opened"))


def test_kill_9_in_the_middle_of_events_loses_nothing_and_doubles_no_row(worker, kafka):
    events = documents("slow", 120)
    send(kafka.bootstrap, *events)
    for goal in (20, 60):
        worker.start()
        eventually(lambda goal=goal: done(worker, events) >= goal, timeout_s=40, what=f"{goal} events")
        worker.kill()
    worker.start()
    eventually(lambda: published(worker, events), timeout_s=60, what="all events")
    assert done(worker, events) == 120
    assert len({row.event_id for row in worker.rows(inbox)} & {event.id for event in events}) == 120
    assert worker.rows(retry) == []


def test_a_duplicate_event_changes_no_row(worker, kafka):
    events = documents("doc", 20)
    worker.start()
    send(kafka.bootstrap, *events)
    eventually(lambda: published(worker, events), timeout_s=30)
    before, copies = snapshot(worker), len(values(kafka.bootstrap, "document.opened"))
    send(kafka.bootstrap, *events)
    eventually(lambda: worker.count("duplicate") >= 20, timeout_s=20, what="the duplicates")
    assert snapshot(worker) == before
    assert len(values(kafka.bootstrap, "document.opened")) >= copies + 20


def test_a_replay_from_offset_zero_changes_no_row(worker, kafka):
    events = [*documents("doc", 20), *documents("poison", 2)]
    worker.start()
    send(kafka.bootstrap, *events)
    eventually(lambda: published(worker, events), timeout_s=30)
    worker.terminate()
    before = snapshot(worker)
    worker.group += "-again"
    worker.start()
    eventually(lambda: worker.count("duplicate") >= len(before["inbox"]) > 0, timeout_s=30, what="the replay")
    assert snapshot(worker) == before


def test_a_poison_event_ends_as_a_dead_letter_that_tells_where_it_came_from(worker, kafka):
    (poison,) = documents("poison", 1)
    worker.start()
    send(kafka.bootstrap, poison)
    raw = f"no event {poison.document_id}"
    send_raw(kafka.bootstrap, "document.received", raw)

    def letters():
        return {row.value: row for row in worker.rows(dead_letter)}

    eventually(lambda: {raw, poison.model_dump_json()} <= letters().keys(), timeout_s=30, what="the dead letters")
    for value, reason in ((raw, "invalid_event"), (poison.model_dump_json(), "spoiled")):
        row = letters()[value]
        assert (row.topic, row.attempts, row.reason) == ("document.received", 1, reason)
        assert row.partition >= 0
        assert row.offset >= 0
    eventually(lambda: published(worker, [poison]), timeout_s=10, what="the service's consequence")


def test_sigterm_ends_an_idle_worker_at_once(worker):
    worker.start()
    eventually(lambda: worker.get("/readyz")[0] == 200, timeout_s=30)
    status, seconds = worker.terminate()
    assert status == 0
    assert seconds < 5
    assert not (worker.data / "run" / "ocr-1.json").exists()


def test_sigterm_lets_the_event_in_work_end_and_acknowledges_it(worker, kafka):
    in_work, later = (*documents("long", 1), *documents("doc", 1))
    worker.start()
    send(kafka.bootstrap, in_work)
    eventually(lambda: worker.rows(retry), timeout_s=30, what="the event's start")
    status, seconds = worker.terminate()
    assert (status, done(worker, [in_work])) == (0, 1)
    assert seconds < 7
    worker.start()
    send(kafka.bootstrap, later)
    eventually(lambda: done(worker, [later]) == 1, timeout_s=30, what="the next event")
    assert worker.count("duplicate") == 0


def test_sigterm_ends_a_busy_worker_within_ten_seconds_and_its_event_comes_again(worker, kafka):
    before, hanging, behind = (*documents("doc", 1), *documents("hang", 1), *documents("doc", 1))
    worker.start()
    send(kafka.bootstrap, before)
    eventually(lambda: done(worker, [before]) == 1, timeout_s=30)
    events = [event.model_copy(update={"case_id": before.case_id}) for event in (hanging, behind)]
    send(kafka.bootstrap, *events)
    eventually(lambda: worker.get("/metrics")[0] == 200, timeout_s=5)
    status, seconds = worker.terminate()
    assert status == 0
    assert seconds < 10.5
    assert done(worker, events) == 0
    assert [row.starts for row in worker.rows(retry)] == [0], "a stop is no death"
    worker.start(HANGS="0")
    eventually(lambda: done(worker, events) == 2, timeout_s=30, what="the event that hung and the one behind")


def test_an_event_that_kills_its_worker_is_counted_across_its_lives_and_the_others_go_on(worker, kafka):
    (deadly, *others) = (*documents("deadly", 1), *documents("doc", 5))
    send(kafka.bootstrap, deadly, *others)
    for life in (1, 2):
        worker.start(WETINK_START_PAUSE_S="0.1")
        worker.popen.wait(30)
        assert [(row.starts, row.attempts) for row in worker.rows(retry)] == [(life, 0)]
    worker.start(WETINK_START_PAUSE_S="60")
    eventually(lambda: published(worker, others), timeout_s=30, what="the events behind it")
    assert worker.popen.poll() is None


def test_two_workers_share_the_events_and_one_takes_over_from_the_other(kind, tmp_path, kafka):
    kafka.forget()
    first, second = (StreamProcess(kind, tmp_path, kafka.bootstrap, name) for name in ("ocr-1", "ocr-2"))
    second.group = first.group
    first.start()
    second.start()
    try:
        eventually(lambda: first.get("/readyz")[0] == second.get("/readyz")[0] == 200, timeout_s=40)
        events = documents("slow", 60)
        send(kafka.bootstrap, *events)
        eventually(lambda: second.count("handled") > 0 < first.count("handled"), timeout_s=30)
        first.kill()
        eventually(lambda: published(second, events), timeout_s=60, what="the takeover")
        assert done(second, events) == 60
    finally:
        first.kill()
        second.kill()


def test_a_broker_that_is_away_at_the_start_and_for_ten_seconds_loses_nothing(kind, tmp_path):
    with running_kafka() as broker:
        broker.stop()
        worker = StreamProcess(kind, tmp_path, broker.bootstrap)
        worker.start()
        try:
            eventually(lambda: worker.get("/healthz")[0] == 200, timeout_s=20, what="health without a broker")
            assert worker.get("/readyz")[0] == 503
            broker.start()
            early, late = documents("doc", 10), documents("doc", 10)
            send(broker.bootstrap, *early)
            eventually(lambda: published(worker, early), timeout_s=60, what="events after the first start")
            broker.kill()
            assert lives_on(worker, seconds=10)
            broker.start()
            send(broker.bootstrap, *late)
            eventually(lambda: published(worker, late), timeout_s=60, what="events after the outage")
            assert worker.get("/healthz")[0] == 200
        finally:
            worker.kill()


def lives_on(worker: StreamProcess, seconds: float) -> bool:
    """True when the process is still there after `seconds`."""
    try:
        worker.popen.wait(seconds)
    except subprocess.TimeoutExpired:
        return True
    return False
