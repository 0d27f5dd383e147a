"""Ids: random ones for new things, deterministic ones for consequences.

Place in the pipeline: every event that a service emits has an id that follows from its cause, so that an
event handled twice gives the same rows and the same events.
Trust level: ids carry no client data. Residual risk: none beyond UUID collisions.
"""

import uuid
from collections.abc import Iterable

_CONSEQUENCES = uuid.UUID("5d8f0f6e-3c0b-5a53-9a0e-8d6f1f6d8f01")


def new_id(prefix: str) -> str:
    """A random id such as `case_6f1c...`: prefix, underscore, 32 hex digits."""
    return f"{prefix}_{uuid.uuid4().hex}"


def consequence_id(parts: Iterable[object]) -> str:
    """A UUID (canonical text) that depends on `parts` alone; parts are joined as `str`."""
    return str(uuid.uuid5(_CONSEQUENCES, "\x1f".join(str(part) for part in parts)))
