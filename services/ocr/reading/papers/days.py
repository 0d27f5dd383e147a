"""The day that a paper's text names, where it can only be that day.

Place in the pipeline: called by `signing` and `statements`. Trust level: untrusted text. Residual risk: 03/05/2026
is the third of May to some and the fifth of March to others, so it is no day here.
"""

import re
from datetime import date

from wetink.folding import fold

_MONTHS = (
    "jan(?:uary|vier)?|enero|ene|janeiro|gennaio|gen|januar",
    "feb(?:ruary|rero|braio|ruar)?|fevrier|fev(?:ereiro)?",
    "mar(?:ch|s|zo|co)?|maerz|marz",
    "apr(?:il|ile)?|avril|abr(?:il)?",
    "may|mai|mayo|maio|maggio",
    "june?|juin|junio|jun(?:ho|i)|giugno|giu",
    "july?|juillet|julio|jul(?:ho|i)|luglio|lug",
    "aug(?:ust)?|aout|agosto|ago",
    "sep(?:t|tember)?|septembre|septiembre|set(?:embro|tembre)?",
    "oct(?:ober|obre|ubre)?|out(?:ubro)?|ott(?:obre)?|okt(?:ober)?",
    "nov(?:ember|embre|iembre|embro)?",
    "dec(?:ember|embre)?|diciembre|dic(?:embre)?|dez(?:embro|ember)?",
)
_NAME = "|".join(f"(?P<m{number}>{names})" for number, names in enumerate(_MONTHS, 1))
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|o|\.)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_WRITTEN = (
    re.compile(rf"\b(?:{_NAME})\.?\s+{_DAY}\s*,?\s+{_YEAR}\b"),
    re.compile(rf"\b{_DAY}\s*(?:day\s+of\s+|de\s+|of\s+|-)?\s*(?:{_NAME})\.?\s*(?:,|de\s+|del\s+|-)?\s*{_YEAR}\b"),
)
_ISO = re.compile(rf"\b{_YEAR}[-/.](?P<month>\d\d)[-/.](?P<day>\d\d)\b")
_NUMBERS = re.compile(r"\b(?P<first>\d{1,2})[-/.](?P<second>\d{1,2})[-/.](?P<year>(?:19|20)?\d\d)\b")


def names_day(text: str) -> bool:
    """Whether some day is named, be it ambiguous or impossible."""
    folded = fold(text)
    return any(pattern.search(folded) for pattern in (*_WRITTEN, _ISO, _NUMBERS))


def read_day(text: str) -> date | None:
    """The first day that is named without doubt; null when there is none."""
    folded = fold(text)
    for pattern in _WRITTEN:
        if found := pattern.search(folded):
            month = next(number for number in range(1, 13) if found[f"m{number}"])
            return _day(found["year"], month, found["day"])
    if found := _ISO.search(folded):
        return _day(found["year"], int(found["month"]), found["day"])
    if (found := _NUMBERS.search(folded)) and len(found["year"]) == 4:
        first, second = int(found["first"]), int(found["second"])
        if first > 12 or first == second:
            return _day(found["year"], second, found["first"])
        if second > 12:
            return _day(found["year"], first, found["second"])
    return None


def _day(year: str, month: int, day: str) -> date | None:
    try:
        return date(int(year), month, int(day))
    except ValueError:
        return None
