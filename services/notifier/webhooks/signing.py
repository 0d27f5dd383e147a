"""Signatures of Standard Webhooks 1.0.0 (https://www.standardwebhooks.com), made here, checked by receivers.

Place in the pipeline: called by `sender` for each attempt. Trust level: pure functions.
Residual risk: who holds an endpoint's secret can sign as we do.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

SECRET_PREFIX = "whsec_"  # noqa: S105 - the prefix that all such secrets share
SECRET_BYTES = 32


def encode_secret(secret: bytes) -> str:
    """The secret as receivers configure it: `whsec_` and base64."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def signed_headers(delivery_id: str, at: datetime, body: str, secrets: Sequence[bytes]) -> dict[str, str]:
    """The three headers of one attempt; a signature for each secret, so that a receiver can change over."""
    timestamp = str(int(at.timestamp()))
    message = f"{delivery_id}.{timestamp}.{body}".encode()
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(secret, message) for secret in secrets),
    }


def _signature(secret: bytes, message: bytes) -> str:
    return "v1," + base64.b64encode(hmac.digest(secret, message, hashlib.sha256)).decode()
