"""What the folder must do besides: files that were tampered with, disks that are full, writers that are killed."""

import resource
import signal
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from wetink.blobs import BlobNotFoundError, BlobRef
from wetink.blobs.cipher import HEADER_BYTES, SEALED_CHUNK_BYTES
from wetink.blobs.folder import FolderBlobs
from wetink.errors import RetryError
from wetink.keystore.fake import FakeKeyStore

CHECKOUT = Path(__file__).parents[2]
MIB = 1 << 20
CONTENT = b"a" * MIB + b"b" * MIB + b"c" * 100
CANARY = b"Jane Canary A123-456-789"


@pytest.fixture
def keystore():
    store = FakeKeyStore()
    yield store
    store.close()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "blobs"


@pytest.fixture
def blobs(folder, keystore):
    return FolderBlobs(folder, keystore)


@pytest.fixture
def ref(keystore):
    organisation = keystore.create_organisation("A firm", "UTC")
    keystore.create_case_key(organisation.id, "case_1")
    return BlobRef(organisation.id, "case_1", "documents/doc_1/original-1")


def _files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _the_file(folder):
    (file,) = _files(folder)
    return file


def _chunk(data, number):
    start = HEADER_BYTES + number * SEALED_CHUNK_BYTES
    return data[start : start + SEALED_CHUNK_BYTES]


TAMPERINGS = {
    "last chunk cut off": lambda data: data[: HEADER_BYTES + 2 * SEALED_CHUNK_BYTES],
    "cut inside a chunk": lambda data: data[:-1],
    "only the header": lambda data: data[:HEADER_BYTES],
    "half a header": lambda data: data[: HEADER_BYTES // 2],
    "empty": lambda data: b"",
    "a bit flipped": lambda data: data[:5000] + bytes([data[5000] ^ 1]) + data[5001:],
    "another nonce": lambda data: data[:5] + bytes([data[5] ^ 1]) + data[6:],
    "another format": lambda data: b"WTB\x02" + data[4:],
    "something appended": lambda data: data + b"x",
    "two chunks exchanged": lambda data: data[:HEADER_BYTES] + _chunk(data, 1) + _chunk(data, 0) + _chunk(data, 2),
    "a chunk left out": lambda data: data[:HEADER_BYTES] + _chunk(data, 0) + _chunk(data, 2),
    "a chunk repeated": lambda data: data[:HEADER_BYTES] + _chunk(data, 0) + data[HEADER_BYTES:],
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_a_blob_that_was_altered_does_not_open(blobs, folder, ref, tampering):
    blobs.put(ref, CONTENT)
    file = _the_file(folder)
    file.write_bytes(TAMPERINGS[tampering](file.read_bytes()))
    with pytest.raises(BlobNotFoundError) as told:
        blobs.get(ref)
    assert told.value.reason == "blob_altered"


def test_a_blob_put_in_anothers_place_does_not_open(blobs, folder, ref):
    blobs.put(ref, CONTENT)
    first = _the_file(folder)
    other = BlobRef(ref.organisation_id, ref.case_id, "documents/doc_2/original-1")
    blobs.put(other, CONTENT)
    (second,) = set(_files(folder)) - {first}
    first.replace(second)
    with pytest.raises(BlobNotFoundError) as told:
        blobs.get(other)
    assert told.value.reason == "blob_altered"


def test_no_piece_is_given_out_before_it_was_checked(blobs, folder, ref):
    blobs.put(ref, CONTENT)
    file = _the_file(folder)
    data = file.read_bytes()
    file.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    pieces = blobs.stream(ref)
    assert next(pieces) == b"a" * MIB
    assert next(pieces) == b"b" * MIB
    with pytest.raises(BlobNotFoundError):
        next(pieces)


def test_neither_content_nor_name_can_be_read_from_the_disk(blobs, folder, ref):
    blobs.put(ref, CANARY * 1000)
    assert CANARY not in _the_file(folder).read_bytes()
    assert "doc_1" not in str(_the_file(folder))


def test_equal_contents_look_different_on_the_disk(blobs, folder, ref):
    blobs.put(ref, CONTENT)
    first = _the_file(folder).read_bytes()
    blobs.put(ref, CONTENT)
    assert _the_file(folder).read_bytes() != first


def test_only_the_owner_can_read_files_and_folders(blobs, folder, ref):
    blobs.put(ref, CONTENT)
    folders = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    assert {path.stat().st_mode & 0o777 for path in folders} == {0o700}
    assert _the_file(folder).stat().st_mode & 0o777 == 0o600


def test_an_id_that_would_leave_the_folder_is_refused(blobs, keystore, ref):
    keystore.create_case_key(ref.organisation_id, "../case_2")
    with pytest.raises(ValueError, match="names a folder"):
        blobs.put(BlobRef(ref.organisation_id, "../case_2", "x"), b"x")


def test_a_large_blob_takes_no_more_memory_than_a_small_one(blobs, ref):
    piece = bytes(64 * 1024)
    tracemalloc.start()
    with blobs.writing(ref) as writer:
        for _ in range(64 * 16):
            writer.write(piece)
    assert sum(len(part) for part in blobs.stream(ref)) == 64 * MIB
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8 * MIB


def test_a_full_disk_means_try_later_and_leaves_nothing(blobs, folder, ref):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MIB, hard))
    try:
        with pytest.raises(RetryError):
            blobs.put(ref, CONTENT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert _files(folder) == []


def test_a_folder_that_is_away_means_try_later(blobs, folder, ref):
    blobs.put(ref, b"x")
    file = _the_file(folder)
    file.unlink()
    file.mkdir()
    with pytest.raises(RetryError):
        blobs.get(ref)


def test_a_writer_that_was_killed_leaves_nothing_once_the_store_is_opened_again(blobs, folder, keystore, ref):
    code = """
import os, sys
from pathlib import Path
from wetink.blobs import BlobRef
from wetink.blobs.folder import FolderBlobs
class Keys:
    def case_key(self, organisation_id, case_id):
        return bytes(32)
with FolderBlobs(Path(sys.argv[1]), Keys()).writing(BlobRef(sys.argv[2], "case_1", sys.argv[3])) as writer:
    writer.write(bytes(3 << 20))
    os.kill(os.getpid(), 9)
"""
    arguments = [sys.executable, "-c", code, folder, ref.organisation_id, ref.name]
    killed = subprocess.run(arguments, cwd=CHECKOUT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not blobs.exists(ref)
    with blobs.writing(ref) as writer:
        writer.write(CONTENT)
        FolderBlobs(folder, keystore)
        assert len(_files(folder)) == 1  # the draft of the living writer, not that of the dead one
    assert blobs.get(ref) == CONTENT
