"""Backup and restore of real databases and blobs: what was there is there again, and what was deleted stays so."""

import stat
from contextlib import closing

import pytest
from sqlalchemy import select

from services.intake.deletion import delete_case, finish_deletions
from services.intake.ports import Ports
from services.intake.tables import cases
from wetink.blobs import open_blobs
from wetink.blobs.port import BlobRef
from wetink.cli.__main__ import main
from wetink.clock import SystemClock
from wetink.contracts.events import CaseChanged
from wetink.database import migrate, open_database
from wetink.errors import CaseDeletedError
from wetink.keystore import deleted_list, open_keystore
from wetink.settings import SharedSettings
from wetink.stream.tables import outbox


class Place:
    """A data folder with an intake that runs no server."""

    def __init__(self, data, monkeypatch) -> None:
        monkeypatch.setenv("WETINK_DATA", str(data))
        self.settings = SharedSettings(data=data)
        self.keystore = open_keystore(self.settings)
        self.database = open_database(self.settings, "intake")
        migrate(self.database, "services.intake")
        self.blobs = open_blobs(self.settings, self.keystore)
        self.ports = Ports(
            database=self.database,
            blobs=self.blobs,
            keystore=self.keystore,
            clock=SystemClock(),
            process="intake",
            public_url="",
            max_upload_bytes=1,
            wake_relay=lambda: None,
            keep_deleted_list=lambda: deleted_list.write(self.settings, self.keystore.deleted_cases()),
        )
        self.organisation_id = self.keystore.create_organisation("Firm", "UTC").id

    def open_case(self, case_id):
        self.keystore.create_case_key(self.organisation_id, case_id)
        self.blobs.put(self.ref(case_id), b"the record of " + case_id.encode())
        now = SystemClock().now()
        values = {"case_id": case_id, "organisation_id": self.organisation_id, "version": 1, "last_number": 0}
        with self.database.transaction() as transaction:
            transaction.execute(
                cases.insert().values(**values, access_key_id="key_1", record_blob="record-1", opened_at=now)
            )
            event = CaseChanged(
                organisation_id=self.organisation_id,
                case_id=case_id,
                occurred_at=now,
                case_version=1,
                record_blob="record-1",
            )
            self.ports.announce(transaction, [event])
            transaction.execute(outbox.update().values(published_at=now))

    def ref(self, case_id):
        return BlobRef(self.organisation_id, case_id, "record-1")

    def case_ids(self):
        with self.database.reading() as view:
            return list(view.execute(select(cases.c.case_id).order_by(cases.c.case_id)).scalars())

    def unpublished(self):
        with self.database.reading() as view:
            return len(view.execute(select(outbox).where(outbox.c.published_at.is_(None))).all())

    def close(self):
        self.database.close()
        self.keystore.close()


@pytest.fixture
def place(tmp_path, monkeypatch):
    with closing(Place(tmp_path / "first", monkeypatch)) as place:
        place.open_case("case_1")
        place.open_case("case_2")
        yield place


def backup(tmp_path, *options):
    folder = tmp_path / "backups" / "monday"
    assert main(["backup", str(folder), *options]) == 0
    return folder


@pytest.fixture
def restored(tmp_path, monkeypatch):
    opened = []

    def restore(folder, *options):
        monkeypatch.setenv("WETINK_DATA", str(tmp_path / "second"))
        assert main(["restore", str(folder), *options]) == 0
        opened.append(Place(tmp_path / "second", monkeypatch))
        return opened[-1]

    yield restore
    for place in opened:
        place.close()


def test_what_was_backed_up_opens_elsewhere_and_is_announced_again(place, tmp_path, restored):
    there = restored(backup(tmp_path, "--with-root-key"))
    assert there.case_ids() == ["case_1", "case_2"]
    assert there.blobs.get(there.ref("case_1")) == b"the record of case_1"
    assert (place.unpublished(), there.unpublished()) == (0, 2)


def test_a_case_deleted_after_the_backup_stays_deleted_though_the_old_system_is_lost(place, tmp_path, restored):
    folder = backup(tmp_path, "--with-root-key")
    delete_case(place.ports, place.organisation_id, "case_1", by="key_1")
    there = restored(folder)
    with pytest.raises(CaseDeletedError):
        there.blobs.get(there.ref("case_1"))
    assert not (tmp_path / "second" / "blobs" / place.organisation_id / "case_1").exists()
    finish_deletions(there.ports)
    assert there.case_ids() == ["case_2"]


def test_a_list_of_deleted_cases_may_be_handed_in(place, tmp_path, restored):
    folder = backup(tmp_path, "--with-root-key")
    aside = folder.rename(tmp_path / "on another disk")
    delete_case(place.ports, place.organisation_id, "case_2", by="key_1")
    there = restored(aside, "--deleted", str(tmp_path / "first" / "keys" / deleted_list.NAME))
    finish_deletions(there.ports)
    assert there.case_ids() == ["case_1"]


def test_without_the_root_key_a_backup_opens_nothing(place, tmp_path, monkeypatch, capsys):
    folder = backup(tmp_path)
    assert not list(folder.rglob("root.key"))
    assert not list(folder.rglob("first-run.env"))
    monkeypatch.setenv("WETINK_DATA", str(tmp_path / "second"))
    assert main(["restore", str(folder)]) == 0
    assert "no root key" in capsys.readouterr().out


def test_a_backup_is_for_its_owner_alone(place, tmp_path):
    folder = backup(tmp_path, "--with-root-key")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*"))}
    assert modes <= {0o600, 0o700}


def test_neither_backup_nor_restore_writes_over_anything(place, tmp_path, capsys):
    folder = backup(tmp_path)
    assert main(["backup", str(folder)]) == 2
    assert main(["backup", str(tmp_path / "first" / "inside")]) == 2
    assert main(["restore", str(folder)]) == 2
    assert main(["restore", str(tmp_path)]) == 2
    assert "holds data already" in capsys.readouterr().err
