"""Reads a typed date by the form's own grammar.

Place in the pipeline: for values that are text already (form fields, text of a digital page). Trust level: a
client's text. Residual risk: what does not fit the grammar is left to the rules, never turned round here.
"""

import re
from datetime import date
from typing import Literal, NamedTuple

from wetink.contracts.reading import ValueStatus

Grammar = Literal["mm/dd/yyyy", "yyyy-mm-dd"]
_AMERICAN = re.compile(r"^\s*(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})\s*$")
_ISO = re.compile(r"^\s*(\d{4})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*$")


class DateValue(NamedTuple):
    """The day (`YYYY-MM-DD`), or why there is none; `text` is what is written there where that is certain."""

    value: str | None = None
    status: ValueStatus | None = None
    text: str | None = None


NO_DAY = DateValue()


def read_typed_date(untrusted_text: str | None, grammar: Grammar) -> DateValue:
    """The day that a typed text means; `unreadable` when it is no day in this grammar, null when it is empty."""
    if not untrusted_text or not untrusted_text.strip():
        return NO_DAY
    written = untrusted_text.strip()
    found = (_AMERICAN if grammar == "mm/dd/yyyy" else _ISO).match(untrusted_text)
    if not found:
        return DateValue(None, "unreadable", written)
    first, second, third = (int(number) for number in found.groups())
    year, month, day = (third, first, second) if grammar == "mm/dd/yyyy" else (first, second, third)
    try:
        return DateValue(date(year, month, day).isoformat(), "read", written)
    except ValueError:
        return DateValue(None, "unreadable", written)
