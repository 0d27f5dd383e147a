"""A real Apache Kafka for tests: single node, loopback, free ports, in a folder of its own.

Fixture `kafka` (import it in a test module) starts one for the whole run; tests that break the broker take one of
their own with `running_kafka()`.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from kafka import KafkaAdminClient, TopicPartition

from deploy.local import kafka as local_kafka
from tests.support.eventually import eventually
from tests.support.system import System, free_ports
from wetink.running import supervised
from wetink.stream.admin import ensure_topics, is_reachable
from wetink.topics import TOPICS

START_S = 40


class Kafka:
    """One broker that can be stopped, killed, frozen, started again and emptied."""

    def __init__(self, folder: Path, jars: Path) -> None:
        self.folder = folder
        self._jars = jars
        self._port = free_ports(2, in_a_row=True)[0]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        return f"127.0.0.1:{self._port}"

    @property
    def port(self) -> int:
        return self._port

    def start(self) -> None:
        """Start it and wait until it answers."""
        line = local_kafka.prepare_broker(self.folder, self._port, self._jars)
        with (self.folder / "kafka.log").open("ab") as log:
            self._process = subprocess.Popen(line, stdout=log, stderr=log, cwd=self.folder)
        eventually(self._answers, timeout_s=START_S, what=f"Kafka's start (see {self.folder}/kafka.log)")

    def create_topics(self) -> None:
        ensure_topics(self.bootstrap)

    def forget(self) -> None:
        """Delete all messages of all topics, so that a test meets only its own."""
        with contextlib.closing(KafkaAdminClient(bootstrap_servers=self.bootstrap)) as client:
            client.delete_records(
                {TopicPartition(topic.name, number): -1 for topic in TOPICS for number in range(topic.partitions)}
            )

    def stop(self) -> None:
        """An orderly end."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """A power cut for the broker alone."""
        self._end(signal.SIGKILL)

    def wipe(self) -> None:
        """Lose the broker's whole disk; it must be stopped."""
        for root, folders, files in os.walk(self.folder / "log", topdown=False):
            for name in files:
                (Path(root) / name).unlink()
            for name in folders:
                (Path(root) / name).rmdir()

    def _answers(self) -> bool:
        if not is_reachable(self.bootstrap):
            return False
        try:
            with contextlib.closing(KafkaAdminClient(bootstrap_servers=self.bootstrap)) as client:
                client.list_topics()
        except Exception:  # noqa: BLE001 - kafka-python raises errors of several roots while a broker starts
            return False
        return True

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(30)
            self._process = None


@contextlib.contextmanager
def running_kafka() -> Iterator[Kafka]:
    """A broker of one's own with all topics; skips when its jars are not installed."""
    jars = installed_jars()
    if jars is None:
        pytest.skip("Kafka's jars are not installed: make setup")
    with tempfile.TemporaryDirectory(prefix="kafka-test-", ignore_cleanup_errors=True) as folder:
        broker = Kafka(Path(folder), jars)
        try:
            broker.start()
            broker.create_topics()
            yield broker
        finally:
            broker.kill()


@pytest.fixture(scope="session")
def kafka() -> Iterator[Kafka]:
    """The broker that all tests of a run share; they use groups and ids of their own."""
    with running_kafka() as broker:
        yield broker


def installed_jars() -> Path | None:
    """Where the jars lie; `WETINK_TEST_KAFKA_JARS` names another folder."""
    folder = Path(os.environ.get("WETINK_TEST_KAFKA_JARS", local_kafka.JARS))
    return folder if folder.is_dir() else None


def lose_disk(system: System) -> None:
    """The folder of the system's own broker is gone, and the broker with it; the supervisor starts it again."""
    pid = supervised(system.data)["kafka"]
    (system.data / "kafka").rename(system.data / "kafka-lost")
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: supervised(system.data).get("kafka", pid) != pid, what="the broker's return")
    shutil.rmtree(system.data / "kafka-lost")
