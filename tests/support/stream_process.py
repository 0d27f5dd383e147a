"""Starts and ends processes of the sample stream service, and looks into what they left."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

from kafka import KafkaConsumer, TopicPartition
from sqlalchemy import Table, select

from tests.support.stream import effect_metadata
from tests.support.stream_service import DATABASE
from tests.support.system import CHECKOUT
from wetink.contracts.events import Event
from wetink.database.sqlite import open_sqlite
from wetink.stream.kafka_python_publisher import KafkaPythonPublisher
from wetink.stream.publisher import Message
from wetink.stream.tables import stream_metadata


class StreamProcess:
    """One worker process at a time over one data folder."""

    def __init__(self, kind: str, data: Path, bootstrap: str, process: str = "ocr-1") -> None:
        self._kind = kind
        self.data = data
        self._bootstrap = bootstrap
        self._name = process
        self.group = f"test-{uuid.uuid4().hex[:8]}"
        self.popen: subprocess.Popen[bytes] | None = None
        self._create_tables()

    def start(self, **environment: str) -> None:
        settings = {
            "WETINK_DATA": str(self.data),
            "WETINK_PROCESS": self._name,
            "KAFKA_BOOTSTRAP": self._bootstrap,
        }
        with (self.data / f"{self._name}.log").open("ab") as log:
            self.popen = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "tests.support.stream_service", self._kind, self.group],
                cwd=CHECKOUT,
                env={**os.environ, **settings, **environment},
                stderr=log,
            )

    def kill(self) -> None:
        if self.popen is not None:
            self.popen.kill()
            self.popen.wait()

    def terminate(self) -> tuple[int, float]:
        """SIGTERM: exit status and seconds until the end."""
        begun = time.monotonic()
        self.popen.send_signal(signal.SIGTERM)
        status = self.popen.wait(30)
        return status, time.monotonic() - begun

    def get(self, path: str) -> tuple[int, str]:
        """Ask the health server: status and body; status 0 while it is not there."""
        try:
            entry = json.loads((self.data / "run" / f"{self._name}.json").read_text())
            with urllib.request.urlopen(entry["url"] + path, timeout=5) as answer:  # noqa: S310 - our own address
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def count(self, outcome: str) -> float:
        """How many events ended so in the running process."""
        lines = self.get("/metrics")[1].splitlines()
        wanted = f'wetink_events_total{{outcome="{outcome}"'
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(wanted))

    def _create_tables(self) -> None:
        database = open_sqlite(self.data / "db" / DATABASE)
        with database.transaction() as transaction:
            stream_metadata.create_all(transaction)
            effect_metadata.create_all(transaction)
        database.close()

    def rows(self, table: Table) -> list:
        database = open_sqlite(self.data / "db" / DATABASE)
        with database.reading() as view:
            rows = view.execute(select(table)).all()
        database.close()
        return rows


def send(bootstrap: str, *events: Event) -> None:
    publisher = KafkaPythonPublisher(bootstrap)
    messages = [Message(event.topic, event.key, event.model_dump_json()) for event in events]
    assert all(publisher.publish(messages))
    publisher.close()


def send_raw(bootstrap: str, topic: str, value: str) -> None:
    publisher = KafkaPythonPublisher(bootstrap)
    assert all(publisher.publish([Message(topic, "key", value)]))
    publisher.close()


def values(bootstrap: str, topic: str) -> list[str]:
    """All values that the topic holds."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)]
    consumer.assign(partitions)
    consumer.seek_to_beginning(*partitions)
    ends = consumer.end_offsets(partitions)
    found = []
    while any(consumer.position(partition) < ends[partition] for partition in partitions):
        for records in consumer.poll(timeout_ms=200).values():
            found += [record.value.decode() for record in records]
    consumer.close()
    return found
