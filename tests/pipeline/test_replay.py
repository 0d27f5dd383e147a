"""A replay of all topics from offset zero changes no row; the cluster is one that `KAFKA_BOOTSTRAP` names."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from kafka import KafkaAdminClient

from tests.pipeline.conftest import teach
from tests.support import forms
from tests.support.eventually import eventually
from tests.support.kafka import running_kafka
from tests.support.system import System, running_system

pytestmark = pytest.mark.kafka


def rows(system: System) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table of every service."""
    return {f"{path.stem}.{table}": content for path in databases(system) for table, content in tables(path)}


def databases(system: System) -> list[Path]:
    return sorted((system.data / "db").glob("*.db"))


def tables(path: Path) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in names:
            yield name, sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)  # noqa: S608


def is_idle(system: System) -> bool:
    status = system.status()
    return not (status["documents_in_flight"] or status["outbox"] or sum(status["lag"].values()))


def forget_offsets(bootstrap: str) -> list[str]:
    """Delete all consumer groups, so that their members begin at the start; returns their names."""
    with contextlib.closing(KafkaAdminClient(bootstrap_servers=bootstrap)) as client:
        groups = [group["group_id"] for group in client.list_groups()]
        client.delete_groups(groups)
        return groups


def test_a_replay_from_offset_zero_changes_no_row(tmp_path: Path) -> None:
    with running_kafka() as broker, running_system(tmp_path, KAFKA_BOOTSTRAP=broker.bootstrap) as system:
        teach(system, forms.blank_form())
        case = system.open_case("REPLAY")
        for content in (forms.filled_form(), forms.as_scan(forms.filled_form(used=("preparer",)))):
            system.reviewed(system.upload(case, ("form.pdf", content))["id"])
        eventually(lambda: is_idle(system), what="rest")
        before = rows(system)
        system.stop()
        assert set(forget_offsets(broker.bootstrap)) >= {"intake", "ocr", "text", "validator", "notifier"}
        system.start()
        eventually(lambda: is_idle(system), timeout_s=120, what="the end of the replay")
        assert rows(system) == before
        assert system.codes(case)
