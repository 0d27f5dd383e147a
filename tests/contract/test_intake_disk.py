"""A disk that is full or read-only, a database that is locked or gone: clear answers, nothing left, recovery."""

from contextlib import contextmanager

import pytest
from sqlalchemy import func, select

from services.intake.tables import cases, documents
from tests.support.calling import caller
from tests.support.intake import PDF, Intake
from tests.support.small_disk import small_disk
from wetink.database import migrate, open_database, sqlite
from wetink.keystore.opening import open_keystore
from wetink.settings import SharedSettings
from wetink.stream.tables import outbox

LARGE = PDF + b"x" * (4 << 20)


class Office:
    """An intake over real stores on a small disk, with a case and a caller who has a key."""

    def __init__(self, disk) -> None:
        self.disk = disk
        settings = SharedSettings(data=disk.folder)
        self.keystore = open_keystore(settings)
        self.database = open_database(settings, "intake")
        migrate(self.database, "services.intake")
        self.intake = Intake(
            max_upload_bytes=32 << 20,
            keystore=self.keystore,
            database=self.database,
            folder=disk.folder / "blobs",
        )
        self.client = caller(self.intake.app, headers={"Authorization": f"Bearer {self.intake.key()}"})
        case = self.client.post("/v1/cases", json={"reference": "x"}).json()
        self.documents_url = f"/v1/cases/{case['id']}/documents"

    def upload(self, content=LARGE):
        return self.client.post(self.documents_url, content=content)

    def kept(self):
        """Rows and files that count."""
        with self.database.reading() as connection:
            rows = [
                connection.execute(select(func.count()).select_from(table)).scalar()
                for table in (cases, documents, outbox)
            ]
        return rows, {name for name in self.disk.files() if name.startswith("blobs")}


@pytest.fixture
def office(tmp_path):
    with small_disk(tmp_path) as disk:
        office = Office(disk)
        yield office
        office.database.close()
        office.keystore.close()


@contextmanager
def unchanged(office):
    before = office.kept()
    yield
    assert office.kept() == before


def refused(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert int(answer.headers["Retry-After"]) > 0
    assert "Nothing was stored" in answer.json()["detail"]
    return True


def test_an_upload_that_fills_the_disk_is_507_leaves_nothing_and_is_taken_when_there_is_room(office):
    with unchanged(office):
        assert refused(office.upload(LARGE * 3), 507)
    assert office.upload().status_code == 202


@pytest.mark.parametrize("left_kb", [0, 8, 16, 64])
def test_on_a_full_disk_everything_that_writes_is_507_and_goes_on_by_itself_afterwards(office, left_kb):
    office.disk.fill()
    with (office.disk.folder / "filler").open("ab") as filler:
        filler.truncate(filler.tell() - left_kb * 1024)
    before = office.kept()
    answers = [office.upload(PDF * 9), office.client.post("/v1/cases", json={"reference": "y"})]
    taken = [answer for answer in answers if answer.status_code in {201, 202}]
    assert all(refused(answer, 507) for answer in answers if answer not in taken)
    assert left_kb or not taken
    if not taken:
        assert office.kept() == before
    office.disk.make_room()
    assert office.upload(PDF * 9).status_code == 202
    assert office.client.post("/v1/cases", json={"reference": "y"}).status_code == 201


def test_a_read_only_disk_is_503_with_a_clear_text(office):
    with unchanged(office):
        office.database.close()
        office.keystore.close()
        office.disk.change("ro")
        assert "writable" in office.upload(PDF).json()["detail"]
        assert refused(office.upload(PDF), 503)
        assert refused(office.client.post("/v1/cases", json={"reference": "y"}), 503)
        office.disk.change("rw")
    assert office.upload(PDF).status_code == 202


def test_a_locked_database_is_503_and_leaves_nothing(office, monkeypatch):
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_S", 0.2)
    other = open_database(SharedSettings(data=office.disk.folder), "intake")
    with office.database.reading() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=200")
    with unchanged(office), other.transaction():
        assert refused(office.upload(PDF), 503)
        assert refused(office.client.post("/v1/cases", json={"reference": "y"}), 503)
    other.close()
    assert office.upload(PDF).status_code == 202


def test_a_database_that_cannot_be_opened_is_503_until_it_is_there_again(office):
    office.database.close()
    file = office.disk.folder / "db" / "intake.db"
    away = file.with_suffix(".away")
    file.rename(away)
    file.mkdir()
    try:
        assert refused(office.upload(PDF), 503)
    finally:
        file.rmdir()
        away.rename(file)
    assert office.upload(PDF).status_code == 202
