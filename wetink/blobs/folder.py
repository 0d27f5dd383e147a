"""The blob store in a folder: one encrypted file per blob.

Place in the pipeline: the default on one machine; all services share the folder.
Trust level: what lies on the disk is untrusted until its tags were checked.
Residual risk: sizes, times and the ids of organisations and cases are visible; names are not (a file is named by
the SHA-256 of the blob's name).
"""

import hashlib
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag

from wetink.blobs.cipher import HEADER_BYTES, SEALED_CHUNK_BYTES, Encryptor, opened
from wetink.blobs.files import Draft, fsync_folders, make_folders, remove_dead_drafts
from wetink.blobs.port import BlobNotFoundError, BlobRef, BlobWriter
from wetink.errors import RetryError
from wetink.faults import reach
from wetink.keystore.port import KeyStore

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class FolderBlobs:
    """Blobs below `folder`: `<organisation>/<case>/<hash of the name>`; drafts in `.drafts`.

    The case's key is asked for at each call, so that a deletion is seen at once.
    """

    def __init__(self, folder: Path, keystore: KeyStore) -> None:
        self._folder = folder
        self._drafts = folder / ".drafts"
        self._keystore = keystore
        with _retried_later():
            folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            make_folders([folder, self._drafts])
            fsync_folders([folder.parent])
            remove_dead_drafts(self._drafts)

    @contextmanager
    def writing(self, ref: BlobRef) -> Iterator[BlobWriter]:
        """See `BlobStore.writing`."""
        encryptor = Encryptor(self._key(ref), ref)
        with _retried_later():
            draft = Draft(self._drafts)
        try:
            yield _Writer(draft, encryptor)
            with _retried_later():
                draft.write(encryptor.end())
                reach("blob.written")
                self._publish(draft, ref)
            reach("blob.kept")
        except BaseException:
            draft.discard()
            raise

    def put(self, ref: BlobRef, data: bytes) -> None:
        """See `BlobStore.put`."""
        with self.writing(ref) as writer:
            writer.write(data)

    def get(self, ref: BlobRef) -> bytes:
        """See `BlobStore.get`."""
        return b"".join(self.stream(ref))

    def get_those_there(
        self, organisation_id: str, case_id: str, names: Iterable[str]
    ) -> Iterator[tuple[str, bytes]]:
        """See `BlobStore.get_those_there`; the key is asked for once."""
        key = self._keystore.case_key(organisation_id, case_id)
        for name in names:
            with suppress(BlobNotFoundError):
                yield name, b"".join(self._opened(BlobRef(organisation_id, case_id, name), key))

    def stream(self, ref: BlobRef) -> Iterator[bytes]:
        """See `BlobStore.stream`; an error comes when the piece that has it is asked for."""
        return self._opened(ref, self._key(ref))

    def _opened(self, ref: BlobRef, key: bytes) -> Iterator[bytes]:
        path = self._path(ref)
        try:
            with _retried_later(), _existing(path) as file:
                yield from opened(key, ref, file.read(HEADER_BYTES), _chunks(file))
        except (InvalidTag, ValueError) as error:
            raise BlobNotFoundError("blob_altered") from error

    def exists(self, ref: BlobRef) -> bool:
        """See `BlobStore.exists`."""
        self._key(ref)
        with _retried_later():
            return self._path(ref).is_file()

    def delete(self, ref: BlobRef) -> None:
        """See `BlobStore.delete`."""
        with _retried_later():
            self._path(ref).unlink(missing_ok=True)

    def delete_case(self, organisation_id: str, case_id: str) -> None:
        """See `BlobStore.delete_case`."""
        folder = self._case_folder(organisation_id, case_id)
        with _retried_later():
            if folder.exists():
                shutil.rmtree(folder)
                fsync_folders([folder.parent])

    def _publish(self, draft: Draft, ref: BlobRef) -> None:
        path = self._path(ref)
        folders = [path.parent.parent, path.parent]
        make_folders(folders)
        draft.publish(path)
        fsync_folders([self._folder, *folders])

    def _key(self, ref: BlobRef) -> bytes:
        return self._keystore.case_key(ref.organisation_id, ref.case_id)

    def _path(self, ref: BlobRef) -> Path:
        name = hashlib.sha256(ref.name.encode()).hexdigest()
        return self._case_folder(ref.organisation_id, ref.case_id) / name

    def _case_folder(self, organisation_id: str, case_id: str) -> Path:
        if not _ID.fullmatch(organisation_id) or not _ID.fullmatch(case_id):
            raise ValueError("an id that names a folder has letters, digits, _ and - only")
        return self._folder / organisation_id / case_id


class _Writer:
    def __init__(self, draft: Draft, encryptor: Encryptor) -> None:
        self._draft = draft
        self._encryptor = encryptor

    def write(self, data: bytes) -> None:
        with _retried_later():
            for chunk in self._encryptor.sealed(data):
                self._draft.write(chunk)


def _existing(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError as error:
        raise BlobNotFoundError("blob_missing") from error


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(SEALED_CHUNK_BYTES):
        yield chunk


@contextmanager
def _retried_later() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RetryError(f"the blob folder is away or full: {error.strerror}") from error
