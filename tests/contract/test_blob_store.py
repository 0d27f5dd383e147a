"""What every blob store does: the fake and the folder alike."""

import os

import pytest

from wetink.blobs import BlobNotFoundError, BlobRef
from wetink.blobs.fake import FakeBlobs
from wetink.blobs.folder import FolderBlobs
from wetink.errors import CaseDeletedError
from wetink.keystore.fake import FakeKeyStore

MIB = 1 << 20


@pytest.fixture
def keystore():
    store = FakeKeyStore()
    yield store
    store.close()


@pytest.fixture(params=["fake", "folder"])
def blobs(request, tmp_path, keystore):
    return FakeBlobs(keystore) if request.param == "fake" else FolderBlobs(tmp_path / "blobs", keystore)


@pytest.fixture
def ref(keystore):
    organisation = keystore.create_organisation("A firm", "UTC")
    keystore.create_case_key(organisation.id, "case_1")
    return BlobRef(organisation.id, "case_1", "documents/doc_1/original-1")


def _write_and_fail(blobs, ref):
    with blobs.writing(ref) as writer:
        writer.write(b"half a fi")
        raise ConnectionResetError


@pytest.mark.parametrize("size", [0, 1, MIB - 1, MIB, MIB + 1, 2 * MIB, 3 * MIB + 17])
def test_what_was_put_comes_back(blobs, ref, size):
    content = os.urandom(size)
    blobs.put(ref, content)
    assert blobs.get(ref) == content
    pieces = list(blobs.stream(ref))
    assert b"".join(pieces) == content
    assert max(map(len, pieces)) <= MIB


def test_pieces_of_any_length_make_one_blob(blobs, ref):
    pieces = [b"", b"a", os.urandom(MIB), b"b" * 700_000, b"", os.urandom(3 * MIB)]
    with blobs.writing(ref) as writer:
        for piece in pieces:
            writer.write(piece)
    assert blobs.get(ref) == b"".join(pieces)


def test_a_blob_is_there_when_its_writing_ended_and_not_before(blobs, ref):
    with blobs.writing(ref) as writer:
        writer.write(b"x")
        assert not blobs.exists(ref)
    assert blobs.exists(ref)


def test_a_deleted_blob_is_missing_and_may_be_deleted_again(blobs, ref):
    blobs.put(ref, b"x")
    for _ in range(2):
        blobs.delete(ref)
        assert not blobs.exists(ref)


def test_many_blobs_of_a_case_come_in_order_and_those_missing_are_left_out(blobs, ref):
    for name in ("b", "a"):
        blobs.put(BlobRef(ref.organisation_id, ref.case_id, name), name.encode())
    found = blobs.get_those_there(ref.organisation_id, ref.case_id, ["a", "none", "b"])
    assert list(found) == [("a", b"a"), ("b", b"b")]


def test_a_blob_that_was_never_written_is_missing(blobs, ref):
    with pytest.raises(BlobNotFoundError) as told:
        blobs.get(ref)
    assert told.value.reason == "blob_missing"
    with pytest.raises(BlobNotFoundError):
        list(blobs.stream(ref))


def test_nothing_is_left_of_a_writing_that_failed_and_the_error_is_the_writers_own(blobs, ref):
    with pytest.raises(ConnectionResetError):
        _write_and_fail(blobs, ref)
    assert not blobs.exists(ref)


def test_a_writing_that_failed_leaves_the_older_content(blobs, ref):
    blobs.put(ref, b"older")
    with pytest.raises(ConnectionResetError):
        _write_and_fail(blobs, ref)
    assert blobs.get(ref) == b"older"


def test_a_later_writing_replaces_the_content(blobs, ref):
    blobs.put(ref, b"older")
    blobs.put(ref, b"newer")
    assert blobs.get(ref) == b"newer"


def test_cases_do_not_see_one_anothers_blobs(blobs, ref, keystore):
    keystore.create_case_key(ref.organisation_id, "case_2")
    blobs.put(ref, b"of case 1")
    assert not blobs.exists(BlobRef(ref.organisation_id, "case_2", ref.name))


def test_deleting_a_case_removes_its_blobs_and_no_others(blobs, ref, keystore):
    keystore.create_case_key(ref.organisation_id, "case_2")
    other = BlobRef(ref.organisation_id, "case_2", ref.name)
    blobs.put(ref, b"of case 1")
    blobs.put(other, b"of case 2")
    blobs.delete_case(ref.organisation_id, "case_1")
    blobs.delete_case(ref.organisation_id, "case_1")
    assert not blobs.exists(ref)
    assert blobs.get(other) == b"of case 2"


@pytest.mark.parametrize("use", ["get", "exists", "put", "stream"])
def test_a_case_whose_key_is_destroyed_is_deleted_at_once(blobs, ref, keystore, use):
    blobs.put(ref, b"x")
    keystore.destroy_case_key(ref.organisation_id, "case_1")
    uses = {
        "get": lambda: blobs.get(ref),
        "exists": lambda: blobs.exists(ref),
        "put": lambda: blobs.put(ref, b"late"),
        "stream": lambda: list(blobs.stream(ref)),
    }
    with pytest.raises(CaseDeletedError):
        uses[use]()
