"""The sandbox against jobs that do what a hostile file might make an engine do."""

import errno
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from services.ocr.sandbox import box, results
from services.ocr.sandbox.box import Sandbox
from services.ocr.sandbox.results import Crashed, Unreadable
from services.ocr.sandbox.wire import Reply
from tests.support.eventually import eventually
from tests.support.small_disk import small_disk
from wetink.errors import RetryError

ROOT = Path(__file__).parents[2]
FORBIDDEN = (errno.EPERM, errno.EACCES)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    found = Sandbox(tmp_path_factory.mktemp("box") / "ocr-1", jobs_module="tests.support.misbehaving_jobs")
    yield found
    found.close()


@pytest.fixture
def run(sandbox):
    def act(name, job="read", cpu_s=None, files=(b"page",), **arguments):
        return sandbox.run(job, [[f] for f in files], {"act": name, **arguments}, lambda reply: reply, cpu_s)

    return act


def processes_below(folder):
    """Process ids of everything that was started with `folder` among its arguments."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and str(folder).encode() in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return [pid for pid in found if pid != os.getpid()]


def test_files_go_in_and_payloads_come_back(run):
    assert run("echo", files=[b"one", b"", b"three"]) == Reply({"sizes": [3, 0, 5]}, [b"one", b"", b"three"])


def test_an_endless_loop_is_unreadable_out_of_time(run):
    assert run("loop", cpu_s=1) == Unreadable("out_of_time")


def test_a_job_that_waits_is_ended_by_the_wall_clock(run):
    assert run("sleep", cpu_s=1) == Unreadable("out_of_time")


def test_a_memory_bomb_is_unreadable_out_of_memory(run):
    assert run("memory") == Unreadable("out_of_memory")


def test_an_abort_with_much_memory_in_hand_is_the_memory_limit_and_any_other_a_crash(run):
    assert run("abort", mebibytes=600) == Unreadable("out_of_memory")
    assert run("abort", mebibytes=1) == Crashed()


@pytest.mark.parametrize("act", ["signal", "null_pointer"])
def test_a_native_crash_is_a_crash_that_can_be_counted(run, act):
    assert run(act) == Crashed()


def test_an_error_of_an_engine_is_unreadable_and_its_message_is_not_logged(run, caplog):
    assert run("error") == Unreadable("engine_failed")
    assert "Maria" not in caplog.text
    assert all("Maria" not in str(record.__dict__) for record in caplog.records)


def test_an_engine_that_exits_is_unreadable(run):
    assert run("exit") == Unreadable("engine_failed")


@pytest.mark.parametrize("act", ["flood", "fill_disk"])
def test_what_is_written_is_bounded(run, act):
    assert run(act) == Unreadable("wrote_too_much")


def test_a_disk_without_room_for_temporary_files_is_no_fault_of_the_file(tmp_path):
    with small_disk(tmp_path, size_mb=2) as disk:
        sandbox = Sandbox(disk.folder / "ocr-1", jobs_module="tests.support.misbehaving_jobs")
        with pytest.raises(RetryError):
            sandbox.run("read", [], {"act": "fill_disk"}, lambda reply: reply)
        assert sandbox.run("read", [], {"act": "echo"}, lambda reply: reply) == Reply({"sizes": []}, [])
        sandbox.close()


def test_many_files_or_processes_together_meet_the_same_limits_from_outside(run):
    assert run("fill_disk_file_by_file") == Unreadable("wrote_too_much")
    assert run("memory_in_many_processes", job="text") == Unreadable("out_of_memory")


def test_the_limits_are_set_in_the_child_alone_and_so_that_it_cannot_lift_them(run, sandbox):
    limits = run("rlimits").head
    assert limits["CPU"] == [20, 22]
    assert limits["FSIZE"] == [128 << 20, 128 << 20]
    assert limits["NOFILE"] == [64, 64]
    assert limits["CORE"] == [0, 0]
    assert limits["AS"][0] == limits["AS"][1] < 2 << 30
    (template,) = processes_below(sandbox._temp)
    assert resource.prlimit(template, resource.RLIMIT_CPU) == resource.getrlimit(resource.RLIMIT_CPU)


def test_descriptors_are_few(run):
    assert run("open_files").head["errno"] == errno.EMFILE


def test_the_network_of_a_job_is_an_empty_one_of_its_own(sandbox):
    if not sandbox.walls().has_namespaces:
        pytest.skip("user namespaces are not allowed here")
    (template,) = processes_below(sandbox._temp)
    assert Path(f"/proc/{template}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()
    interfaces = Path(f"/proc/{template}/net/dev").read_text().splitlines()[2:]
    assert [line.split(":")[0].strip() for line in interfaces] == ["lo"]


def test_missing_walls_are_said_at_the_start_and_in_the_level(tmp_path, monkeypatch):
    warnings = []
    monkeypatch.setattr(box.log, "warning", lambda code, **ids: warnings.append((code, ids)))
    monkeypatch.setattr(box, "FULL_LEVEL", 4)
    sandbox = Sandbox(tmp_path / "ocr-1", jobs_module="tests.support.misbehaving_jobs")
    level = sandbox.walls().level
    sandbox.close()
    assert [(code, ids["walls"]) for code, ids in warnings] == [("sandbox_level", level)]
    assert box.SANDBOX_LEVEL._value.get() == level


@pytest.mark.parametrize("untrusted", ["", "junk", "WETINK1\n\x7f\x7f\x7f\x7f\x01\x00\x00\x00", "WETINK1\n"])
def test_a_reply_that_is_none_is_hostile(run, untrusted):
    assert run("garbage", bytes=untrusted) == Unreadable("bad_reply", "hostile")


def test_a_reply_of_another_shape_is_hostile(sandbox):
    found = sandbox.run("read", [[b"page"]], {"act": "echo"}, results.page_result)
    assert found == Unreadable("bad_reply", "hostile")


@pytest.mark.parametrize("act", ["fork", "start", "new_session", "change_input"])
def test_a_page_job_may_not(run, act):
    assert run(act).head["errno"] in FORBIDDEN


def test_a_text_job_may_start_tesseract_alone(run):
    assert run("start", job="text").head["errno"] in FORBIDDEN


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_a_text_job_may_start_tesseract(run):
    assert run("tesseract", job="text").head["said"].startswith("tesseract")


def test_threads_are_allowed(run):
    assert run("threads").head == {"found": [1]}


@pytest.mark.parametrize("job", ["read", "text"])
def test_there_is_no_network(run, job):
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert run("network", job=job, port=server.getsockname()[1]).head["errno"] in FORBIDDEN


def test_only_its_own_folder_can_be_written_and_no_data_read(run, tmp_path):
    secret = tmp_path / "root.key"
    secret.write_text("secret")
    assert run("read_file", path=str(secret)).head["errno"] in FORBIDDEN
    assert run("read_file", path=str(ROOT / "pyproject.toml")).head["errno"] in FORBIDDEN
    assert run("write_file", path=str(tmp_path / "new")).head["errno"] in FORBIDDEN
    assert run("write_file", path="new").head["errno"] == 0


def test_temporary_files_go_with_the_job(run, sandbox):
    folder = Path(run("temp_file").head["folder"])
    assert not folder.exists()
    assert list(folder.parent.iterdir()) == []


def test_a_process_left_behind_goes_with_the_job(run, sandbox):
    assert run("leave_a_process", job="text") == Reply({})
    template = processes_below(sandbox._temp)
    assert len(template) == 1


def test_a_fork_bomb_goes_with_its_job(run, sandbox):
    assert run("fork_bomb", job="text", cpu_s=1).reason in {"out_of_time", "out_of_memory"}
    assert len(processes_below(sandbox._temp)) == 1
    assert run("echo") == Reply({"sizes": [4]}, [b"page"])


def test_a_killed_template_is_a_crash_and_is_started_again(tmp_path):
    sandbox = Sandbox(tmp_path / "ocr-1", jobs_module="tests.support.misbehaving_jobs")
    sandbox.walls()
    for pid in processes_below(tmp_path):
        os.kill(pid, signal.SIGKILL)
    first = sandbox.run("read", [[b"page"]], {"act": "echo"}, lambda reply: reply)
    second = sandbox.run("read", [[b"page"]], {"act": "echo"}, lambda reply: reply)
    sandbox.close()
    assert first == Crashed()
    assert second == Reply({"sizes": [4]}, [b"page"])


@pytest.mark.slow
def test_a_template_that_stands_still_is_killed_by_the_worker_and_started_again(tmp_path):
    sandbox = Sandbox(tmp_path / "ocr-1", jobs_module="tests.support.misbehaving_jobs")
    sandbox.walls()
    (template,) = processes_below(tmp_path)
    os.kill(template, signal.SIGSTOP)
    first = sandbox.run("read", [[b"page"]], {"act": "echo"}, lambda reply: reply, cpu_s=1)
    assert template not in processes_below(tmp_path)
    second = sandbox.run("read", [[b"page"]], {"act": "echo"}, lambda reply: reply)
    sandbox.close()
    assert (first, second) == (Crashed(), Reply({"sizes": [4]}, [b"page"]))


def test_a_changed_catalogue_restarts_the_template(tmp_path):
    catalogue = tmp_path / "catalogue"
    sandbox = Sandbox(tmp_path / "ocr-1", [catalogue], jobs_module="tests.support.misbehaving_jobs")
    sandbox.walls()
    before = processes_below(tmp_path)
    sandbox.walls()
    assert processes_below(tmp_path) == before
    (catalogue / "I-1").mkdir(parents=True)
    (catalogue / "I-1" / "2025-01-20.json").write_text("{}")
    sandbox.walls()
    after = processes_below(tmp_path)
    sandbox.close()
    assert len(after) == 1
    assert after != before


def test_an_idle_template_rests_and_the_next_job_wakes_it(tmp_path):
    sandbox = Sandbox(tmp_path / "text-1", jobs_module="tests.support.misbehaving_jobs")
    sandbox.walls()
    sandbox.rest(600)
    assert len(processes_below(tmp_path)) == 1
    sandbox.rest(0)
    assert processes_below(tmp_path) == []
    assert sandbox.run("read", [[b"page"]], {"act": "echo"}, lambda reply: reply) == Reply(
        {"sizes": [4]}, [b"page"]
    )
    sandbox.close()


def test_closing_leaves_nothing(tmp_path):
    sandbox = Sandbox(tmp_path / "ocr-1", jobs_module="tests.support.misbehaving_jobs")
    sandbox.walls()
    sandbox.close()
    eventually(lambda: not processes_below(tmp_path), timeout_s=10, what="the template's end")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("act", ["sleep", "fork_bomb"])
def test_a_worker_killed_with_its_job_running_leaves_no_process_and_no_file(tmp_path, act):
    temp = tmp_path / "ocr-1"
    command = [sys.executable, "-m", "tests.support.sandboxed_worker", str(temp), act]
    with subprocess.Popen(command, cwd=ROOT) as worker:
        eventually(lambda: list(temp.glob("*/started")), timeout_s=10, what="the job's start")
        worker.kill()
    eventually(lambda: not processes_below(tmp_path), timeout_s=10, what="the end of template and child")
    assert list(temp.iterdir()) == []


def test_a_start_wipes_what_an_earlier_life_left(tmp_path):
    left = tmp_path / "ocr-1" / "tmpabc" / "page.png"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"somebody's page")
    Sandbox(tmp_path / "ocr-1")
    assert list((tmp_path / "ocr-1").iterdir()) == []
    assert (tmp_path / "ocr-1").stat().st_mode & 0o777 == 0o700


def test_without_namespaces_a_killed_worker_still_takes_its_child_with_it(tmp_path):
    temp = tmp_path / "ocr-1"
    forbid = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$0" "$@"'
    worker_command = [sys.executable, "-m", "tests.support.sandboxed_worker", str(temp), "sleep"]
    command = ["unshare", "--user", "--map-root-user", "sh", "-c", forbid, *worker_command]
    with subprocess.Popen(command, cwd=ROOT) as worker:
        eventually(lambda: list(temp.glob("*/started")) or worker.poll(), timeout_s=10, what="the job's start")
        if worker.poll() is not None:
            pytest.skip("user namespaces are not allowed here")
        worker.kill()
    eventually(lambda: not processes_below(tmp_path), timeout_s=10, what="the end of template and child")
    assert list(temp.iterdir()) == []
