"""The words of findings: places, parties and editions as they are printed on the forms.

Place in the pipeline: used by the rules. Trust level: names come from the catalogue and the requirements.
Residual risk: plain English only; wording informs, it never advises on law.
"""

from collections.abc import Collection
from datetime import date
from textwrap import shorten

from services.validator.case_view import SeenPage, SlotView
from wetink.contracts.reading import TranslatorStatement

_QUOTED_LENGTH = 40

_LANGUAGES = {
    "am": "Amharic",
    "ar": "Arabic",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "he": "Hebrew",
    "ht": "Haitian Creole",
    "hy": "Armenian",
    "it": "Italian",
    "ja": "Japanese",
    "ka": "Georgian",
    "ko": "Korean",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "th": "Thai",
    "tl": "Tagalog",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
_STATEMENTS: dict[TranslatorStatement, str] = {
    "complete_and_accurate": "the statement that it is complete and accurate",
    "competent": "the statement that the translator is competent",
    "name": "the translator's printed name",
    "contact": "the translator's address or telephone",
    "date": "the date",
    "signature": "the translator's signature",
}
_ADVICE = {
    "blurred": "in focus",
    "too_small": "from nearer",
    "dark": "in more light",
    "faint": "with stronger contrast",
    "cut_off": "with all four edges in the picture",
}


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


def language_text(tag: str) -> str:
    """A language by its tag (BCP 47), e.g. `Spanish`."""
    return _LANGUAGES.get(tag.partition("-")[0], "a foreign language")


def statement_text(statements: Collection[TranslatorStatement]) -> str:
    """What a translator states, as a list in words."""
    return ", ".join(_STATEMENTS[statement] for statement in statements)


def advice_text(codes: Collection[str]) -> str:
    """How a page is to be taken again, as the end of a sentence; empty when nothing is to be said."""
    return " and ".join(_ADVICE[code] for code in codes if code in _ADVICE)
