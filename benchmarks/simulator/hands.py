"""Hands that never existed: signatures of many styles as strokes in a unit of height, and handwritten digits.

A stroke is a polyline (n x 2, x to the right, y down, the writing about 1 high). The same random generator always
writes the same.
"""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Stroke = NDArray[np.float64]
Writing = list[Stroke]

_DIGITS = {
    "0": [[(0.5, 0), (0.1, 0.3), (0.1, 0.8), (0.5, 1), (0.8, 0.7), (0.8, 0.2), (0.5, 0)]],
    "1": [[(0.2, 0.25), (0.5, 0), (0.5, 1)]],
    "2": [[(0.1, 0.25), (0.4, 0), (0.75, 0.25), (0.4, 0.7), (0.1, 1), (0.8, 0.95)]],
    "3": [[(0.1, 0.1), (0.6, 0.05), (0.6, 0.35), (0.3, 0.45), (0.75, 0.65), (0.5, 1), (0.1, 0.9)]],
    "4": [[(0.4, 0), (0.1, 0.6), (0.8, 0.6)], [(0.6, 0.3), (0.6, 1)]],
    "5": [[(0.7, 0), (0.2, 0), (0.2, 0.4), (0.7, 0.5), (0.6, 0.95), (0.1, 0.95)]],
    "6": [[(0.6, 0), (0.2, 0.5), (0.3, 1), (0.7, 0.8), (0.5, 0.5), (0.2, 0.7)]],
    "7": [[(0.1, 0), (0.75, 0), (0.35, 1)]],
    "8": [[(0.6, 0.1), (0.2, 0.2), (0.7, 0.7), (0.4, 1), (0.2, 0.7), (0.7, 0.2), (0.5, 0)]],
    "9": [[(0.7, 0.2), (0.3, 0.05), (0.2, 0.4), (0.7, 0.3), (0.6, 1)]],
    "/": [[(0.7, -0.1), (0.1, 1.1)]],
}


def smooth(corners: Stroke, steps: int = 8) -> Stroke:
    """A soft line through the points (Catmull-Rom)."""
    if len(corners) < 3:
        return corners
    points = np.vstack([corners[:1], corners, corners[-1:]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    parts = []
    for a, b, c, d in zip(points, points[1:], points[2:], points[3:], strict=False):
        parts.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        )
    return np.vstack([*parts, corners[-1:]])


def digits(random: Generator, text: str) -> Writing:
    """A handwritten row of digits and slashes."""
    strokes: Writing = []
    x = 0.0
    for character in text:
        for corners in _DIGITS[character]:
            shaken = np.array(corners) + random.normal(0, 0.035, (len(corners), 2))
            strokes.append(smooth(shaken * (0.65, 1) + (x, random.normal(0, 0.03))))
        x += random.uniform(0.55, 0.8)
    return strokes


def _cursive(random: Generator, humps: int, wildness: float) -> Writing:
    """Joined loops that run to the right, some tall, some deep; perhaps an underline."""
    x, corners = 0.0, [(0.0, 0.7)]
    for _ in range(humps):
        top = random.uniform(0.0, 0.25) if random.random() < wildness else random.uniform(0.4, 0.6)
        foot = random.uniform(1.0, 1.3) if random.random() < wildness / 3 else random.uniform(0.75, 0.9)
        step = random.uniform(0.15, 0.4)
        lean = random.uniform(-0.1, 0.25)
        corners += [(x + step * 0.6 + lean, top), (x + step * 0.3, foot), (x + step, random.uniform(0.6, 0.8))]
        x += step
    strokes = [smooth(np.array(corners))]
    if random.random() < 0.3:
        strokes.append(smooth(np.array([(0, 1.1), (x * 0.5, random.uniform(1.0, 1.2)), (x, 1.05)])))
    return strokes


def _long(random: Generator) -> Writing:
    return _cursive(random, int(random.integers(8, 16)), 0.5)


def _short(random: Generator) -> Writing:
    return _cursive(random, int(random.integers(2, 5)), 0.8)


def _even(random: Generator) -> Writing:
    """Many small humps of one height."""
    return _cursive(random, int(random.integers(10, 18)), 0.12)


def _initials(random: Generator) -> Writing:
    strokes: Writing = []
    for letter in range(int(random.integers(2, 4))):
        for _ in range(int(random.integers(1, 4))):
            corners = random.uniform(0, 1, (int(random.integers(3, 5)), 2)) * (0.7, 1) + (letter * 0.85, 0)
            strokes.append(smooth(corners))
    return strokes


def _cross(random: Generator) -> Writing:
    """An X, the mark of somebody who does not write."""
    one = np.array([(0.05, 0.05), (0.95, 0.95)]) + random.normal(0, 0.07, (2, 2))
    other = np.array([(0.9, 0.0), (0.05, 1.0)]) + random.normal(0, 0.07, (2, 2))
    return [one, other]


def _block(random: Generator) -> Writing:
    """Printed capital letters, each of a few straight strokes."""
    strokes: Writing = []
    for letter in range(int(random.integers(4, 11))):
        x = letter * 0.75
        strokes.append(np.array([(x + 0.1, 0), (x + 0.1, 1)]) + random.normal(0, 0.05, (2, 2)))
        for _ in range(int(random.integers(1, 3))):
            y = random.uniform(0, 1, 2)
            strokes.append(np.array([(x + 0.1, y[0]), (x + 0.55, y[1])]))
    return strokes


def _square(random: Generator) -> Writing:
    """Signs built of bars and sweeps in squares, as in Chinese."""
    strokes: Writing = []
    for sign in range(int(random.integers(2, 4))):
        for _ in range(int(random.integers(5, 10))):
            x, y = random.uniform(0, 0.6, 2)
            length = random.uniform(0.25, 0.8)
            way = random.choice(4)
            dx, dy = ((length, -0.05), (0.02, length), (-length / 2, length), (length / 2, length))[way]
            corners = np.array([(x, y), (x + dx / 2 + 0.03, y + dy / 2), (x + dx, y + dy)])
            strokes.append(smooth(np.clip(corners, 0, 1) + np.array([sign * 1.15, 0])))
    return strokes


def _flowing(random: Generator) -> Writing:
    """A low line with bowls and dots, as in Arabic."""
    x, corners, strokes = 0.0, [(0.0, 0.6)], []
    for _ in range(int(random.integers(3, 7))):
        step = random.uniform(0.3, 0.7)
        corners += [(x + step * 0.5, random.uniform(0.8, 1.1)), (x + step, random.uniform(0.45, 0.7))]
        if random.random() < 0.3:
            corners += [(x + step, random.uniform(-0.1, 0.1)), (x + step + 0.05, 0.65)]
        if random.random() < 0.7:
            dot = np.array([x + step * 0.5, random.choice([0.3, 1.25])])
            strokes.append(np.array([dot, dot + 0.05]))
        x += step
    return [smooth(np.array(corners)), *strokes]


def _hanging(random: Generator) -> Writing:
    """Signs that hang from a bar, as in Devanagari."""
    count = int(random.integers(3, 7))
    strokes = [np.array([(0, 0.1), (count * 0.7, 0.1 + random.normal(0, 0.05))])]
    for sign in range(count):
        x = sign * 0.7
        strokes.append(np.array([(x + 0.55, 0.1), (x + 0.55, 1.0)]))
        strokes.append(smooth(random.uniform(0.1, 0.95, (4, 2)) * (0.55, 1) + (x, 0)))
    return strokes


def _rings(random: Generator) -> Writing:
    """Circles and bars, as in Hangul."""
    strokes: Writing = []
    turn = np.linspace(0, 2 * np.pi, 20)
    for sign in range(int(random.integers(2, 4))):
        x = sign * 1.1
        radius = random.uniform(0.15, 0.25)
        ring = np.stack([np.cos(turn), np.sin(turn)], 1) * radius + (x + 0.3, random.uniform(0.3, 0.7))
        strokes.append(ring)
        strokes.append(np.array([(x + 0.75, 0), (x + 0.75, 1)]) + random.normal(0, 0.04, (2, 2)))
        strokes.append(np.array([(x + 0.1, 0.05), (x + 0.6, 0.05)]) + random.normal(0, 0.04, (2, 2)))
    return strokes


def _lazy(random: Generator) -> Writing:
    """One capital and a line that hardly moves."""
    corners = [(0.0, 0.9), (0.2, 0.0), (0.4, 0.9)]
    corners += [(0.6 + 0.35 * step, 0.8 + random.normal(0, 0.06)) for step in range(int(random.integers(3, 9)))]
    return [smooth(np.array(corners))]


STYLES: dict[str, Callable[[Generator], Writing]] = {
    "long": _long,
    "short": _short,
    "even": _even,
    "initials": _initials,
    "cross": _cross,
    "block": _block,
    "square": _square,
    "flowing": _flowing,
    "hanging": _hanging,
    "rings": _rings,
    "lazy": _lazy,
}
