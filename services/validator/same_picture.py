"""Whether two marks are the same picture, remembered: a case is judged many times, its marks stay the same.

Place in the pipeline: used by the rules on marks. Trust level: fingerprints come from the sandbox.
Residual risk: what `wetink.fingerprints` does not know again; a fingerprint that is none is like no other.
"""

from functools import lru_cache

from wetink.fingerprints import are_same_picture

_KEPT = 20_000


@lru_cache(maxsize=_KEPT)
def is_same_picture(one: str, other: str) -> bool:
    """Whether two fingerprints are of the same picture."""
    try:
        return are_same_picture(one, other)
    except ValueError:
        return False
