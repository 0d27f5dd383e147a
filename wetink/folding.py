"""Text without case and accents, so that words compare as a reader compares them.

Place in the pipeline: kinds and languages of papers, search in a case. Trust level: any text. Residual risk: words
that differ by an accent alone are the same word here.
"""

import unicodedata


def fold(text: str) -> str:
    """Lower case, no accents, ligatures and wide letters as plain ones; may be longer or shorter than `text`."""
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
