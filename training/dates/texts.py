"""What people write where a date is asked for: mostly a date, now and then something else."""

import numpy as np

from training.dates.glyphs import LETTERS

_MONTHS = ["Jan", "Feb", "March", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"]
SHARE_OF_DATES = 0.72


def date_parts(random: np.random.Generator) -> tuple[int, int, int]:
    """Year, month and day: half of them around now, the others any year of a life."""
    year = int(random.integers(2022, 2031)) if random.random() < 0.4 else int(random.integers(1900, 2100))
    return year, int(random.integers(1, 13)), int(random.integers(1, 32))


def proper_date(random: np.random.Generator, *, is_typed: bool) -> str:
    """A date by one of the two grammars; by hand often without leading zeros."""
    year, month, day = date_parts(random)
    separator = _separator(random)
    pad = 2 if is_typed or random.random() < 0.65 else 1
    if random.random() < 0.2:
        return f"{year:04}{separator}{month:0{pad}}{separator}{day:0{pad}}"
    return f"{month:0{pad}}{separator}{day:0{pad}}{separator}{year:04}"


def any_text(random: np.random.Generator, *, is_typed: bool, has_letters: bool) -> str:
    """What may stand in the place, dates first of all."""
    if random.random() < SHARE_OF_DATES:
        return proper_date(random, is_typed=is_typed)
    year, month, day = date_parts(random)
    separator = _separator(random)
    name = _MONTHS[month - 1]
    ways = [
        f"{month}{separator}{day}{separator}{year % 100:02}",
        f"{day:02}{separator}{month:02}{separator}{year:04}",
        f"{month:02}{day:02}{year:04}" if random.random() < 0.7 else f"{month:02} {day:02} {year:04}",
        _numbers(random, separator),
        _numbers(random, separator),
    ]
    if has_letters:
        letters = "".join(random.choice(list(LETTERS)) for _ in range(random.integers(2, 10)))
        ways += [
            f"{name} {day}, {year}" if random.random() < 0.5 else f"{day} {name} {year}",
            letters.strip() or "NA",
        ]
    return ways[random.integers(len(ways))]


def _numbers(random: np.random.Generator, separator: str) -> str:
    length = random.integers(3, 11)
    return "".join(str(random.integers(10)) if random.random() < 0.8 else separator for _ in range(length))


def _separator(random: np.random.Generator) -> str:
    return str(random.choice(["/", "-", ".", " "], p=[0.66, 0.2, 0.1, 0.04]))
