"""The printed text of a blank page: runs of words with their place, and what they head or number.

Place in the pipeline: used by `learn`. Trust level: a blank form, opened where client files are opened. Residual
risk: labels are found by nearness; a form with unusual geometry needs a human's correction.
"""

import ctypes
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from wetink.contracts.reading import BoxPt

_GAP_PT = 7.0
"""A wider gap on one line ends a run: numbers stand apart from their labels."""
_HEADING = re.compile(r"^(?:Part|Section)\s+(\d{1,2}|[A-H]|[IVX]{1,4})\s?[.:\u2013\u2014-]\s*(.*)", re.IGNORECASE)
_TITLE = re.compile(r"[A-Z0-9(]")
_TITLE_GAP_PT = 40.0
"""A title may stand that far from the number of its part."""
_SUPPLEMENT = re.compile(r"\b(Supplement [A-Z])$")
_HEADING_CAPITAL_PT = 7.8
"""Headings are set larger than the text; not all of them are bold."""
_UNDERSCORE = ord("_")
"""Typed lines to write on are no text: they are found as what they look like."""
_ITEM = re.compile(r"^(\d{1,2})\.\s*(?:([a-z])\.)?(?=\s|$)")


class Run(NamedTuple):
    """Words on one line; box in points, origin bottom left."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    is_bold: bool


class Heading(NamedTuple):
    """The start of a part, e.g. `3` and "Applicant's Statement"."""

    part: str
    title: str
    left: float
    bottom: float


class _Character(NamedTuple):
    text: str
    left: float
    right: float
    base: float
    top: float
    is_bold: bool


def read_runs(page: pdfium.PdfPage) -> list[Run]:
    """All runs of a page, top to bottom."""
    characters = sorted(_characters(page), key=lambda one: (-one.base, one.left))
    lines: list[list[_Character]] = []
    for character in characters:
        if lines and abs(lines[-1][0].base - character.base) < 2.5:
            lines[-1].append(character)
        else:
            lines.append([character])
    return [run for line in lines for run in _runs(sorted(line, key=lambda one: one.left))]


def _characters(page: pdfium.PdfPage) -> Iterable[_Character]:
    text = page.get_textpage()
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(text.count_chars()):
        code = pdfium_c.FPDFText_GetUnicode(text, index)
        if code <= 32 or code == _UNDERSCORE or pdfium_c.FPDFText_IsGenerated(text, index) == 1:
            continue
        # The loose box includes the space that belongs to a glyph: a narrow 1 is no gap.
        left, _, right, _ = text.get_charbox(index, loose=True)
        top = text.get_charbox(index)[3]
        pdfium_c.FPDFText_GetCharOrigin(text, index, x, y)
        is_bold = pdfium_c.FPDFText_GetFontWeight(text, index) >= 600
        yield _Character(chr(code), left, right, y.value, top, is_bold)


def _runs(line: list[_Character]) -> Iterable[Run]:
    start = 0
    for end in range(1, len(line) + 1):
        if end < len(line) and line[end].left - line[end - 1].right < _GAP_PT:
            continue
        part = line[start:end]
        text = part[0].text
        for before, after in pairwise(part):
            text += (" " if after.left - before.right > 0.8 else "") + after.text
        bold = sum(one.is_bold for one in part) > len(part) / 2
        top = max(one.top for one in part)
        yield Run(text.replace("\u2019", "'"), part[0].left, part[0].base, part[-1].right, top, bold)
        start = end


def find_headings(runs: Iterable[Run]) -> list[Heading]:
    """The parts that start (or are continued) on a page."""
    headings = []
    runs = list(runs)
    for run in runs:
        found = _HEADING.match(run.text)
        if found and (run.is_bold or run.top - run.bottom >= _HEADING_CAPITAL_PT):
            title = found.group(2) or _text_after(run, runs)
            if _TITLE.match(title):  # a sentence that goes on after "Part 4." is no heading
                headings.append(Heading(found.group(1).upper(), title, run.left, run.bottom))
        supplement = _SUPPLEMENT.search(run.text) if run.is_bold else None
        if supplement:
            headings.append(Heading(supplement.group(1), "", run.left, run.bottom))
    return headings


def _text_after(run: Run, runs: Iterable[Run]) -> str:
    """What follows on the line of a run."""
    after = [one for one in runs if abs(one.bottom - run.bottom) < 3 and 0 < one.left - run.right < _TITLE_GAP_PT]
    return min(after, key=lambda one: one.left).text if after else ""


def has_two_columns(runs: list[Run], width_pt: float) -> bool:
    """True when hardly any line of the page's body crosses its middle."""
    long = [run for run in runs if 45 < run.bottom < 720 and run.right - run.left > 200]
    crossing = [run for run in long if run.left < width_pt / 2 - 12 and run.right > width_pt / 2 + 6]
    return len(crossing) < 0.4 * len(long)


def read_item(text: str) -> str | None:
    """The item number a run starts with, e.g. `7.a`."""
    found = _ITEM.match(text)
    return ".".join(part for part in found.groups() if part) if found else None


def item_of(label: Run, runs: Iterable[Run]) -> str | None:
    """The number printed before a label, on its line."""
    own = read_item(label.text)
    if own:
        return own
    before = [
        run
        for run in runs
        if abs(run.bottom - label.bottom) < 4 and -2 < label.left - run.right < 40 and read_item(run.text)
    ]
    return read_item(max(before, key=lambda run: run.right).text) if before else None


def find_label(box: BoxPt, runs: Iterable[Run], wanted: re.Pattern[str]) -> Run | None:
    """The nearest run that matches: above the box (it may take three lines), on its line to the left, or below."""
    left, bottom, right, top = box
    near: list[tuple[float, Run]] = []
    for run in runs:
        if not wanted.search(run.text):
            continue
        overlaps = run.left < right and run.right > left - 6
        above, below = run.bottom - top, bottom - run.top
        if overlaps and -3 <= above <= 30:
            near.append((max(0.0, above), run))
        elif overlaps and -3 <= below <= 12:
            near.append((max(0.0, below) + 4, run))
        elif run.right <= left + 4 and left - run.right < 160 and bottom - 4 <= run.bottom <= top:
            near.append(((left - run.right) / 10, run))
    return min(near, key=lambda one: one[0])[1] if near else None


def text_right_of(box: BoxPt, runs: Iterable[Run], limit_pt: float, lowest_pt: float) -> str:
    """The text beside a check box, from its own line down to `lowest_pt`, up to `limit_pt`."""
    lines = [run for run in runs if box[2] - 2 <= run.left < limit_pt and lowest_pt <= run.bottom <= box[1] + 8]
    return " ".join(run.text for run in lines)
