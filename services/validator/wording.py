"""The words of findings: places, parties and editions as they are printed on the forms.

Place in the pipeline: used by the rules. Trust level: names come from the catalogue and the requirements.
Residual risk: plain English only; wording informs, it never advises on law.
"""

from datetime import date
from textwrap import shorten

from services.validator.case_view import SeenPage, SlotView

_QUOTED_LENGTH = 40


def edition_text(form: str, edition: str | None) -> str:
    """An edition as it is printed: `08/21/25` on US forms, `09-2023` on Canadian ones, empty when unread."""
    if not edition:
        return ""
    year, month, *day = edition.split("-")
    if form.startswith("IMM") or not day:
        return f"{month}-{year}"
    return f"{month}/{day[0]}/{year[2:]}"


def form_text(form: str, edition: str | None) -> str:
    """A form with its edition, e.g. `Form I-765 08/21/25`."""
    return f"Form {form} {edition_text(form, edition)}".rstrip()


def place_text(slot: SlotView) -> str:
    """Where a slot is, e.g. `Form I-765 08/21/25, page 4, Part 3, Item 7.a`."""
    words = [page_text(slot.page)]
    if slot.reading.part:
        words.append(_part_text(slot.reading.part))
    if slot.reading.item:
        words.append(f"Item {slot.reading.item}")
    return ", ".join(words)


def page_text(page: SeenPage) -> str:
    """Which page of which form, e.g. `Form I-765 08/21/25, page 4`."""
    form = form_text(page.form, page.edition)
    return f"{form}, page {page.form_page}" if page.form_page else form


def day_text(day: date) -> str:
    """A day as people write it, e.g. `5 March 2026`."""
    return f"{day.day} {day:%B} {day.year}"


def quoted(untrusted_text: str) -> str:
    """What is written in a place, in quotation marks, cut when it is long."""
    return f'"{shorten(untrusted_text, _QUOTED_LENGTH, placeholder="...")}"'


def whose(party: str | None) -> str:
    """A party's possessive for the start of a sentence, e.g. `Applicant's`; `The` when it is not named."""
    return f"{_words(party).capitalize()}'s" if party else "The"


def who(party: str | None) -> str:
    """A party inside a sentence, e.g. `the applicant`."""
    return f"the {_words(party)}" if party else "the person named there"


def _words(party: str | None) -> str:
    return (party or "").replace("_", " ").replace("-", " ")


def _part_text(part: str) -> str:
    return f"Part {part.upper()}" if len(part) <= 2 else part.replace("-", " ").title()
