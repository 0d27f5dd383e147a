"""Are two forms, or a form and somebody in the case, one person's? Told from names, numbers and birth dates.

Place in the pipeline: used by `copies` to keep the forms of a family apart, and by `belonging` to find the pages
of strangers.
Trust level: values are untrusted text, compared here and never shown.
Residual risk: two people of one name, of whom no number and no birth date was read, are one.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from wetink.contracts import case_record
from wetink.contracts.reading import FieldReading
from wetink.folding import fold

Likeness = Literal["same", "near", "unknown", "other"]
"""One person; so alike that a slip of pen or scanner may be all that differs; not to be told; two people."""

_APOSTROPHES = re.compile("['\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}`]")
_WITHOUT_ACCENT = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "\N{LATIN SMALL LETTER DOTLESS I}": "i"}
)
_LETTERS_ALIKE = str.maketrans({"0": "o", "1": "i", "l": "i", "|": "i", "5": "s", "8": "b", "2": "z", "6": "g"})
_DIGITS_ALIKE = str.maketrans({"o": "0", "i": "1", "l": "1", "|": "1", "s": "5", "b": "8", "z": "2", "g": "6"})
_KEPT = 10_000
"""Answers that are remembered: a case is judged many times, and its people stay the same."""
_FEW_DIGITS = 7
"""A-Numbers and UCIs have more: what has fewer was read in part."""


@dataclass(frozen=True)
class Person:
    """What a paper says of a person, made comparable: words of the name, digits of the numbers; empty if unread.

    `birth_date` is eight digits, the year first; `given` are the words of the name that are given names for sure.
    """

    name: tuple[str, ...] = ()
    a_number: str = ""
    uci: str = ""
    birth_date: str = ""
    given: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether anything could be read."""
        return self != Person()

    def with_more(self, other: "Person") -> "Person":
        """The same person, with what another page adds."""
        return Person(
            self.name or other.name,
            self.a_number or other.a_number,
            self.uci or other.uci,
            self.birth_date or other.birth_date,
            self.given if self.name else other.given,
        )


def person_of(fields: Iterable[FieldReading]) -> Person:
    """The person that the `person.` fields of a form name."""
    values: dict[str, list[str]] = {}
    for field in fields:
        if field.value:
            values.setdefault(field.purpose, []).append(field.value)
    names = [text for purpose in sorted(values) if _is_name(purpose) for text in values[purpose]]
    return Person(
        tuple(dict.fromkeys(word for name in names for word in _words(name))),
        _number(_last(values, "person.a_number")),
        _number(_last(values, "person.uci")),
        _day(_last(values, "person.birth_date")),
        tuple(word for name in values.get("person.given_name", ()) for word in _words(name)),
    )


def person_in_case(person: case_record.Person) -> Person:
    """Somebody of the case's record."""
    name, number = tuple(_words(person.name or "")), _number(person.a_number or "")
    return Person(name, number, birth_date=_day(str(person.birth_date or "")))


@lru_cache(maxsize=_KEPT)
def likeness(one: Person, other: Person) -> Likeness:
    """How alike two people are, whatever the order, the accents and the case of their names.

    The same number is the same person whatever the name, for names change. A number alone does not tell people of
    one name apart: it may be what was corrected. Letters and digits that look alike are one; any other slip, and
    another family name with the same given name, makes people `near`: Mario's form must never count as a
    correction of Maria's, nor raise an alarm there.
    """
    numbers = {_of_digits(one.a_number, other.a_number), _of_digits(one.uci, other.uci)}
    names, days = _of_names(one.name, other.name), _of_days(one.birth_date, other.birth_date)
    if "same" in numbers:
        return "same"
    if names in ("same", "part"):
        if days == "other":
            return "other" if "other" in numbers else "near"
        return "same" if names == "same" or days == "same" else "unknown"
    if names == "other":
        is_renamed = _has_given_name(one, other) or _has_given_name(other, one)
        return "near" if is_renamed or (days == "same" and shares_name(one, other)) else "other"
    signs = {names, days, *numbers}
    return next((sign for sign in ("near", "other") if sign in signs), "unknown")


def shares_name(one: Person, other: Person) -> bool:
    """Whether a word of one name is in the other, as in a family."""
    return any(_is_slip(word, like) for word in one.name for like in other.name)


def is_contradicted(one: Person, other: Person) -> bool:
    """Whether numbers or birth dates, whatever the names, are those of two people."""
    return likeness(replace(one, name=()), replace(other, name=())) == "other"


def _has_given_name(one: Person, other: Person) -> bool:
    return any(_is_slip(word, like) for word in one.given for like in other.name)


def _is_name(purpose: str) -> bool:
    return purpose.startswith("person.") and purpose.endswith("name")


def _last(values: dict[str, list[str]], purpose: str) -> str:
    return values.get(purpose, [""])[-1]


def _words(untrusted_text: str) -> list[str]:
    plain = fold(_APOSTROPHES.sub("", untrusted_text)).translate(_WITHOUT_ACCENT)
    words = re.findall(r"[\w|]+", plain.replace("_", " "))
    return [word.translate(_LETTERS_ALIKE).replace("rn", "m").replace("vv", "w") for word in words]


def _number(untrusted_text: str) -> str:
    text = re.sub(r"^[\s#:]*a(?=[\W\d_ol])", "", untrusted_text.casefold())
    return re.sub(r"\D", "", text.translate(_DIGITS_ALIKE)).lstrip("0")


def _day(untrusted_text: str) -> str:
    """Eight digits, the year first; empty when it is no whole date."""
    numbers = re.findall(r"\d+", untrusted_text.casefold().translate(_DIGITS_ALIKE))
    if len(numbers) != 3:
        return ""
    if len(numbers[0]) == 4:
        year, month, day = numbers
    else:
        month, day, year = numbers
    digits = year + month.zfill(2) + day.zfill(2)
    return digits if len(digits) == 8 else ""


def _of_digits(one: str, other: str) -> Likeness:
    if not one or not other:
        return "unknown"
    if one == other:
        return "same"
    if min(len(one), len(other)) < _FEW_DIGITS:
        return "unknown"
    return "near" if _distance(one, other) <= 2 else "other"


def _of_days(one: str, other: str) -> Likeness:
    if not one or not other:
        return "unknown"
    if one == other:
        return "same"
    is_turned = one[:4] == other[:4] and one[4:6] == other[6:] and one[6:] == other[4:6]
    return "near" if is_turned or _distance(one, other) <= 1 else "other"


def _of_names(one: tuple[str, ...], other: tuple[str, ...]) -> Likeness | Literal["part"]:
    """`part`: one name holds the other (a second given name, a part that could not be read)."""
    if not one or not other or _is_latin(one) != _is_latin(other):
        return "unknown"
    if Counter(one) == Counter(other) or _joined(one) & _joined(other):
        return "same"
    if not Counter(one) - Counter(other) or not Counter(other) - Counter(one):
        return "part"
    return "near" if _is_near(*sorted((one, other), key=len)) else "other"


def _joined(name: tuple[str, ...]) -> set[str]:
    """The name as one word, whichever of its words comes first: `De la Cruz` and `Delacruz` are one name."""
    return {"".join(name[first:] + name[:first]) for first in range(len(name))}


def _is_near(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether each word of the shorter name has a word of its own in the longer one that may be the same."""
    left = list(long)
    for word in short:
        like = next((other for other in left if word == other), None)
        like = like or next((other for other in left if _is_slip(word, other) or _is_initial(word, other)), None)
        if like is None:
            return False
        left.remove(like)
    return True


def _is_slip(one: str, other: str) -> bool:
    allowed = min(len(one), len(other)) // 3
    return abs(len(one) - len(other)) <= allowed and _distance(one, other) <= min(allowed, 2)


def _is_initial(one: str, other: str) -> bool:
    return min(len(one), len(other)) == 1 and one[0] == other[0]


def _is_latin(name: tuple[str, ...]) -> bool:
    return all(word.isascii() for word in name)


def _distance(one: str, other: str) -> int:
    """How many letters must be changed, added, dropped or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, like in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != like))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == like:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
