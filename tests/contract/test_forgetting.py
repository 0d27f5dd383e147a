"""A service that forgot a case: its rows are gone, late events change nothing, nothing is left beside the file."""

import pytest
from sqlalchemy import func, select

from tests.support.stream import NOON, FakePublisher, delivery, effect, effect_metadata, opening, received
from wetink.clock import FakeClock
from wetink.contracts.events import CaseDeleted
from wetink.database import open_database
from wetink.settings import SharedSettings
from wetink.stream.busy import Busy
from wetink.stream.forgetting import forget_case, forgotten, is_forgotten, scrubbing
from wetink.stream.handler import Handler
from wetink.stream.processor import Processor
from wetink.stream.tables import inbox, outbox, stream_metadata

DELETED = CaseDeleted(organisation_id="org_1", case_id="case_1", occurred_at=NOON)


@pytest.fixture
def database(tmp_path):
    opened = open_database(SharedSettings(data=tmp_path), "ocr")
    with opened.transaction() as transaction:
        for metadata in (stream_metadata, effect_metadata):
            metadata.create_all(transaction)
    yield opened
    opened.close()


@pytest.fixture
def service(database):
    """Takes an event to its end; `before` is what happens between its preparation and its transaction."""
    meanwhile = []

    def forget(event, _result, transaction):
        transaction.execute(effect.delete())
        forget_case(transaction, event.case_id)
        return [forgotten(event, "ocr")]

    def prepare(_event, _ports):
        for happen in meanwhile:
            meanwhile.remove(happen)
            happen()

    processor = Processor(
        handlers=[
            opening(prepare=prepare),
            Handler(CaseDeleted, lambda _event, _ports: None, forget, lambda *_: []),
        ],
        ports=None,
        database=database,
        publisher=FakePublisher(),
        clock=FakeClock(NOON),
        settings=SharedSettings(process="ocr-1"),
        busy=Busy(),
        wake_relay=lambda: None,
    )

    def take(event, before=None):
        meanwhile[:] = [before] if before else []
        assert processor.process(delivery(event))

    return take


def topics(database, table):
    with database.reading() as view:
        return sorted(view.execute(select(table.c.topic)).scalars())


def effects(database):
    with database.reading() as view:
        return view.execute(select(func.count()).select_from(effect)).scalar_one()


def test_only_the_word_of_the_deletion_stays(service, database):
    service(received())
    service(DELETED)
    assert topics(database, inbox) == ["case.deleted"]
    assert topics(database, outbox) == ["case.forgotten"]
    with database.reading() as view:
        assert is_forgotten(view, "case_1")
        assert not is_forgotten(view, "case_2")


def test_a_late_event_of_a_deleted_case_is_dropped(service, database):
    service(DELETED)
    service(received("doc_late"))
    assert effects(database) == 0
    assert topics(database, outbox) == ["case.forgotten"]


def test_an_event_that_was_prepared_before_the_deletion_changes_nothing_after_it(service, database):
    service(received("doc_late"), before=lambda: service(DELETED))
    assert effects(database) == 0
    assert topics(database, outbox) == ["case.forgotten"]


def test_other_cases_go_on(service, database):
    service(DELETED)
    service(received("doc_2", case_id="case_2"))
    assert effects(database) == 1


def test_after_a_deletion_the_wal_is_cut_to_nothing(service, database, tmp_path):
    service(received("doc_planted_4711"))
    service(DELETED)
    wal = tmp_path / "db" / "ocr.db-wal"
    assert b"doc_planted_4711" in wal.read_bytes()
    scrubbing(database).run(None)
    assert wal.stat().st_size == 0
    assert b"doc_planted_4711" not in (tmp_path / "db" / "ocr.db").read_bytes()
