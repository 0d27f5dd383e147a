"""What a page says it is: the grammars of barcode text and printed footers.

Place in the pipeline: used by the digital and the scanned way, by `text` and by `learn`. Trust level: text from a
client's page; it is believed only in these exact shapes. Residual risk: a page may claim to be another one.
"""

import re
from typing import NamedTuple


class Identity(NamedTuple):
    """Form, edition (`YYYY-MM-DD` or `YYYY-MM`) and page in the form, as far as the text tells."""

    form: str
    edition: str | None
    form_page: int | None


class SeveralPagesError(ValueError):
    """Several pages of forms lie on one sheet: none of them can be taken for the page."""


_BARCODE = re.compile(r"^([A-Z]{1,4}-\d+[A-Z]*)\|(\d\d)/(\d\d)/(\d\d)(?: [A-Z])?\|(\d{1,3})$")
_FORM = re.compile(
    r"(?<![A-Za-z])Form\s+([A-Z]{1,4}-\d+[A-Z]*)\b(?!\s+Instructions)(?:(?!Expires)[^\n]){0,24}?"
    r"(\d\d)/(\d\d)/(?:20)?(\d\d)(?!\d)"
)
_PAGE = re.compile(r"\bPage\s+(\d{1,3})(?:\s+of\s+(\d{1,3}))?", re.IGNORECASE)
_MISREAD_FORM = re.compile(r"\bForm ?[I1l|!\[\]]-(?=\d)")
_MISREAD_DAY = re.compile(r"\b(\d\d)[/.:](\d\d)[/.:](\d\d)\b")
_MISREAD_PAGE = re.compile(r"(?<=Page )[Il|](?= of)")
_APART = re.compile(r"(?<=\d)\s*/\s*(?=\d)")
_IMM = re.compile(r"\b(IMM)\s?(\d{4}[A-Z]?)\s{0,3}\((\d\d)-(\d{4})\)", re.IGNORECASE)


def read_barcode_text(untrusted_text: str) -> Identity | None:
    """The identity in a barcode's text `FORM|MM/DD/YY|PAGE`; null when it is anything else."""
    found = _BARCODE.match(untrusted_text)
    if not found:
        return None
    form, month, day, year, page = found.groups()
    edition = _day(year, month, day)
    return Identity(form, edition, int(page)) if edition and int(page) else None


def find_footer(untrusted_text: str) -> Identity | None:
    """The identity in a printed footer such as `Form I-130 Edition 04/01/24 Page 1 of 12`; null without one.

    The last match counts, for a footer comes last.
    """
    page = next(iter(_PAGE.findall(untrusted_text)[-1:]), None)
    number = (int(page[0]) or None) if page else None
    forms = [found.groups() for found in _FORM.finditer(untrusted_text)]
    if forms:
        form, month, day, year = forms[-1]
        return Identity(form, _day(year, month, day), number)
    canadian = [found.groups() for found in _IMM.finditer(untrusted_text)]
    if canadian:
        letters, digits, month, full_year = canadian[-1]
        return Identity(f"{letters.upper()} {digits}", f"{full_year}-{month}", number)
    return None


def find_only_footer(untrusted_text: str) -> Identity | None:
    """The same at the foot of a page; `SeveralPagesError` when the footers of several pages stand there."""
    forms, numbers = _FORM.findall(untrusted_text), set(_PAGE.findall(untrusted_text))
    if len(forms) > 1 and len(numbers) > 1:
        raise SeveralPagesError
    return find_footer(untrusted_text)


def page_told(untrusted_text: str) -> tuple[int, int] | None:
    """The page's number, and how many pages the form has, as printed in a footer."""
    found = [(int(number), int(total)) for number, total in _PAGE.findall(untrusted_text) if total]
    return found[-1] if found else None


def find_recognised_footer(untrusted_text: str) -> Identity | None:
    """The same in text that was recognised on pixels, where an I is often read as a 1 or a bar."""
    text = _APART.sub("/", " ".join(untrusted_text.split()))
    text = _MISREAD_DAY.sub(r"\1/\2/\3", _MISREAD_FORM.sub("Form I-", text))
    return find_footer(_MISREAD_PAGE.sub("1", text))


def _day(year: str, month: str, day: str) -> str | None:
    is_possible = 1 <= int(month) <= 12 and 1 <= int(day) <= 31
    return f"20{year}-{month}-{day}" if is_possible else None
