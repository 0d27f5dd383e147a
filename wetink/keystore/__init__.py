"""The key store: organisations, who may call, and the wrapped keys of cases; one small database for all services.

Place in the pipeline: the one thing that services share besides events and blobs.
Trust level: the root key lies in a file of its own, which may be elsewhere; what is stored is wrapped or hashed.
Residual risk: who holds the root key and the database can open everything.
"""

from wetink.keystore.opening import open_keystore
from wetink.keystore.port import (
    AccessKey,
    Caller,
    CaseHeldError,
    DeletedCase,
    KeyStore,
    Organisation,
    User,
)

__all__ = [
    "AccessKey",
    "Caller",
    "CaseHeldError",
    "DeletedCase",
    "KeyStore",
    "Organisation",
    "User",
    "open_keystore",
]
