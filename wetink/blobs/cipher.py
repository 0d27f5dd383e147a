"""The format of a blob: AES-256-GCM in chunks, so that any size takes constant memory.

Place in the pipeline: used by the folder store between plain pieces and the file.
Trust level: nothing is given out before its tag was checked; organisation, case, name, chunk number and the
last-chunk mark are associated data, so that a blob that was cut, altered, reordered or swapped does not open.
Residual risk: an older version of the same blob, put back whole, opens; sizes are visible.

    file   = "WTB" version(1)  prefix(8)  chunk*
    chunk  = ciphertext of at most 1 MiB  tag(16)
    nonce  = prefix  chunk number (4, big endian)

The prefix is random for each writing: two of 2^20 blobs under one case key share one with a chance of 2^-25.
"""

import json
import secrets
import struct
from collections.abc import Iterable, Iterator

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wetink.blobs.port import BlobRef

CHUNK_BYTES = 1 << 20
SEALED_CHUNK_BYTES = CHUNK_BYTES + 16
HEADER_BYTES = 12
_FORMAT = b"WTB\x01"
_PREFIX_BYTES = HEADER_BYTES - len(_FORMAT)


class Encryptor:
    """Turns pieces of any length into the bytes of the file."""

    def __init__(self, key: bytes, ref: BlobRef) -> None:
        self._header = _FORMAT + secrets.token_bytes(_PREFIX_BYTES)
        self._cipher = _ChunkCipher(key, ref, self._header)
        self._waiting = bytearray()
        self._number = 0

    def sealed(self, data: bytes) -> Iterator[bytes]:
        """The chunks that `data` completes; the last chunk waits for `end`."""
        view = memoryview(data)
        for start in range(0, len(view), CHUNK_BYTES):
            self._waiting += view[start : start + CHUNK_BYTES]
            if len(self._waiting) > CHUNK_BYTES:
                yield self._seal(CHUNK_BYTES, is_last=False)

    def end(self) -> bytes:
        """The last chunk, which an empty blob has too."""
        return self._seal(len(self._waiting), is_last=True)

    def _seal(self, length: int, *, is_last: bool) -> bytes:
        sealed = self._cipher.encrypt(bytes(self._waiting[:length]), self._number, is_last=is_last)
        del self._waiting[:length]
        self._number += 1
        return sealed if self._number > 1 else self._header + sealed


def opened(key: bytes, ref: BlobRef, header: bytes, untrusted_chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The plain chunks, each checked; raises `cryptography.exceptions.InvalidTag` or `ValueError` when altered."""
    if len(header) != HEADER_BYTES or not header.startswith(_FORMAT):
        raise ValueError("this is no blob of a known format")
    cipher = _ChunkCipher(key, ref, header)
    chunks = iter(untrusted_chunks)
    number, chunk = 0, next(chunks, b"")
    for following in chunks:
        yield cipher.decrypt(chunk, number, is_last=False)
        number, chunk = number + 1, following
    yield cipher.decrypt(chunk, number, is_last=True)


class _ChunkCipher:
    """One blob's chunks by number."""

    def __init__(self, key: bytes, ref: BlobRef, header: bytes) -> None:
        self._gcm = AESGCM(key)
        self._prefix = header[len(_FORMAT) :]
        self._bound_to = header + json.dumps([ref.organisation_id, ref.case_id, ref.name]).encode()

    def encrypt(self, plain: bytes, number: int, *, is_last: bool) -> bytes:
        return self._gcm.encrypt(self._nonce(number), plain, self._associated(number, is_last=is_last))

    def decrypt(self, sealed: bytes, number: int, *, is_last: bool) -> bytes:
        return self._gcm.decrypt(self._nonce(number), sealed, self._associated(number, is_last=is_last))

    def _nonce(self, number: int) -> bytes:
        return self._prefix + struct.pack(">I", number)

    def _associated(self, number: int, *, is_last: bool) -> bytes:
        return self._bound_to + struct.pack(">I?", number, is_last)
