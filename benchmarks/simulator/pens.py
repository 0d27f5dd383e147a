"""Pens, and how writing looks on paper that was made with one."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.simulator.hands import Writing

PAPER_DPI = 240
_FINE = 2
"""Strokes are drawn at so many times the paper's resolution."""

Cover = NDArray[np.float32]


@dataclass(frozen=True)
class Pen:
    """Colour (BGR), width in mm from and to, how much of the paper it covers (0..1), how grainy it is."""

    name: str
    colour: tuple[int, int, int]
    width_mm: tuple[float, float]
    cover: float = 0.95
    grain: float = 0.1


PENS = (
    Pen("blue ballpoint", (140, 50, 25), (0.3, 0.6)),
    Pen("black ballpoint", (35, 30, 30), (0.3, 0.6)),
    Pen("blue gel", (150, 35, 15), (0.5, 0.8), 1.0, 0.0),
    Pen("black gel", (20, 20, 20), (0.5, 0.9), 1.0, 0.0),
    Pen("fountain pen", (120, 45, 30), (0.4, 0.9), 0.9, 0.05),
    Pen("red pen", (40, 35, 200), (0.4, 0.6)),
    Pen("green pen", (60, 120, 30), (0.4, 0.6)),
    Pen("felt pen", (25, 20, 25), (1.0, 2.2), 1.0, 0.0),
    Pen("light blue", (225, 165, 100), (0.35, 0.6), 0.85),
    Pen("pencil", (110, 108, 105), (0.4, 0.7), 0.7, 0.45),
    Pen("faint ballpoint", (150, 80, 60), (0.25, 0.45), 0.45, 0.3),
)
FAINT = PENS[-3:]


def draw(writing: Writing, height_px: float, pen: Pen, random: Generator) -> Cover:
    """How much of the paper the pen covers (0..1) in a patch around the writing, at `PAPER_DPI`."""
    width_px = random.uniform(*pen.width_mm) / 25.4 * PAPER_DPI
    slant = random.normal(0, 0.12)
    strokes = [stroke @ np.array([[1, 0], [slant, 1]]) * height_px for stroke in writing]
    low = np.min([stroke.min(axis=0) for stroke in strokes], axis=0) - 2 * width_px
    high = np.max([stroke.max(axis=0) for stroke in strokes], axis=0) + 2 * width_px
    wide, tall = np.ceil((high - low) * _FINE).astype(int)
    mask = np.zeros((int(tall), int(wide)), np.uint8)
    for stroke in strokes:
        pressure = random.uniform(0.8, 1.15)
        points = np.rint((stroke - low) * _FINE * 16).astype(np.int32)
        cv2.polylines(
            mask,
            [points.reshape(-1, 1, 2)],
            isClosed=False,
            color=255,
            thickness=max(1, round(width_px * _FINE * pressure)),
            lineType=cv2.LINE_AA,
            shift=4,
        )
    small = cv2.resize(mask, None, fx=1 / _FINE, fy=1 / _FINE, interpolation=cv2.INTER_AREA)
    cover = small.astype(np.float32) / 255 * pen.cover
    if pen.grain:
        fine = cv2.GaussianBlur(random.normal(0, 1, cover.shape).astype(np.float32), (0, 0), 1.0)
        cover *= np.clip(1 - pen.grain * (0.4 + 1.8 * np.abs(fine)), 0.0, 1.0)
    return cover
