"""Days in what was written: which days its numbers may mean, and the days that rules compare with.

Place in the pipeline: used by the date rules; pure.
Trust level: what was written is untrusted text; nothing is guessed from it, only told what it could mean.
Residual risk: month names are known in English, French and Spanish alone.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain, permutations
from typing import NamedTuple

from services.validator.case_view import CaseView, FormCopy, SlotView
from services.validator.requirements.policy import Grammar
from wetink.folding import fold

_MOST_NUMBERS = 6
_ALL_IN_ONE = {8: ((4, 6), (2, 4)), 6: ((2, 4),)}
"""Where a day written without separators may be cut: `20260305`, `03052026`, `030526`."""
_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            *("jan ene", "feb fev", "mar", "apr abr avr", "may mai", "jun juin"),
            *("jul juil", "aug ago aou", "sep", "oct", "nov", "dec dic"),
        ),
        1,
    )
    for word in words.split()
}
"""How the names of months begin."""


class Possible(NamedTuple):
    """The days that the numbers of a text mean in some order, apart those of a year with two digits."""

    days: frozenset[date]
    days_of_short_year: frozenset[date]


def day_of(slot: SlotView) -> date | None:
    """The day that a date slot says in its form's grammar."""
    is_read = slot.reading.value is not None and slot.reading.value_status == "read"
    return date.fromisoformat(slot.reading.value or "") if is_read else None


def day_in(grammar: Grammar, untrusted_text: str) -> date | None:
    """The day of a text in a form's grammar; None when it is no day in it."""
    numbers = re.findall(r"\d+", untrusted_text)
    if len(numbers) != 3:
        return None
    year, month, day = numbers if grammar == "yyyy-mm-dd" else (numbers[2], numbers[0], numbers[1])
    return _day(year, month, day) if len(year) == 4 else None


def possible_days(untrusted_text: str) -> Possible:
    """All days that the numbers of a text, and a month's name among them, mean in any order."""
    long: set[date] = set()
    short: set[date] = set()
    for year, month, day in _orders(untrusted_text):
        if len(year) == 4 and (found := _day(year, month, day)):
            long.add(found)
        elif len(year) == 2 and (found := _day(f"20{year}", month, day)):
            short.add(found)
    return Possible(frozenset(long), frozenset(short))


def last_day_of_receipt(received_on: date) -> date:
    """The latest day that it was anywhere on Earth (UTC+14) while it was `received_on` where it was received."""
    return received_on + timedelta(days=1)


def first_day_of(edition: str | None) -> date | None:
    """The day that an edition bears; of one that bears a month its first day."""
    return date.fromisoformat(edition if len(edition) > 7 else f"{edition}-01") if edition else None


def dates_in(case: CaseView) -> Iterator[tuple[FormCopy, SlotView]]:
    """Every place for a date that is filled and counts."""
    for copy in case.copies:
        for slot in copy.slots:
            if slot.reading.kind == "date" and slot.verdict == "signed":
                yield copy, slot


def days_in(case: CaseView) -> Iterator[tuple[FormCopy, SlotView, date]]:
    """Those of them that say a day in their form's grammar, with that day."""
    for copy, slot in dates_in(case):
        if day := day_of(slot):
            yield copy, slot, day


def _orders(untrusted_text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"\d+|[a-z]+", fold(untrusted_text))
    numbers = [number for word in words if (number := word if word.isdigit() else _month(word))]
    if len(numbers) == 1:
        cuts = _ALL_IN_ONE.get(len(numbers[0]), ())
        yield from chain.from_iterable(permutations(_cut(numbers[0], *places)) for places in cuts)
    else:
        yield from permutations(numbers[:_MOST_NUMBERS], 3)


def _cut(number: str, first: int, second: int) -> tuple[str, ...]:
    return number[:first], number[first:second], number[second:]


def _month(word: str) -> str | None:
    number = next((_MONTHS[word[:length]] for length in (4, 3) if word[:length] in _MONTHS), None)
    return str(number) if number else None


def _day(year: str, month: str, day: str) -> date | None:
    if len(month) > 2 or len(day) > 2:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
