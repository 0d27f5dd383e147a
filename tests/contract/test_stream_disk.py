"""A worker whose disk is full or read-only: its event waits, and is done once when there is room."""

import threading

import pytest

from tests.support.eventually import eventually
from tests.support.stream import delivery, effect_metadata, opening, received
from tests.support.stream_bench import Bench
from wetink.blobs.folder import FolderBlobs
from wetink.blobs.port import BlobRef
from wetink.database.sqlite import open_sqlite
from wetink.keystore.fake import FakeKeyStore
from wetink.metrics import WAITS
from wetink.stream.tables import stream_metadata

DONE = {"inbox": 1, "effect": 1, "outbox": 1, "retry": 0, "dead_letter": 0}


@pytest.fixture
def bench(disk):
    """A processor with database and blobs on the disk; its work is to keep half a megabyte."""
    keystore = FakeKeyStore()
    organisation = keystore.create_organisation("Ours", "UTC").id
    keystore.create_case_key(organisation, "case_1")
    blobs = FolderBlobs(disk.folder / "blobs", keystore)

    def prepare(_event, _ports):
        blobs.put(BlobRef(organisation, "case_1", "reading"), b"x" * (1 << 19))

    bench = Bench(opening(prepare=prepare))
    bench.database.close()
    bench.database = open_sqlite(disk.folder / "db" / "ocr.db")
    with bench.database.transaction() as transaction:
        for metadata in (stream_metadata, effect_metadata):
            metadata.create_all(transaction)
    bench.processor = bench.worker()
    yield bench
    bench.database.close()


def waits():
    return sum(sample.value for metric in WAITS.collect() for sample in metric.samples)


def test_an_event_waits_while_the_disk_is_full(disk, bench):
    disk.fill()
    before, ended = waits(), []
    work = threading.Thread(target=lambda: ended.append(bench.processor.process(delivery(received()))))
    work.start()
    eventually(lambda: waits() >= before + 2, timeout_s=20, what="the event's wait")
    assert set(bench.counts().values()) == {0}
    disk.make_room()
    work.join(20)
    assert ended == [True]
    assert bench.counts() == DONE
    assert not list((disk.folder / "blobs" / ".drafts").iterdir())


def test_an_event_waits_while_the_disk_is_read_only(disk, bench):
    bench.database.close()
    disk.change("ro")
    before, ended = waits(), []
    work = threading.Thread(target=lambda: ended.append(bench.processor.process(delivery(received()))))
    work.start()
    eventually(lambda: waits() >= before + 2, timeout_s=20, what="the event's wait")
    disk.change("rw")
    work.join(20)
    assert ended == [True]
    assert bench.counts() == DONE
