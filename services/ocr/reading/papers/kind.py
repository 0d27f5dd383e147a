"""Which kind of paper it is: by what stands as its heading, and what it says besides.

Place in the pipeline: called by `paper`. Trust level: untrusted words. Residual risk: a paper may call itself what
it is not; that is for people to see.

A kind needs its heading, or the lines of a passport that machines read, or a letter's beginning and end; and it
must be ahead of every other kind, for letters speak of certificates, and marriage certificates of births.
"""

import re
from collections.abc import Sequence

from services.ocr.reading.papers.cues import BODIES, CLOSINGS, FORM_WORDS, SALUTATIONS, TITLES
from services.ocr.reading.papers.lines import Line, usual_height
from services.ocr.reading.papers.mrz import has_passport_mrz
from wetink.contracts.reading import PaperKind

_HEADING = 4
_MENTION = 1
_MOST_OF_BODY = 3
_LETTER_END = 3
_MRZ = 8
_NEEDED = 4
_AHEAD = 2
_HEAD_SHARE = 0.4
"""A heading stands in this upper part of the lines, or is set larger than the rest."""
_LARGER = 1.3
_HEADING_WORDS = 12
_FORM_WORDS_NEEDED = 3
_SURE = 50.0
_LEGIBLE_WORDS = 15


def kind_of(lines: Sequence[Line]) -> PaperKind | None:
    """The kind of a paper by its lines; `evidence` when it is none of those known, null when hardly legible."""
    words = [word for line in lines for word in line.words]
    if has_passport_mrz(lines):
        return "passport"
    text = " ".join(line.folded for line in lines)
    scores = {kind: _score(kind, lines, text) for kind in TITLES}
    scores["letter"] = _letter_score(lines)
    if sum(cue in text for cue in FORM_WORDS) >= _FORM_WORDS_NEEDED:
        return "form"
    first, second = sorted(scores, key=lambda kind: -scores[kind])[:2]
    if scores[first] >= _NEEDED and scores[first] >= scores[second] + _AHEAD:
        return first
    is_legible = sum(word.confidence >= _SURE and len(word.text) > 1 for word in words) >= _LEGIBLE_WORDS
    return "evidence" if is_legible else None


def _score(kind: PaperKind, lines: Sequence[Line], text: str) -> int:
    body = sum(bool(re.search(rf"\b{re.escape(cue)}\b", text)) for cue in BODIES[kind])
    score = min(_MOST_OF_BODY, body)
    if any(_has_heading(title, lines) for title in TITLES[kind] if title in text):
        return score + _HEADING
    return score + (_MENTION if any(title in text for title in TITLES[kind]) else 0)


def _has_heading(title: str, lines: Sequence[Line]) -> bool:
    larger = _LARGER * usual_height([word for line in lines for word in line.words])
    return any(
        title in line.folded
        and len(line.words) <= _HEADING_WORDS
        and 2 * len(title) >= len(line.folded)
        and (place < max(5, _HEAD_SHARE * len(lines)) or line.height >= larger)
        for place, line in enumerate(lines)
    )


def _letter_score(lines: Sequence[Line]) -> int:
    begins = any(line.folded.startswith(SALUTATIONS) for line in lines[: max(12, len(lines) // 2)])
    ends = any(is_closing(line) for line in lines)
    return _LETTER_END * (begins + ends)


def is_closing(line: Line) -> bool:
    """Whether the line is how a letter ends."""
    words = line.folded.strip(" ,.;:-")
    return words in CLOSINGS or (words.endswith(CLOSINGS) and len(line.words) <= 5)
