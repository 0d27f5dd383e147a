"""What lies on paper beside pens: highlighter, watermark, stamps, flags, dirt, folds, the other side's ink.

All of it is no writing: an empty place with any of it is still empty, a signed one still signed.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.random import Generator

from benchmarks.simulator.hands import STYLES
from benchmarks.simulator.pens import PENS, draw
from benchmarks.simulator.sheet import PX_PER_PT, Sheet, typed
from wetink.contracts.reading import BoxPt

Hazard = Callable[[Sheet, BoxPt, Generator], None]


def highlighter(sheet: Sheet, box: BoxPt, random: Generator) -> None:
    """A felt stripe across the place."""
    left, top, right, bottom = sheet.to_px(box)
    wide, high = int(right - left + random.uniform(-20, 60)), int(bottom - top + random.uniform(-10, 20))
    cover = np.full((max(8, high), max(8, wide)), random.uniform(0.6, 0.95), np.float32)
    cover = cv2.GaussianBlur(cover, (0, 0), 2)
    colours = ((90, 255, 255), (120, 255, 140), (200, 140, 255), (255, 210, 120), (80, 190, 255))
    sheet.put(cover, left - 15, top - 5, colours[random.integers(len(colours))])


def watermark(sheet: Sheet, box: BoxPt, random: Generator) -> None:
    """Large pale letters across the page, as DRAFT or COPY."""
    left, top, right, bottom = sheet.to_px(box)
    words = typed(str(random.choice(["DRAFT", "COPY", "SAMPLE"])), random.uniform(180, 400))
    high, wide = words.shape
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), random.uniform(-50, 50), 1)
    turn[:, 2] += (wide - high) / 2 * np.array([0, 1])
    words = cv2.warpAffine(words, turn, (wide, wide)) * random.uniform(0.1, 0.3)
    x = (left + right) / 2 - wide * random.uniform(0.3, 0.7)
    sheet.put(words.astype(np.float32), x, (top + bottom) / 2 - wide * random.uniform(0.35, 0.65), (90, 90, 90))


def flag(sheet: Sheet, box: BoxPt, random: Generator) -> None:
    """A sticky arrow that points at the place and reaches into it, SIGN HERE on it."""
    left, top, right, bottom = sheet.to_px(box)
    high, wide = int(40 * PAPER), int(random.uniform(90, 140) * PAPER)
    x = int(left - wide + random.uniform(-10, 30)) if random.random() < 0.5 else int(right - random.uniform(0, 30))
    y = int((top + bottom) / 2 - high / 2 + random.normal(0, 6))
    x, y = max(0, x), max(0, y)
    area = sheet.pixels[y : y + high, x : x + wide]
    colours = ((60, 220, 255), (150, 130, 255), (110, 230, 120))
    area[:] = colours[random.integers(len(colours))]
    sheet.put(typed("SIGN HERE", 16 * PAPER), x + 8, y + high / 3, (40, 40, 160))


def dirt(sheet: Sheet, box: BoxPt, random: Generator) -> None:
    """What a copier's glass leaves: specks, some in heaps, some larger."""
    high, wide = sheet.pixels.shape[:2]
    left, top, right, bottom = sheet.to_px(box)
    for _ in range(int(random.uniform(20, 250))):
        x, y = int(random.uniform(0, wide)), int(random.uniform(0, high))
        cv2.circle(sheet.pixels, (x, y), int(random.choice([0, 0, 1, 1, 2])), (60, 60, 60), -1)
    for _ in range(int(random.uniform(3, 25))):
        x, y = int(random.uniform(left - 40, right + 40)), int(random.uniform(top - 40, bottom + 40))
        cv2.circle(sheet.pixels, (x, y), int(random.choice([0, 0, 1, 1, 2, 3])), (70, 70, 70), -1)


def streak(sheet: Sheet, box: BoxPt, random: Generator) -> None:
    """A line along the whole page, from a scratched drum or a hair on the glass."""
    left, _, right, _ = sheet.to_px(box)
    x = int(random.uniform(left, right))
    shade = int(random.uniform(40, 200))
    end = x + int(random.normal(0, 3))
    cv2.line(sheet.pixels, (x, 0), (end, sheet.pixels.shape[0]), (shade,) * 3, int(random.integers(1, 4)))


def fold(sheet: Sheet, box: BoxPt, random: Generator) -> None:
    """A crease across the page near the place."""
    _, top, _, bottom = sheet.to_px(box)
    y = random.uniform(top - 60, bottom + 60)
    high = sheet.pixels.shape[0]
    distance = np.abs(np.arange(high, dtype=np.float32) - y)
    shade = 1 - random.uniform(0.08, 0.3) * np.exp(-distance / random.uniform(2, 14))
    sheet.pixels[:] = (sheet.pixels * shade[:, None, None]).astype(np.uint8)


def other_side(sheet: Sheet, box: BoxPt, random: Generator) -> None:
    """Ink of the sheet's other side that shows through, mirrored."""
    left, top, right, bottom = sheet.to_px(box)
    writing = STYLES["long"](random)
    cover = draw(writing, random.uniform(30, 70), PENS[3], random)[:, ::-1]
    cover = cv2.GaussianBlur(cover * random.uniform(0.06, 0.16), (0, 0), 2.0)
    sheet.put(cover, random.uniform(left - 50, right), random.uniform(top - 40, bottom), (60, 60, 60))


def stain(sheet: Sheet, box: BoxPt, random: Generator) -> None:
    """The ring of a cup."""
    left, top, right, bottom = sheet.to_px(box)
    size = int(random.uniform(200, 420))
    ring = np.zeros((size, size), np.float32)
    cv2.circle(ring, (size // 2, size // 2), int(size * 0.4), 1.0, int(random.uniform(5, 18)))
    ring = cv2.GaussianBlur(ring, (0, 0), 4) * random.uniform(0.1, 0.3)
    sheet.put(ring, random.uniform(left - size / 2, right), random.uniform(top - size, bottom), (60, 110, 160))


def stamp(sheet: Sheet, box: BoxPt, random: Generator) -> None:
    """An office's stamp across the place: RECEIVED and a day in a ring."""
    left, top, right, bottom = sheet.to_px(box)
    wide, high = int(random.uniform(280, 420)), int(random.uniform(150, 240))
    mark = np.zeros((high, wide), np.float32)
    cv2.ellipse(mark, (wide // 2, high // 2), (wide // 2 - 6, high // 2 - 6), 0, 0, 360, 1.0, 5, cv2.LINE_AA)
    for text, y in ((str(random.choice(["RECEIVED", "ORIGINAL", "COPY"])), 0.3), ("MAR 25 2026", 0.55)):
        words = typed(text, high * 0.18)
        x, down = (wide - words.shape[1]) // 2, int(high * y)
        mark[down : down + words.shape[0], x : x + words.shape[1]] = words
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), random.uniform(-25, 25), 1)
    mark = cv2.warpAffine(mark, turn, (wide, high)) * random.uniform(0.5, 0.95)
    colours = ((40, 30, 180), (150, 60, 30), (60, 60, 60))
    x, y = random.uniform(left - wide / 3, right - wide / 2), random.uniform(top - high * 0.8, bottom - high * 0.3)
    sheet.put(mark.astype(np.float32), x, y, colours[random.integers(len(colours))])


PAPER = PX_PER_PT / 2.2
HAZARDS: dict[str, Hazard] = {
    "highlighter": highlighter,
    "watermark": watermark,
    "flag": flag,
    "dirt": dirt,
    "streak": streak,
    "fold": fold,
    "other side": other_side,
    "stain": stain,
}
