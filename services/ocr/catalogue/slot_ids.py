"""Gives every slot of a form an id of its own.

Place in the pipeline: part of `learn`. Trust level: our own data. Residual risk: none.
"""

from collections import Counter

from services.ocr.catalogue.model import SlotPlan
from wetink.contracts.reading import BoxPt


def make_ids_unique(pages: list[list[SlotPlan]]) -> list[list[SlotPlan]]:
    """The slots of each page: those without an item get their party in the id, what is still the same a number."""
    counts = Counter(slot.id for slots in pages for slot in slots)
    seen: Counter[str] = Counter()
    return [_renamed(slots, _new_ids(slots, counts, seen)) for slots in pages]


def _new_ids(slots: list[SlotPlan], counts: Counter[str], seen: Counter[str]) -> dict[tuple[str, BoxPt], str]:
    new_ids: dict[tuple[str, BoxPt], str] = {}
    for slot in slots:
        new = slot.id
        if counts[slot.id] > 1 and slot.party:
            new = f"{slot.id.rsplit('.', 1)[0]}.{slot.party}.{slot.kind}"
        seen[new] += 1
        new_ids[slot.id, slot.box_pt] = new if seen[new] == 1 else f"{new}-{seen[new]}"
    return new_ids


def _renamed(slots: list[SlotPlan], new_ids: dict[tuple[str, BoxPt], str]) -> list[SlotPlan]:
    """Signatures and their dates follow one another, so a pair is found beside its slot."""
    result: list[SlotPlan] = []
    for index, slot in enumerate(slots):
        other = slots[index + 1] if slot.kind == "signature" and slot.pair else slots[index - 1]
        pair = new_ids[other.id, other.box_pt] if slot.pair else None
        result.append(slot.model_copy(update={"id": new_ids[slot.id, slot.box_pt], "pair": pair}))
    return result
