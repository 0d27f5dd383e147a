"""Password hashes: scrypt with its parameters beside it.

Place in the pipeline: for personal logins. Trust level: the password is untrusted and never kept.
Residual risk: a weak password of 12 characters; logins are limited by the web face, not here.
"""

import base64
import hashlib
import hmac
import secrets
import unicodedata

SHORTEST = 12
"""Characters that a password has at least."""
COST = 2**14
"""scrypt's N; with r = 8 and p = 5 (OWASP's choice for 16 MiB) about a quarter of a second."""
_BLOCK_SIZE = 8
_PARALLEL = 5


def hash_password(password: str, cost: int = COST) -> str:
    """`scrypt$N$salt$hash` with a new salt; raises `ValueError` when the password is too short."""
    if len(password) < SHORTEST:
        raise ValueError(f"a password has at least {SHORTEST} characters")
    salt = secrets.token_bytes(16)
    return f"scrypt${cost}${_text(salt)}${_text(_scrypt(password, salt, cost))}"


def is_password(untrusted_password: str, password_hash: str) -> bool:
    """Whether that is the password of the hash; compared in constant time."""
    _, cost, salt, digest = password_hash.split("$")
    given = _scrypt(untrusted_password, base64.b64decode(salt), int(cost))
    return hmac.compare_digest(given, base64.b64decode(digest))


def _scrypt(password: str, salt: bytes, cost: int) -> bytes:
    secret = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    memory = 2 * 128 * _BLOCK_SIZE * (cost + _PARALLEL)
    return hashlib.scrypt(secret, salt=salt, n=cost, r=_BLOCK_SIZE, p=_PARALLEL, maxmem=memory, dklen=32)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
