"""Text without case and accents, so that words compare as a reader compares them.

Place in the pipeline: kinds and languages of papers, search in a case. Trust level: any text. Residual risk: words
that differ by an accent alone are the same word here.
"""

import re
import unicodedata

_ACCENTS = re.compile("[\u0300-\u036f]+")
"""As characters of their own, which stand behind their letter once it was taken apart."""
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Lower case, no accents, ligatures and wide letters as plain ones; may be longer or shorter than `text`."""
    if text.isascii():
        return text.lower()
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))


def words_of(text: str) -> list[str]:
    """The words of a text, folded: what stands between signs and spaces."""
    return _WORD.findall(fold(text))
