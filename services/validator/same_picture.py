"""The signatures of a case that can be compared, and whether two are the same picture, remembered.

Place in the pipeline: used by the rule on copied signatures, and by the search in other cases. A case is judged
many times, its marks stay the same. Trust level: fingerprints come from the sandbox.
Residual risk: what `wetink.fingerprints` does not know again; a fingerprint that is none is like no other.
"""

from collections.abc import Iterator
from functools import lru_cache

from services.validator.case_view import CaseView, FormCopy, SlotView
from wetink.fingerprints import SHAPE_REACH, are_same_picture, shape_of

_KEPT = 20_000
_shape_of = lru_cache(maxsize=4_096)(shape_of)


def comparable(case: CaseView) -> Iterator[tuple[FormCopy, SlotView]]:
    """The signatures that have a fingerprint, in the order in which they came."""
    places = ((copy, slot) for copy in case.copies for slot in copy.slots)
    marked = (place for place in places if _is_marked(place[1]))
    yield from sorted(marked, key=lambda place: (place[1].page.place, place[1].reading.id))


def are_alike(one: SlotView, other: SlotView) -> bool:
    """Whether the marks in two places are the same picture."""
    return is_same_picture(one.reading.fingerprint or "", other.reading.fingerprint or "")


@lru_cache(maxsize=_KEPT)
def is_same_picture(one: str, other: str) -> bool:
    """Whether two fingerprints are of the same picture; most pairs are told apart by their shapes alone."""
    try:
        shapes = zip(_shape_of(one), _shape_of(other), SHAPE_REACH, strict=True)
        return all(abs(a - b) <= reach for a, b, reach in shapes) and are_same_picture(one, other)
    except ValueError:
        return False


def _is_marked(slot: SlotView) -> bool:
    return slot.reading.kind == "signature" and slot.reading.ink == "present" and bool(slot.reading.fingerprint)
