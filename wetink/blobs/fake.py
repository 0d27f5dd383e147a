"""A blob store in memory, for unit tests.

Place in the pipeline: tests only; passes the contract test of the real one, save for what a disk can do to it.
Trust level: none needed. Residual risk: none in tests.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from wetink.blobs.port import BlobNotFoundError, BlobRef, BlobWriter
from wetink.keystore.port import KeyStore

_PIECE_BYTES = 1 << 20


class FakeBlobs:
    """Blobs in a dictionary; with a key store, cases need their key as they do on the disk."""

    def __init__(self, keystore: KeyStore | None = None) -> None:
        self.contents: dict[BlobRef, bytes] = {}
        self._keystore = keystore

    @contextmanager
    def writing(self, ref: BlobRef) -> Iterator[BlobWriter]:
        """See `BlobStore.writing`."""
        self._check(ref)
        writer = _Writer()
        yield writer
        self.contents[ref] = bytes(writer.data)

    def put(self, ref: BlobRef, data: bytes) -> None:
        """See `BlobStore.put`."""
        with self.writing(ref) as writer:
            writer.write(data)

    def get(self, ref: BlobRef) -> bytes:
        """See `BlobStore.get`."""
        self._check(ref)
        if ref not in self.contents:
            raise BlobNotFoundError("blob_missing")
        return self.contents[ref]

    def get_those_there(
        self, organisation_id: str, case_id: str, names: Iterable[str]
    ) -> Iterator[tuple[str, bytes]]:
        """See `BlobStore.get_those_there`."""
        refs = [BlobRef(organisation_id, case_id, name) for name in names]
        return iter([(ref.name, self.get(ref)) for ref in refs if self.exists(ref)])

    def stream(self, ref: BlobRef) -> Iterator[bytes]:
        """See `BlobStore.stream`."""
        content = self.get(ref)
        for start in range(0, max(len(content), 1), _PIECE_BYTES):
            yield content[start : start + _PIECE_BYTES]

    def exists(self, ref: BlobRef) -> bool:
        """See `BlobStore.exists`."""
        self._check(ref)
        return ref in self.contents

    def delete(self, ref: BlobRef) -> None:
        """See `BlobStore.delete`."""
        self.contents.pop(ref, None)

    def delete_case(self, organisation_id: str, case_id: str) -> None:
        """See `BlobStore.delete_case`."""
        for ref in list(self.contents):
            if (ref.organisation_id, ref.case_id) == (organisation_id, case_id):
                del self.contents[ref]

    def _check(self, ref: BlobRef) -> None:
        if self._keystore:
            self._keystore.case_key(ref.organisation_id, ref.case_id)


class _Writer:
    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: bytes) -> None:
        self.data += data
