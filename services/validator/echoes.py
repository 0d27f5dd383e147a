"""Does a paper bring nothing but what is there already? The same paper in other bytes, told from a corrected one.

Place in the pipeline: used by `copies`. What differs in a place or in what a page says is a correction; what is
the same needs proof: a mark whose strokes are the same picture, or pages that say word for word the same.
Trust level: readings from the sandbox. Residual risk: an answer that was corrected by hand on a page whose
signatures are those of the earlier paper is not seen where no field is read there.
"""

from itertools import zip_longest

from services.validator.persons import Person, likeness
from services.validator.runs import Run
from services.validator.same_picture import is_same_picture
from services.validator.sheets import Sheets
from wetink.contracts.reading import FieldReading, PageReading, SlotReading


def is_echo(run: Run, there: Sheets, person: Person) -> bool:
    """Whether the pages of a run are the pages of a copy once more, with nothing new on them."""
    if likeness(run.person, person) in ("near", "other") or not run.numbers <= there.pages.keys():
        return False
    pairs = [(page.reading, there.pages[number].reading) for number, page in run.sheets.pages.items()]
    is_same = len(pairs) == len(run.seen) and all(_is_same_page(new, old) for new, old in pairs)
    return is_same and (all(_says_the_same(*pair) for pair in pairs) or any(_is_proof(*pair) for pair in pairs))


def bears_same_mark(run: Run, there: Sheets) -> bool:
    """Whether a signature on the run is the very one in that place of a copy: the same paper, scanned again."""
    pages = [
        (page.reading, there.pages[number].reading)
        for number, page in run.sheets.pages.items()
        if number in there.pages
    ]
    return any(_is_proof(new, old) for new, old in pages)


def _is_same_page(new: PageReading, old: PageReading) -> bool:
    if (new.edition, new.form_page, len(new.slots)) != (old.edition, old.form_page, len(old.slots)):
        return False
    is_other_text = bool(new.content and old.content) and new.content != old.content
    slots = all(_is_same_place(*pair) for pair in zip(new.slots, old.slots, strict=True))
    fields = all(_is_same_answer(*pair) for pair in zip_longest(new.fields, old.fields))
    return not is_other_text and slots and fields


def _is_same_place(new: SlotReading, old: SlotReading) -> bool:
    """Nothing is there now that was not there before; what is now in doubt was seen better before."""
    if new.id != old.id or new.ink not in (old.ink, "unsure"):
        return False
    is_other_day = "read" in (new.value_status, old.value_status) and new.value != old.value and bool(new.value)
    is_other_mark = _marks(new, old) is False
    return not is_other_day and not is_other_mark


def _is_same_answer(new: FieldReading | None, old: FieldReading | None) -> bool:
    if new is None or old is None or new.purpose != old.purpose:
        return False
    is_known = new.is_filled is not None and old.is_filled is not None
    is_other_value = bool(new.value and old.value) and new.value != old.value
    return not (is_known and new.is_filled != old.is_filled) and not is_other_value


def _says_the_same(new: PageReading, old: PageReading) -> bool:
    return new.content is not None and new.content == old.content


def _is_proof(new: PageReading, old: PageReading) -> bool:
    before = {slot.id: slot for slot in old.slots}
    signatures = (slot for slot in new.slots if slot.kind == "signature" and slot.id in before)
    return any(_marks(slot, before[slot.id]) for slot in signatures)


def _marks(new: SlotReading, old: SlotReading) -> bool | None:
    """Whether two marks are one picture; None when one of them has no fingerprint."""
    if not new.fingerprint or not old.fingerprint:
        return None
    return is_same_picture(new.fingerprint, old.fingerprint)
