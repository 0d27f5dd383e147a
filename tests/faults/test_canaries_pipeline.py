"""In a running system: no planted value stands anywhere in plain, and a deleted case leaves nothing that opens.

One system for both, for its start is what takes time: first it is searched full, then after the deletion.
"""

import base64
import json
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.support import forms
from tests.support.canaries import (
    PLANTED,
    descendants,
    found_in,
    found_in_files,
    found_in_processes,
    people,
)
from tests.support.eventually import eventually
from tests.support.receiver import webhook_receiver
from tests.support.system import CHECKOUT, System, running_system

pytestmark = [pytest.mark.kafka, pytest.mark.slow]


@pytest.fixture(scope="module")
def system(tmp_path_factory):
    with running_system(tmp_path_factory.mktemp("canaries")) as running:
        (running.data.parent / "blank.pdf").write_bytes(forms.blank_form())
        command(running, "learn", str(running.data.parent / "blank.pdf"))
        yield running


def command(system: System, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "wetink.cli", *words],
        cwd=CHECKOUT,
        env=system.environment,
        capture_output=True,
        check=True,
        text=True,
    )
    return done.stdout


def plant(system: System) -> tuple[str, list[str]]:
    """A case with planted values everywhere; its id and its documents'."""
    case = system.open_case(PLANTED["reference"], people=people())
    pages = (forms.filled_form(), forms.as_scan(forms.filled_form()))
    documents = [system.upload(case, (PLANTED["file name"], content))["id"] for content in pages]
    for document in documents:
        system.reviewed(document)
    with system.queue() as queue:
        flag = system.flags(case)[0]
        body = {"decision": "dismiss", "reason": PLANTED["reason"]}
        assert queue.post(f"/v1/flags/{flag['id']}/decision", json=body).status_code == 200
        for document in documents:
            picture = f"/v1/documents/{document}/pages/1.webp"
            eventually(lambda: queue.get(picture).status_code == 200, what="the picture")  # noqa: B023
            assert queue.get(f"/v1/documents/{document}/original").status_code == 200
        assert queue.get(flag["evidence_url"]).status_code == 200
    with system.queue() as queue, pytest.raises(httpx.HTTPStatusError):
        queue.get(f"/v1/flags?cursor={PLANTED['name']}").raise_for_status()
    return case, documents


def test_no_planted_value_stands_in_plain_and_deletion_leaves_nothing(system: System) -> None:
    with webhook_receiver() as receiver, system.queue("WETINK_ADMIN_KEY") as admin:
        events = ["flag.opened", "flag.changed", "document.reviewed"]
        hook = admin.post("/v1/webhooks", json={"url": receiver.url, "event_types": events}).json()
        case, documents = plant(system)
        eventually(lambda: len(receiver.deliveries) >= 3, what="webhooks")
        assert set().union(*(found_in(sent.body) for sent in receiver.deliveries)) == set()
        admin.delete(f"/v1/webhooks/{hook['id']}")
    look_everywhere(system)
    tags = audit_tags(system)
    assert {"queue:page:read", "queue:original:read", "queue:evidence:read", "queue:flag:dismiss"} <= tags
    copy = shutil.copytree(system.data / "blobs", system.data.parent / "blobs-before", dirs_exist_ok=True)
    delete(system, case)
    for document in documents:
        with system.queue() as queue:
            assert queue.get(f"/v1/documents/{document}/original").status_code == 404
    assert system.flags(case, status="all") == []
    look_everywhere(system)
    assert rows_about(system, case) == {
        "inbox": {"case.deleted", "case.forgotten"},
        "outbox": {"case.deleted", "case.forgotten"},
        "tombstones": {"cases", "deletions"},
    }
    assert not list((system.data / "blobs").rglob(case))
    assert list(Path(copy).rglob(case)), "a copy of the blobs was made before"
    with sqlite3.connect(system.data / "keys" / "keystore.db") as keystore:
        left = keystore.execute("SELECT count(*) FROM case_key WHERE case_id = ?", (case,)).fetchone()
    assert left == (0,), "the copy's key is gone"
    for name in ("keys/keystore.db", "db/intake.db", "db/ocr.db", "db/validator.db", "db/notifier.db"):
        assert (system.data / name).exists()
    command(system, "audit", "verify")


def delete(system: System, case: str) -> None:
    with system.intake("WETINK_ADMIN_KEY") as admin:
        assert admin.delete(f"/v1/cases/{case}").status_code == 202
        assert admin.get(f"/v1/cases/{case}").status_code == 404

    def is_done() -> bool:
        told = [json.loads(line) for line in command(system, "cases", "deleted").splitlines()]
        return any(one["case_id"] == case and one["done"] for one in told)

    eventually(is_done, timeout_s=60, what="every service's word that it forgot the case")


def look_everywhere(system: System) -> None:
    """Databases, WAL, blobs, Kafka's segments, logs, temporary files, run files: all are below the data folder."""
    assert found_in_files(system.data) == set()
    assert system.supervisor is not None
    assert found_in_processes(descendants(system.supervisor.pid)) == set()
    for process in system.status()["processes"]:
        if process["url"] and process["url"].startswith("http"):
            assert found_in(httpx.get(f"{process['url']}/metrics", trust_env=False).content) == set()


def audit_tags(system: System) -> set[str]:
    with sqlite3.connect(system.data / "db" / "notifier.db") as database:
        return {tag for (tag,) in database.execute("SELECT tag FROM audit")}


def rows_about(system: System, case: str) -> dict[str, set[str]]:
    """The topics of inbox and outbox rows of the case in all databases, and the other tables that name it."""
    found: dict[str, set[str]] = {"inbox": set(), "outbox": set(), "tombstones": set()}
    for path in sorted((system.data / "db").glob("*.db")):
        with sqlite3.connect(path) as database:
            for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                columns = {row[1] for row in database.execute(f"PRAGMA table_info({table})")}
                if "case_id" not in columns:
                    continue
                label = "topic" if "topic" in columns else f"'{table}'"
                query = f"SELECT {label} FROM {table} WHERE case_id = ?"  # noqa: S608 - names from the schema
                place = table if table in {"inbox", "outbox"} else "tombstones"
                found[place] |= {value for (value,) in database.execute(query, (case,))}
    return found


def test_everything_in_the_data_folder_is_for_its_owner_alone(system: System) -> None:
    paths = [system.data, *system.data.rglob("*")]
    open_to_others = [
        path for path in paths if stat.S_IMODE(path.lstat().st_mode) & 0o077 and not path.is_symlink()
    ]
    assert open_to_others == []


def test_the_search_finds_planted_values_in_every_form(tmp_path) -> None:
    for number, what in enumerate(PLANTED):
        value = PLANTED[what].encode()
        disguises = (b"--" + value, PLANTED[what].encode("utf-16-le"), base64.b64encode(b"ab" + value + b"c"))
        (tmp_path / str(number)).write_bytes(disguises[number % 3])
    assert found_in_files(tmp_path) == {f"{what}: {number}" for number, what in enumerate(PLANTED)}
