"""What a bad file is: its name, what it attacks, how reading it may end, and how it is made."""

from collections.abc import Callable
from dataclasses import dataclass

from wetink.contracts.events import ReadingOutcome

READ: frozenset[ReadingOutcome] = frozenset({"read"})
"""Odd but honest: must be read."""
LOCKED: frozenset[ReadingOutcome] = frozenset({"locked"})
REFUSED: frozenset[ReadingOutcome] = frozenset({"unreadable", "hostile"})
CUT_SHORT: frozenset[ReadingOutcome] = frozenset({"partial", "unreadable"})
"""Not all of it is there, which must be said."""
DAMAGED: frozenset[ReadingOutcome] = frozenset({"read", "partial", "unreadable"})
"""Some of it may be readable."""
ATTACK: frozenset[ReadingOutcome] = DAMAGED | REFUSED
"""Passing over what attacks is as good as refusing it."""
ANY: frozenset[ReadingOutcome] = ATTACK | LOCKED


@dataclass(frozen=True)
class BadFile:
    """One file; `make` gives the same bytes each time.

    `pages` is the page count that must be found, null where any will do; `is_form` says that its first page is
    page 2 of the fictional form, signed by the applicant, and must be recognised as that. Of one that `is_long`
    the last page alone is cut and none is read, for that would take minutes.
    """

    name: str
    family: str
    attacks: str
    acceptable: frozenset[ReadingOutcome]
    make: Callable[[], bytes]
    pages: int | None = None
    is_form: bool = False
    is_long: bool = False
