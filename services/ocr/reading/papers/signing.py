"""Where a paper is to be signed, and whether it is: by the labels beside ruled lines, and by how letters end.

Place in the pipeline: called by `paper`. Trust level: untrusted words and pixels. Residual risk: a signature far
from its label is not seen: a line says `absent` of its own place alone. `/s/` and typed names are `unsure`.
"""

import re
from collections.abc import Sequence

from services.ocr.reading.papers.days import read_day
from services.ocr.reading.papers.kind import is_closing
from services.ocr.reading.papers.lines import Line
from services.ocr.reading.papers.marks import Drawing, Rule, is_print, nearest
from services.ocr.reading.place import BoxPx
from services.ocr.reading.raster import Pixels
from wetink.contracts.reading import Ink, LineToSign

_SIGNATURE = (
    r"signatures?|signed|signed by|sign here|sign|signe|firma|firmado|assinatura"
    r"|unterschrift|unterzeichnet|handtekening|podpis|imza|semnatura|lagda"
)
_BEGINS = re.compile(rf"^\W*(?:x\W*)?(?:{_SIGNATURE})\b")
_ENDS = re.compile(rf"\b(?:{_SIGNATURE})\W*$")
_CONFORMED = re.compile(r"(?:^|\s)/s/(?:\s|$)")
_CROSS = re.compile(r"^x[_.\u2014\u2013-]{3,}", re.IGNORECASE)
_DATE_LABEL = re.compile(r"\b(?:date|dated|fecha|data|datum|le)\b")
_BLANK = re.compile(r"^[_.\u2026\u2014\u2013=-]+$")
_LABEL_WORDS = 8
_LABEL_CHARACTERS = 80
_INCH = 110
_ABOVE_PX, _BELOW_PX = int(0.45 * _INCH), int(0.13 * _INCH)
_LETTER_ROOM_PX = int(1.5 * _INCH)
_WIDE_PX = int(3.2 * _INCH)
_ROW_PX = int(0.35 * _INCH)
_SURE = 80.0


def lines_to_sign(lines: Sequence[Line], picture: Pixels) -> list[LineToSign]:
    """The places to sign from top to bottom; none when no label tells of one. `picture` is BGR or grey."""
    labelled = [line for line in lines if is_closing(line) or _is_label(line)]
    if not labelled:
        return []
    drawing = Drawing(picture, (word for line in lines for word in line.words))
    found: list[LineToSign] = []
    for line in labelled:
        place = _place_of(line, lines, drawing)
        if place is not None and not any(_overlap(place, other) for other in found):
            found.append(_line_to_sign(line, place, lines, drawing))
    return found


def _is_label(line: Line) -> bool:
    words = [word for word in line.words if not _BLANK.match(word.text)]
    if _CONFORMED.search(line.folded) or any(_CROSS.match(word.text) for word in line.words):
        return True
    text = " ".join(word for word in line.folded.split() if not _BLANK.match(word))
    return len(words) <= _LABEL_WORDS and bool(_BEGINS.match(text) or _ENDS.search(text))


def _place_of(line: Line, lines: Sequence[Line], drawing: Drawing) -> BoxPx | None:
    if _CONFORMED.search(line.folded):
        return BoxPx(line.left, max(0, line.top - 10), line.right, line.bottom + 5)
    if is_closing(line):
        return _below_closing(line, lines, drawing)
    return (
        _in_cell(line, drawing)
        or _on_rule(line, drawing)
        or (_right_of(line, lines, drawing) if line.text.rstrip(" _").endswith(":") else None)
    )


def _label_right(line: Line) -> int:
    """Where the label itself ends: what is left blank for the pen is often recognised as words too."""
    said = [
        word
        for word in line.words
        if word.confidence >= _SURE and not _BLANK.match(word.text) and not _CROSS.match(word.text)
    ]
    return max((word.box_px[0] + word.box_px[2] for word in said), default=line.left)


def _on_rule(line: Line, drawing: Drawing) -> BoxPx | None:
    """On a ruled line to the right of the label, above it, or below it."""
    right, high = _label_right(line), line.height
    beside = [
        rule
        for rule in drawing.rules
        if line.top + 0.3 * high <= rule.at <= line.bottom + 0.7 * high
        and rule.end >= right + _INCH // 2
        and rule.start <= right + 1.5 * _INCH
    ]
    if beside:
        rule = min(beside, key=lambda one: max(0, one.start - right))
        return _above(Rule(rule.at, max(rule.start, right + 2), rule.end), drawing)
    across, top, bottom = (line.left, right), line.top, line.bottom
    above = nearest(drawing.rules, top, (top - 1.8 * high, top + 0.4 * high), across)
    if above:
        return _above(above, drawing, lowest=top - 1)
    below = nearest(drawing.rules, bottom, (bottom + high, bottom + 0.8 * _INCH), across)
    return BoxPx(below.start, bottom + 1, below.end, below.at + _BELOW_PX) if below else None


def _above(rule: Rule, drawing: Drawing, lowest: int | None = None) -> BoxPx:
    """The room on a ruled line and a little below it, down to a label there."""
    bottom = max(rule.at + 1, min(rule.at + _BELOW_PX, lowest or drawing.height))
    return BoxPx(rule.start, max(0, rule.at - _ABOVE_PX), min(rule.end, drawing.width), bottom)


def _in_cell(line: Line, drawing: Drawing) -> BoxPx | None:
    """The cell of a table in which the label stands."""
    walls = [wall for wall in drawing.walls if wall.start <= line.middle <= wall.end]
    left = max((wall.at for wall in walls if wall.at <= line.left), default=None)
    right = min((wall.at for wall in walls if wall.at >= _label_right(line)), default=None)
    if left is None or right is None:
        return None
    floors = [
        rule.at for rule in drawing.rules if min(rule.end, right) - max(rule.start, left) > 0.7 * (right - left)
    ]
    top = max((at for at in floors if at <= line.top + 2), default=None)
    bottom = min((at for at in floors if at >= line.bottom - 2), default=None)
    if top is None or bottom is None:
        return None
    is_cell = bottom - top <= 2 * _INCH and bottom - top >= 1.5 * line.height
    has_room_below = bottom - line.bottom >= line.height
    return (
        BoxPx(left + 3, line.bottom + 1 if has_room_below else top + 3, right - 3, bottom - 1) if is_cell else None
    )


def _right_of(line: Line, lines: Sequence[Line], drawing: Drawing) -> BoxPx:
    """The room after a label with a colon, up to the next words."""
    left = _label_right(line) + 4
    others = [
        other.left
        for other in lines
        if other.left > left and abs(other.middle - line.middle) < line.height and _is_print_line(other)
    ]
    right = min([left + _WIDE_PX, drawing.width, *others])
    return BoxPx(left, max(0, line.top - _ABOVE_PX // 2), right, line.bottom + _BELOW_PX)


def _below_closing(line: Line, lines: Sequence[Line], drawing: Drawing) -> BoxPx:
    """Between the end of a letter and the name below it."""
    below = [
        other.top
        for other in lines
        if other.top > line.bottom + 0.3 * line.height
        and _is_print_line(other)
        and other.left < line.right + 2 * _INCH
    ]
    bottom = min([line.bottom + _LETTER_ROOM_PX, drawing.height, *below])
    left = max(0, line.left - _INCH // 2)
    return BoxPx(left, line.bottom + 2, min(left + _WIDE_PX + _INCH, drawing.width), max(bottom, line.bottom + 10))


def _is_print_line(line: Line) -> bool:
    """Words that no pen wrote: at least two that were recognised surely."""
    return sum(word.confidence >= _SURE and len(word.text) > 1 for word in line.words) >= 2


def _line_to_sign(line: Line, place: BoxPx, lines: Sequence[Line], drawing: Drawing) -> LineToSign:
    day = _date_beside(line, place, lines)
    return LineToSign(
        label=line.text[:_LABEL_CHARACTERS],
        box_px=(place.left, place.top, place.right - place.left, place.bottom - place.top),
        ink=_ink(line, place, lines, drawing),
        date=day,
    )


def _ink(line: Line, place: BoxPx, lines: Sequence[Line], drawing: Drawing) -> Ink:
    if _CONFORMED.search(line.folded):
        return "unsure"
    seen = drawing.ink_in(place)
    if seen == "absent" and _is_typed_on(line, place, lines):
        return "unsure"
    return seen


def _is_typed_on(label: Line, place: BoxPx, lines: Sequence[Line]) -> bool:
    """Whether words that are not the label's stand where the pen should have been."""
    low = place.top + (place.bottom - place.top) / 3
    return any(
        is_print(word)
        and place.left <= word.box_px[0] + word.box_px[2] / 2 <= place.right
        and low <= word.box_px[1] + word.box_px[3] / 2 <= place.bottom
        for line in lines
        if line is not label
        for word in line.words
        if not _BLANK.match(word.text) and not _DATE_LABEL.search(line.folded)
    )


def _date_beside(label: Line, place: BoxPx, lines: Sequence[Line]) -> str | None:
    """The day on the label's or the place's own row, or in the row below beside the word date."""
    for line in lines:
        is_beside = place.top - _ROW_PX // 2 <= line.middle <= place.bottom + _ROW_PX // 2
        is_labelled = abs(line.middle - label.middle) <= 2 * _ROW_PX and bool(_DATE_LABEL.search(line.folded))
        if (is_beside or is_labelled) and all(
            word.confidence >= _SURE for word in line.words if any(map(str.isdigit, word.text))
        ):
            day = read_day(line.text)
            if day:
                return day.isoformat()
    return None


def _overlap(place: BoxPx, other: LineToSign) -> bool:
    left, top, width, height = other.box_px
    across = min(place.right, left + width) - max(place.left, left)
    down = min(place.bottom, top + height) - max(place.top, top)
    return across > 0 and down > 0.3 * min(height, place.bottom - place.top)
