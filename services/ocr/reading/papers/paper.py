"""Joins what is known of a paper that is no known form to its text.

Place in the pipeline: called by `text` once the words of a page are known. Trust level: untrusted words and
pixels. Residual risk: that of the parts.
"""

from collections.abc import Sequence

from services.ocr.reading.papers.kind import kind_of
from services.ocr.reading.papers.language import language_of
from services.ocr.reading.papers.lines import lines_of
from services.ocr.reading.papers.photo import is_photo
from services.ocr.reading.papers.signing import lines_to_sign
from services.ocr.reading.papers.statements import statements_of
from services.ocr.reading.raster import Pixels
from wetink.contracts.reading import PageText, PaperKind


def look_at(text: PageText, picture: Pixels, advice: Sequence[str] = ()) -> PageText:
    """The text with kind, language, statements and places to sign; `picture` (BGR) is that of its boxes."""
    lines = lines_of(text.words)
    to_sign = lines_to_sign(lines, picture)
    kind: PaperKind | None = "form" if text.form else kind_of(lines)
    if kind is None and "dark" not in advice and is_photo(text.words, picture):
        kind = "photo"
    return text.model_copy(
        update={
            "kind": kind,
            "language": language_of(text.words),
            "states": statements_of(lines, to_sign),
            "lines_to_sign": to_sign,
            "advice": list(advice),
        }
    )
