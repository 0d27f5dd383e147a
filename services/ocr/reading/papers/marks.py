"""What is drawn on a paper besides its words: ruled lines, and marks of a pen.

Place in the pipeline: called by `signing`. Trust level: a client's pixels. Residual risk: print that was not
recognised as words looks like a mark; hence the doubts in `Drawing.ink_in`.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from services.ocr.reading.ink import DARK, darkness
from services.ocr.reading.place import BoxPx
from services.ocr.reading.raster import Pixels
from wetink.contracts.reading import Ink, Word

_RULE_PX = 55
_WALL_PX = 34
_CROSSING_PX = 9
"""What is on both sides of a ruled line within so many pixels goes across it."""
_THICKEST_RULE_PX = 5.5
_SPECK_PX = 4
_TALLEST_MARK_PX, _WIDEST_MARK_PX = 130, 440
"""What is larger is a seal, a picture or the table on which the paper lies."""
_THICKEST_PEN_PX = 6.0
_EMPTY_PX, _SURE_PX = 20, 70
_SURE_HEIGHT_PX, _SURE_WIDTH_PX = 10, 12
_LETTERS_IN_PRINT = 5
_TALLEST_LETTER_PX = 22
_MOST = 0.5
_SURE_WORD, _SURE_SHORT_WORD = 60.0, 88.0

Span = tuple[float, float]


class Rule(NamedTuple):
    """A ruled line, across the page or down it: where it lies in pixels, from `start` to `end`."""

    at: int
    start: int
    end: int


class Drawing:
    """A paper's picture without its words; `words` are those that were recognised."""

    def __init__(self, picture: Pixels, words: Iterable[Word]) -> None:
        ink = (darkness(picture) < DARK).astype(np.uint8)
        self.height, self.width = ink.shape
        self._print = np.zeros(ink.shape, np.bool_)
        for left, top, width, height in (word.box_px for word in words if is_print(word)):
            self._print[max(0, top - 1) : top + height + 1, max(0, left - 1) : left + width + 1] = True
        drawn = np.where(self._print, 0, ink).astype(np.uint8)
        ruled, self.rules = _rules(drawn, _RULE_PX)
        _, self.walls = _rules(np.ascontiguousarray(drawn.T), _WALL_PX)
        _, *found = cv2.connectedComponentsWithStats(_without(ruled, ink), connectivity=8)
        self._labels, self._stats = np.asarray(found[0], np.int32), np.asarray(found[1], np.int32)

    def ink_in(self, zone: BoxPx) -> Ink:
        """Whether a pen was in the zone; `unsure` where it may be print, a seal or a speck."""
        where = (slice(zone.top, zone.bottom), slice(zone.left, zone.right))
        part = np.where(self._print[where], 0, self._labels[where])
        inside = np.bincount(part.ravel(), minlength=len(self._stats))
        inside[0] = 0
        own = (inside > 0) & (self._stats[:, cv2.CC_STAT_AREA] >= _SPECK_PX)
        is_large = (self._stats[:, cv2.CC_STAT_HEIGHT] > _TALLEST_MARK_PX) | (
            self._stats[:, cv2.CC_STAT_WIDTH] > _WIDEST_MARK_PX
        )
        marks = own & ~is_large
        ink_px = int(inside[marks].sum())
        if inside[own & is_large].sum() >= _SURE_PX:
            return "unsure"
        if ink_px < _EMPTY_PX:
            return "absent"
        stats = self._stats[marks]
        is_sure = (
            ink_px >= _SURE_PX
            and int(stats[:, cv2.CC_STAT_HEIGHT].max()) >= _SURE_HEIGHT_PX
            and int(stats[:, cv2.CC_STAT_WIDTH].max()) >= _SURE_WIDTH_PX
            and _pen_px(marks[part]) <= _THICKEST_PEN_PX
            and not _looks_printed(stats)
        )
        return "present" if is_sure else "unsure"


def _without(ruled: NDArray[np.uint8], ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The ink without the ruled lines, whole where something goes across them."""
    is_ruled = cv2.dilate(ruled, np.ones((3, 3), np.uint8)) > 0
    rest = np.where(is_ruled, 0, ink).astype(np.uint8)
    crossing = cv2.morphologyEx(rest, cv2.MORPH_CLOSE, np.ones((_CROSSING_PX, 1), np.uint8))
    return np.where(is_ruled, crossing, ink).astype(np.uint8)


def is_print(word: Word) -> bool:
    """Whether a word is certainly printed: what a pen wrote is recognised with doubt, or as a letter or two."""
    letters = sum(character.isalnum() for character in word.text)
    return word.confidence >= (_SURE_WORD if letters > 3 else _SURE_SHORT_WORD) and letters > 0


def _rules(ink: NDArray[np.uint8], shortest_px: int) -> tuple[NDArray[np.uint8], list[Rule]]:
    """The long thin lines along the rows, as pixels and as places."""
    thick = cv2.dilate(ink, np.ones((3, 1), np.uint8))
    long = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, shortest_px), np.uint8))
    _, *found = cv2.connectedComponentsWithStats(long, connectivity=8)
    labels, stats = np.asarray(found[0], np.int32), np.asarray(found[1], np.int32)
    is_thin = stats[:, cv2.CC_STAT_AREA] <= _THICKEST_RULE_PX * stats[:, cv2.CC_STAT_WIDTH]
    is_thin[0] = False
    rules = [
        Rule(int(top + height / 2), int(left), int(left + width)) for left, top, width, height, _ in stats[is_thin]
    ]
    return (is_thin[labels] & (ink > 0)).astype(np.uint8), rules


def _pen_px(marks: NDArray[np.bool_]) -> float:
    """Mean width of the strokes: in a bar of width w the mean distance to its edge is w / 4."""
    distance = cv2.distanceTransform(marks.astype(np.uint8), cv2.DIST_L2, 3)
    return float(4 * distance[marks].mean() - 2)


def _looks_printed(stats: NDArray[np.int32]) -> bool:
    """Small separate marks on one straight line, as a printer makes them."""
    heights = stats[:, cv2.CC_STAT_HEIGHT]
    letters = stats[(heights >= 6) & (heights <= _TALLEST_LETTER_PX)]
    if len(letters) < _LETTERS_IN_PRINT or heights.max() > _TALLEST_LETTER_PX:
        return False
    feet = letters[:, cv2.CC_STAT_TOP] + letters[:, cv2.CC_STAT_HEIGHT]
    return bool(np.mean(np.abs(feet - np.median(feet)) <= 1) >= 0.6)


def nearest(rules: Sequence[Rule], at: float, within: Span, across: Span) -> Rule | None:
    """The rule nearest to `at` among those `within` two heights that reach over most of `across`."""
    left, right = across
    near = [
        rule
        for rule in rules
        if within[0] <= rule.at <= within[1]
        and min(rule.end, right) - max(rule.start, left) >= _MOST * (right - left)
    ]
    return min(near, key=lambda rule: abs(rule.at - at), default=None)
