"""The fictional form `WT-100` for tests: blank, filled, signed, as a scan, as a photo, learned.

Three pages with a footer barcode, printed labels like those of real forms, places to sign and date for applicant,
interpreter and preparer. Everything is drawn; the same arguments always give the same bytes.
"""

from functools import cache

from services.ocr.catalogue.learn import learn
from services.ocr.catalogue.model import Entry
from tests.support.forms.drawing import EDITION, FORM, PARTIES, Party, blank_form, filled_form, officers_form
from tests.support.forms.letter import letter
from tests.support.forms.paper import as_photo, as_scan, drawn

__all__ = [
    "EDITION",
    "FORM",
    "PARTIES",
    "Party",
    "as_photo",
    "as_scan",
    "blank_form",
    "drawn",
    "filled_form",
    "learned",
    "letter",
    "officers_form",
]


@cache
def learned() -> Entry:
    """The catalogue entry of the blank form."""
    return learn(blank_form())
