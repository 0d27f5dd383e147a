"""Words put together to lines, as a reader sees them.

Place in the pipeline: first step of every look at a paper. Trust level: untrusted words. Residual risk: lines of a
page that lies badly askew may be cut in two.
"""

from collections.abc import Iterable, Sequence
from statistics import median
from typing import NamedTuple

from wetink.contracts.reading import Word
from wetink.folding import fold

_GAP_HEIGHTS = 3.0
"""A gap of so many letter heights parts columns."""


class Line(NamedTuple):
    """Words that stand together on one line; `folded` is the text without case and accents, box in pixels."""

    words: tuple[Word, ...]
    text: str
    folded: str
    left: int
    top: int
    right: int
    bottom: int

    @property
    def height(self) -> int:
        """Height of its highest word."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Half way down."""
        return (self.top + self.bottom) / 2


def lines_of(words: Iterable[Word]) -> list[Line]:
    """The lines from top to bottom; what stands apart on one line is a line of its own."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=_middle):
        if rows and abs(_middle(word) - _middle(rows[-1][-1])) < 0.5 * max(word.box_px[3], rows[-1][-1].box_px[3]):
            rows[-1].append(word)
        else:
            rows.append([word])
    return [line for row in rows for line in _parts(sorted(row, key=lambda word: word.box_px[0]))]


def usual_height(words: Iterable[Word]) -> float:
    """The median height of words, in pixels; 0 without words."""
    return median([word.box_px[3] for word in words] or [0])


def _middle(word: Word) -> float:
    return word.box_px[1] + word.box_px[3] / 2


def _parts(row: Sequence[Word]) -> Iterable[Line]:
    start = 0
    gap = _GAP_HEIGHTS * usual_height(row)
    for end in range(1, len(row) + 1):
        if end == len(row) or row[end].box_px[0] - (row[end - 1].box_px[0] + row[end - 1].box_px[2]) > gap:
            yield _line(row[start:end])
            start = end


def _line(words: Sequence[Word]) -> Line:
    text = " ".join(word.text for word in words)
    return Line(
        words=tuple(words),
        text=text,
        folded=fold(text),
        left=min(word.box_px[0] for word in words),
        top=min(word.box_px[1] for word in words),
        right=max(word.box_px[0] + word.box_px[2] for word in words),
        bottom=max(word.box_px[1] + word.box_px[3] for word in words),
    )
