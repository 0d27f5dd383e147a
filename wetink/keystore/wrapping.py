"""Small secrets under a key, bound to what they are for.

Place in the pipeline: the root key wraps organisation keys, they wrap case keys and seal settings.
Trust level: AES-256-GCM with a random nonce; the purpose is associated data, so that a wrapped key copied to
another row does not open. Residual risk: none known below 2^32 secrets under one key.
"""

import json
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12
_FORMAT = b"\x01"


def new_key() -> bytes:
    """256 random bits."""
    return secrets.token_bytes(KEY_BYTES)


def wrap(key: bytes, secret: bytes, *purpose: str) -> bytes:
    """`secret` encrypted under `key` (32 bytes) for `purpose`: format byte, nonce, ciphertext with tag."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _FORMAT + nonce + AESGCM(key).encrypt(nonce, secret, _bound_to(purpose))


def unwrap(key: bytes, wrapped: bytes, *purpose: str) -> bytes:
    """What was wrapped for that key and purpose; raises `ValueError` for anything else."""
    nonce, sealed = wrapped[1 : 1 + _NONCE_BYTES], wrapped[1 + _NONCE_BYTES :]
    if wrapped[:1] != _FORMAT:
        raise ValueError("this was sealed in a format that is not known here")
    try:
        return AESGCM(key).decrypt(nonce, sealed, _bound_to(purpose))
    except (InvalidTag, ValueError) as error:
        raise ValueError("this was not sealed with that key for that purpose") from error


def _bound_to(purpose: tuple[str, ...]) -> bytes:
    return json.dumps(purpose).encode()
