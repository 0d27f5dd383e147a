"""The root key's file, the first start and the commands for keys and users."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from wetink.cli.__main__ import main
from wetink.keystore import first_run, open_keystore
from wetink.keystore.fake import FakeKeyStore
from wetink.keystore.first_run import first_run as do_first_run
from wetink.keystore.root_key import RootKeyError
from wetink.settings import SharedSettings

CHECKOUT = Path(__file__).parents[2]
SECRET_NAMES = ("WETINK_ADMIN_KEY", "WETINK_MANAGER_KEY", "WETINK_CLIENT_KEY")


@pytest.fixture
def settings(tmp_path):
    return SharedSettings(data=tmp_path / "data")


@pytest.fixture
def command(tmp_path, monkeypatch, capsys):
    """Runs a command on a data folder of its own; gives its exit status and what it printed."""
    monkeypatch.setenv("WETINK_DATA", str(tmp_path / "data"))

    def run(*words, typed=""):
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        return main(words), capsys.readouterr().out

    return run


def _values(settings):
    return dict(line.split("=", 1) for line in (settings.data / "first-run.env").read_text().splitlines())


def test_the_root_key_and_its_folder_are_the_owners_alone(settings):
    open_keystore(settings).close()
    assert (settings.data / "keys" / "root.key").stat().st_mode & 0o777 == 0o600
    assert (settings.data / "keys").stat().st_mode & 0o777 == 0o700
    assert {path.name for path in (settings.data / "keys").iterdir()} >= {"root.key", "keystore.db"}


def test_the_root_key_may_lie_elsewhere(tmp_path):
    settings = SharedSettings(data=tmp_path / "data", root_key_file=tmp_path / "safe" / "root.key")
    open_keystore(settings).close()
    assert (tmp_path / "safe" / "root.key").exists()
    assert not (settings.data / "keys" / "root.key").exists()


def test_a_start_without_the_root_key_of_the_data_is_refused(settings):
    store = open_keystore(settings)
    store.create_organisation("A firm", "UTC")
    store.close()
    (settings.data / "keys" / "root.key").unlink()
    with pytest.raises(RootKeyError, match=r"missing.*restore it"):
        open_keystore(settings)
    assert not (settings.data / "keys" / "root.key").exists()


def test_a_start_with_another_root_key_is_refused(settings, tmp_path):
    store = open_keystore(settings)
    store.create_organisation("A firm", "UTC")
    store.close()
    other = SharedSettings(data=tmp_path / "other")
    open_keystore(other).close()
    mixed = SharedSettings(data=settings.data, root_key_file=other.data / "keys" / "root.key")
    with pytest.raises(RootKeyError, match="not the one"):
        open_keystore(mixed)


@pytest.mark.parametrize("content", ["", "short", "!" * 44])
def test_a_malformed_root_key_is_refused(settings, content):
    (settings.data / "keys").mkdir(parents=True)
    (settings.data / "keys" / "root.key").write_text(content)
    with pytest.raises(RootKeyError, match="restore it"):
        open_keystore(settings)


def test_processes_that_start_at_once_agree_on_one_root_key(settings):
    code = """
import sys
from pathlib import Path
from wetink.keystore import open_keystore
from wetink.settings import SharedSettings
store = open_keystore(SharedSettings(data=Path(sys.argv[1])))
organisation = store.create_organisation("A firm", "UTC")
store.create_case_key(organisation.id, "case_1")
print(store.case_key(organisation.id, "case_1").hex())
"""
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", code, settings.data],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    answers = [start.communicate(timeout=60) for start in starts]
    assert {problems for _, problems in answers} == {""}
    assert len({told for told, _ in answers}) == 1


def test_the_first_start_writes_addresses_and_keys_that_work(settings):
    store = FakeKeyStore()
    do_first_run(settings, store)
    values = _values(settings)
    assert (settings.data / "first-run.env").stat().st_mode & 0o777 == 0o600
    assert values["WETINK_INTAKE_URL"] == settings.intake_url
    assert values["WETINK_QUEUE_URL"] == settings.queue_url
    assert [store.caller_of(values[name]).role for name in SECRET_NAMES] == ["admin", "manager", "client"]
    store.close()


def test_a_later_start_makes_nothing_even_when_the_file_was_put_away(settings):
    store = FakeKeyStore()
    do_first_run(settings, store)
    (settings.data / "first-run.env").unlink()
    do_first_run(settings, store)
    assert not (settings.data / "first-run.env").exists()
    assert len(store.access_keys()) == 3
    store.close()


def test_a_later_start_on_other_ports_brings_the_addresses_up_to_date(settings):
    store = FakeKeyStore()
    do_first_run(settings, store)
    before = _values(settings)
    moved = SharedSettings(data=settings.data, intake_port=9_999)
    do_first_run(moved, store)
    assert _values(settings) == before | {"WETINK_INTAKE_URL": "http://127.0.0.1:9999"}
    store.close()


def test_another_organisation_does_not_stand_for_the_first_start(settings):
    store = FakeKeyStore()
    store.create_organisation("A firm", "UTC")
    do_first_run(settings, store)
    assert _values(settings)
    store.close()


@pytest.mark.parametrize("step", range(7))
def test_a_first_start_that_was_interrupted_anywhere_is_finished_by_the_next(settings, monkeypatch, step):
    store = FakeKeyStore()
    left = step

    def interrupted(function):
        def call(*arguments):
            nonlocal left
            left -= 1
            if left == -1:
                raise KeyboardInterrupt
            return function(*arguments)

        return call

    with monkeypatch.context() as patch:
        for name in ("create_organisation", "create_access_key"):
            patch.setattr(store, name, interrupted(getattr(store, name)))
        patch.setattr(first_run, "_write", interrupted(first_run._write))
        patch.setattr(Path, "unlink", interrupted(Path.unlink))
        with pytest.raises(KeyboardInterrupt):
            do_first_run(settings, store)
    do_first_run(settings, store)
    values = _values(settings)
    assert [store.caller_of(values[name]).role for name in SECRET_NAMES] == ["admin", "manager", "client"]
    assert len(store.access_keys()) == 3
    assert [path.name for path in settings.data.iterdir()] == ["first-run.env"]
    store.close()


def test_first_starts_at_once_give_one_set_of_keys(settings):
    starts = [
        subprocess.Popen(
            [sys.executable, "-m", "wetink.keystore.first_run"],
            cwd=CHECKOUT,
            env={**os.environ, "WETINK_DATA": str(settings.data)},
            stderr=subprocess.PIPE,
        )
        for _ in range(3)
    ]
    assert {start.communicate(timeout=60)[1] for start in starts} == {b""}
    store = open_keystore(settings)
    assert len(store.access_keys()) == 3
    assert store.caller_of(_values(settings)["WETINK_ADMIN_KEY"])
    store.close()


def test_a_key_is_created_listed_and_revoked_by_command(command, settings):
    status, told = command("keys", "create", "--organisation", "A firm", "--role", "client", "--json")
    made = json.loads(told)
    assert status == 0
    store = open_keystore(settings)
    assert store.caller_of(made["key"]).role == "client"
    status, told = command("keys", "list", "--organisation", "A firm", "--json")
    assert [row["id"] for row in json.loads(told)] == [made["id"]]
    assert made["key"] not in told
    assert made["prefix"] in command("keys", "list")[1]
    assert command("keys", "revoke", made["id"])[0] == 0
    assert store.caller_of(made["key"]) is None
    store.close()


def test_what_is_not_there_is_refused_by_the_commands(command):
    assert command("keys", "revoke", "key_unknown")[0] == 2
    assert command("keys", "list", "--organisation", "nobody")[0] == 2
    assert command("users", "create", "maria", "--organisation", "nobody")[0] == 2
    assert command("users", "reset", "maria")[0] == 2
    assert command("users", "disable", "maria")[0] == 2


def test_a_login_is_created_reset_and_disabled_by_command(command, settings):
    command("keys", "create", "--organisation", "A firm", "--role", "admin")
    made = json.loads(command("users", "create", "maria", "--organisation", "A firm", "--json")[1])
    store = open_keystore(settings)
    assert store.user_caller("maria", made["password"]).role == "manager"
    status, told = command("users", "reset", "maria", "--password-stdin", typed="a password of mine\n")
    assert status == 0
    assert "a password of mine" not in told
    assert store.user_caller("maria", "a password of mine")
    assert command("users", "reset", "maria", "--password-stdin", typed="short\n")[0] == 2
    assert command("users", "disable", "maria")[0] == 0
    assert store.user_caller("maria", "a password of mine") is None
    store.close()
