"""The local broker's jars and settings."""

import hashlib
from pathlib import Path

import pytest

from deploy.local import kafka


def jars(folder: Path, **contents: bytes) -> dict[str, str]:
    for name, content in contents.items():
        (folder / f"{name}.jar").write_bytes(content)
    return {f"{name}.jar": hashlib.sha256(content).hexdigest() for name, content in contents.items()}


def test_jars_that_agree_with_the_list_are_accepted(tmp_path):
    kafka.check_jars(tmp_path, jars(tmp_path, one=b"1", two=b"2"))


def test_a_missing_a_changed_and_an_unknown_jar_are_refused_by_name(tmp_path):
    expected = jars(tmp_path, changed=b"1", missing=b"2")
    (tmp_path / "changed.jar").write_bytes(b"other")
    (tmp_path / "missing.jar").unlink()
    (tmp_path / "stranger.jar").write_bytes(b"3")
    with pytest.raises(kafka.JarsError) as refused:
        kafka.check_jars(tmp_path, expected)
    message = str(refused.value)
    assert "missing: missing.jar" in message
    assert "changed: changed.jar" in message
    assert "unknown: stranger.jar" in message


def test_no_folder_means_that_every_jar_is_missing(tmp_path):
    with pytest.raises(kafka.JarsError, match=r"missing: a\.jar"):
        kafka.check_jars(tmp_path / "none", {"a.jar": "00"})


def test_jars_that_do_not_agree_are_not_installed(tmp_path, monkeypatch):
    monkeypatch.setattr(kafka, "copy_jars", lambda target: (target / "stranger.jar").write_bytes(b"3"))
    with pytest.raises(kafka.JarsError):
        kafka.install_jars(tmp_path / "kafka")
    assert list(tmp_path.iterdir()) == []


def test_the_list_names_kafka_itself_with_full_sums():
    expected = kafka.expected_jars()
    assert "kafka_2.13-4.4.0.jar" in expected
    assert all(len(digest) == 64 for digest in expected.values())


def test_the_broker_listens_on_loopback_alone(tmp_path):
    settings = dict(line.split("=", 1) for line in kafka.server_properties(tmp_path, 4000).splitlines())
    assert settings["listeners"] == "PLAINTEXT://127.0.0.1:4000,CONTROLLER://127.0.0.1:4001"
    assert settings["advertised.listeners"] == "PLAINTEXT://127.0.0.1:4000"
    assert settings["log.dirs"] == str(tmp_path / "log")


def test_the_supervised_command_prepares_the_folder_and_becomes_the_broker(tmp_path, monkeypatch):
    became = []
    monkeypatch.setattr(kafka, "prepare_broker", lambda folder, port: ["java", str(folder), str(port)])
    monkeypatch.setattr(kafka.os, "execvp", lambda _file, line: became.extend(line))
    module, *arguments = kafka.broker_line(tmp_path, 4000)[2:]
    assert module == kafka.__name__
    kafka.main(arguments)
    assert became == ["java", str(tmp_path), "4000"]


def test_cluster_ids_are_22_characters_that_the_command_line_takes():
    ids = {kafka.new_cluster_id() for _ in range(200)}
    assert len(ids) == 200
    assert all(len(text) == 22 and not text.startswith("-") for text in ids)
