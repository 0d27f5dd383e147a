"""Reads a date that is there as pixels only: by hand, typed on paper, or drawn by a program.

Place in the pipeline: called for a date's place with ink in it. Trust level: a client's pixels. Residual risk: two
readers trained on the same material may share an error; `benchmarks/reading_dates.py` counts how often.

Two readers must agree on every digit and both must be sure, otherwise the date is `unsure`: a misread date is
worse than one that a person looks at.
"""

import re
from collections import defaultdict
from typing import NamedTuple

from services.ocr.reading import date_ink, date_readers
from services.ocr.reading.dates import DateValue, Grammar, read_typed_date
from services.ocr.reading.marks import Crop

SURE_LINE, SURE_DIGITS = 0.99, 0.95
"""How likely the text must be to the sequence and to the digit reader."""
_STRANGE = 0.05
"""Weight of a text that is no day by the form's grammar, or of a year in which nobody signs, against others."""
_LIKELY_YEARS = ("2000", "2049")
_LIKE_A_DATE = re.compile(r"\d{1,2} \d{1,2} (\d{2}|\d{4})|\d{4} \d{1,2} \d{1,2}")
_DIGITS_OF_A_DAY = 8
UNSURE = DateValue(None, "unsure")

Groups = tuple[str, ...]


class Opinion(NamedTuple):
    """What one reader holds for the likeliest: the numbers, how likely, and how they are written."""

    groups: Groups
    likely: float
    text: str


def date_in(crop: Crop, untrusted_text: str | None, grammar: Grammar) -> DateValue:
    """The day of a place: its text where the page has text there, else what its pixels show."""
    typed = read_typed_date(untrusted_text, grammar)
    return read_date(crop, grammar) if typed.status is None else typed


def read_date(crop: Crop, grammar: Grammar) -> DateValue:
    """The date in a crop at 200 dpi laid over the blank form; `unsure` when the readers do not agree."""
    found = date_ink.strokes(crop.dark, crop.printed, crop.box)
    if found is None:
        return UNSURE
    line = date_ink.to_size(*found)
    first = opinion(date_readers.by_sequence(line), grammar)
    if first is None or first.likely < SURE_LINE:
        return UNSURE
    second = opinion(date_readers.by_digits(line), grammar)
    if second is None or second.likely < SURE_DIGITS or second.groups != first.groups:
        return UNSURE
    return read_typed_date(first.text, grammar)


def opinion(texts: dict[str, float], grammar: Grammar) -> Opinion | None:
    """The likeliest numbers of a reader's texts; None when it reads letters or nothing like three numbers."""
    shares: dict[Groups, float] = defaultdict(float)
    written: dict[Groups, str] = {}
    for text, likely in sorted(texts.items(), key=lambda item: (-item[1], item[0])):
        as_date = _with_separators(text, grammar)
        groups = tuple(re.findall(r"[\d?]+", as_date))
        written.setdefault(groups, as_date)
        day = read_typed_date(as_date, grammar).value
        is_likely = day is not None and _LIKELY_YEARS[0] <= day[:4] <= _LIKELY_YEARS[1]
        shares[groups] += likely * (1 if is_likely else _STRANGE)
    if not shares:
        return None
    best = max(shares, key=lambda groups: (shares[groups], groups))
    if not _LIKE_A_DATE.fullmatch(" ".join(best)):
        return None
    return Opinion(best, shares[best] / sum(shares.values()), written[best])


def _with_separators(text: str, grammar: Grammar) -> str:
    """The text with single separators between numbers; eight digits in a row are a date without any."""
    text = re.sub(r"([/.-])[/.-]+", r"\1", text).strip("/.-")
    if not (len(text) == _DIGITS_OF_A_DAY and text.isdigit()):
        return text
    if grammar == "mm/dd/yyyy":
        return f"{text[:2]}/{text[2:4]}/{text[4:]}"
    return f"{text[:4]}-{text[4:6]}-{text[6:]}"
