"""Short texts about a case, encrypted under the case's own key before they enter a database.

Place in the pipeline: for rows of the services' databases that must name a file or quote a person.
Trust level: AES-256-GCM, the key derived from the case's for this purpose alone, each text bound to its row.
Deleting the case destroys the key, and with it every copy of these texts, in backups too.
Residual risk: lengths are visible.
"""

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12


class CaseSeal:
    """Seals and opens the texts of one case."""

    def __init__(self, case_key: bytes) -> None:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"wetink texts").derive(case_key)
        self._cipher = AESGCM(derived)

    def seal(self, row: str, text: str) -> bytes:
        """`text` encrypted, bound to `row` (names the row that will hold it)."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text.encode(), row.encode())

    def open(self, row: str, sealed: bytes) -> str:
        """The text; raises `cryptography.exceptions.InvalidTag` when it was altered or moved to another row."""
        return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], row.encode()).decode()
