"""Search in a case: its pages' texts are decrypted and looked through, one after another; there is no index.

Place in the pipeline: behind `/v1/cases/{case_id}/search`. Trust level: texts are untrusted and are quoted in
part. Residual risk: what recognition misread is not found; a word that a line's end parts is two words.

A page is opened as data only when it has what is wanted: its words alone are taken from its JSON, which is five
times as quick.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pydantic import ValidationError

from wetink.contracts.reading import PageText, Word
from wetink.folding import words_of

BoxPx = tuple[int, int, int, int]
"""left, top, width, height in pixels of the page's picture."""

_SAID = re.compile(rb'"text":"((?:[^"\\]|\\.)*)"')
"""A word in a text's JSON, as `PageText` is written."""
_WORDS_AROUND = 8
_EXCERPT_CHARACTERS = 200


class Found(NamedTuple):
    """One place on a page: a box for each line that it covers, and the words around it."""

    boxes: list[BoxPx]
    excerpt: str


class _Token(NamedTuple):
    text: str
    word: int


def find_in_page(untrusted_text: bytes, wanted: Sequence[str]) -> tuple[PageText, list[Found]] | None:
    """Where the words `wanted` (folded) stand next to one another; null when nowhere.

    The last of them may go on: who looks for a number's beginning finds it.
    """
    said = b" ".join(_SAID.findall(untrusted_text)).decode("utf-8", "replace")
    if not wanted or f" {' '.join(wanted)}" not in f" {' '.join(words_of(said))}":
        return None
    try:
        page = PageText.model_validate_json(untrusted_text)
    except ValidationError:
        return None
    found = list(_places(page.words, wanted))
    return (page, found) if found else None


def _places(words: Sequence[Word], wanted: Sequence[str]) -> Iterator[Found]:
    tokens = [_Token(part, place) for place, word in enumerate(words) for part in words_of(word.text)]
    *whole, last = wanted
    for start in range(len(tokens) - len(whole)):
        end = start + len(whole)
        if tokens[end].text.startswith(last) and [token.text for token in tokens[start:end]] == whole:
            yield _found(words, tokens[start].word, tokens[end].word)


def _found(words: Sequence[Word], first: int, last: int) -> Found:
    around = words[max(0, first - _WORDS_AROUND) : last + 1 + _WORDS_AROUND]
    excerpt = " ".join(word.text for word in around)[:_EXCERPT_CHARACTERS]
    return Found(list(_by_line(words[first : last + 1])), excerpt)


def _by_line(words: Iterable[Word]) -> Iterator[BoxPx]:
    """One box around the words of each line."""
    box: BoxPx | None = None
    for word in words:
        if box is None:
            box = word.box_px
        elif _is_same_line(box, word.box_px):
            box = _around(box, word.box_px)
        else:
            yield box
            box = word.box_px
    if box is not None:
        yield box


def _is_same_line(one: BoxPx, other: BoxPx) -> bool:
    shared = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return 2 * shared >= min(one[3], other[3])


def _around(one: BoxPx, other: BoxPx) -> BoxPx:
    left, top = min(one[0], other[0]), min(one[1], other[1])
    right, bottom = max(one[0] + one[2], other[0] + other[2]), max(one[1] + one[3], other[1] + other[3])
    return left, top, right - left, bottom - top
