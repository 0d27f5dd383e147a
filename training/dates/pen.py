"""Characters drawn by strokes of our own: skeletons whose points move from writer to writer.

They bring what the fonts lack: European ones and sevens, open fours, crossed zeros, slashes of every slant.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from training.dates.glyphs import EM_PX, Glyph

Stroke = list[tuple[float, float]]
# x to the right, y down, both 0..1 in the character's box; each character has some ways of writing it.
_WAYS: dict[str, list[list[Stroke]]] = {
    "0": [
        [[(0.5, 0), (0.1, 0.2), (0, 0.5), (0.15, 0.85), (0.5, 1), (0.85, 0.8), (1, 0.5), (0.85, 0.15), (0.45, 0)]],
        [[(0.6, 0.02), (0.2, 0.1), (0, 0.5), (0.2, 0.95), (0.6, 1), (0.95, 0.7), (0.95, 0.3), (0.7, 0.02),
            (0.4, 0.1)]],
    ],
    "1": [
        [[(0.5, 0), (0.5, 0.5), (0.5, 1)]],
        [[(0.2, 0.25), (0.4, 0.12), (0.55, 0), (0.55, 0.5), (0.55, 1)]],
        [[(0, 0.5), (0.3, 0.25), (0.6, 0), (0.58, 0.5), (0.55, 1)]],
        [[(0.15, 0.25), (0.5, 0), (0.5, 1)], [(0.1, 1), (0.9, 1)]],
    ],
    "2": [
        [[(0.05, 0.25), (0.3, 0.02), (0.75, 0.05), (0.9, 0.3), (0.6, 0.65), (0.02, 0.98), (0.5, 0.97), (1, 0.97)]],
        [
            [(0.1, 0.2), (0.4, 0), (0.8, 0.1), (0.8, 0.4), (0.45, 0.75), (0.1, 0.95), (0.15, 0.75), (0.45, 0.85),
             (0.7, 1), (1, 0.9)],
        ],
    ],
    "3": [
        [[(0.05, 0.12), (0.5, 0), (0.9, 0.2), (0.7, 0.42), (0.35, 0.47), (0.8, 0.55), (0.98, 0.78), (0.55, 1),
            (0, 0.9)]],
        [[(0.05, 0), (0.9, 0), (0.4, 0.4), (0.85, 0.55), (0.95, 0.8), (0.5, 1), (0, 0.88)]],
    ],
    "4": [
        [[(0.15, 0), (0.05, 0.55), (0.5, 0.58), (1, 0.55)], [(0.75, 0), (0.72, 0.5), (0.7, 1)]],
        [[(0.65, 0), (0.3, 0.35), (0, 0.68), (0.5, 0.68), (1, 0.66)], [(0.68, 0), (0.68, 0.5), (0.66, 1)]],
        [[(0.65, 0), (0.3, 0.35), (0, 0.68), (0.5, 0.68), (1, 0.66)], [(0.7, 0.4), (0.68, 0.7), (0.66, 1)]],
    ],
    "5": [
        [[(0.2, 0), (0.12, 0.45), (0.5, 0.38), (0.9, 0.55), (0.9, 0.8), (0.5, 1), (0, 0.9)], [(0.2, 0),
            (0.6, 0), (0.95, 0)]],
        [[(0.95, 0), (0.2, 0.02), (0.12, 0.45), (0.55, 0.38), (0.92, 0.6), (0.8, 0.92), (0.4, 1), (0, 0.88)]],
        [[(0.9, 0.02), (0.3, 0.05), (0.25, 0.4), (0.7, 0.5), (0.75, 0.85), (0.4, 1), (0.05, 0.9)]],
    ],
    "6": [
        [[(0.75, 0), (0.3, 0.25), (0.05, 0.65), (0.2, 0.95), (0.6, 1), (0.95, 0.8), (0.8, 0.55), (0.45, 0.52),
            (0.1, 0.75)]],
        [[(0.5, 0), (0.2, 0.3), (0.05, 0.7), (0.3, 1), (0.8, 0.95), (0.9, 0.65), (0.5, 0.55), (0.15, 0.7)]],
    ],
    "7": [
        [[(0, 0.05), (0.5, 0.03), (1, 0.02), (0.65, 0.5), (0.4, 1)]],
        [[(0, 0.05), (0.5, 0.03), (1, 0.02), (0.65, 0.5), (0.4, 1)], [(0.3, 0.5), (0.9, 0.48)]],
        [[(0.02, 0.2), (0.05, 0.02), (0.5, 0.05), (1, 0), (0.6, 0.5), (0.45, 1)]],
        [[(0.02, 0.2), (0.05, 0.02), (0.5, 0.05), (1, 0), (0.6, 0.5), (0.45, 1)], [(0.25, 0.55), (0.85, 0.45)]],
    ],
    "8": [
        [
            [(0.75, 0.1), (0.4, 0), (0.12, 0.2), (0.5, 0.47), (0.9, 0.75), (0.5, 1), (0.08, 0.8), (0.45, 0.5),
             (0.85, 0.25), (0.6, 0.02)],
        ],
        [
            [(0.5, 0), (0.15, 0.2), (0.5, 0.45), (0.85, 0.22), (0.5, 0)],
            [(0.5, 0.45), (0.05, 0.75), (0.5, 1), (0.95, 0.75), (0.5, 0.45)],
        ],
    ],
    "9": [
        [[(0.9, 0.2), (0.5, 0), (0.1, 0.2), (0.15, 0.45), (0.5, 0.52), (0.9, 0.2), (0.85, 0.6), (0.8, 1)]],
        [[(0.85, 0.15), (0.4, 0), (0.05, 0.3), (0.4, 0.55), (0.85, 0.3), (0.9, 0.6), (0.6, 0.95), (0.1, 0.95)]],
    ],
    "/": [[[(1, 0), (0.5, 0.5), (0, 1)]], [[(0.9, 0), (0.6, 0.5), (0, 1)]], [[(0.65, 0), (0.5, 0.5), (0.35, 1)]]],
    "-": [[[(0, 0.5), (0.5, 0.5), (1, 0.5)]], [[(0, 0.6), (0.5, 0.5), (1, 0.45)]]],
    ".": [[[(0.4, 0.9), (0.5, 1), (0.6, 0.95)]]],
}  # fmt: skip


def glyph(character: str, random: np.random.Generator, pen_px: float) -> Glyph:
    """The character as one more writer draws it, with a pen of this width."""
    high = EM_PX * random.uniform(0.62, 0.78)
    wide = high * random.uniform(0.42, 0.85)
    rise = high
    if character == "/":
        high, wide = high * random.uniform(0.95, 1.5), wide * random.uniform(0.3, 1.1)
        rise = high * random.uniform(0.8, 1.0)
    elif character == "-":
        wide, high = wide * random.uniform(0.4, 1.0), high * 0.15
        rise = EM_PX * random.uniform(0.25, 0.45)
    elif character == ".":
        wide, high, rise = wide * 0.25, high * 0.12, high * random.uniform(0.1, 0.2)
    elif character == "1":
        wide *= 0.6
    ways = _WAYS[character]
    strokes = ways[random.integers(len(ways))]
    edge = int(pen_px + 4)
    canvas = np.zeros((int(high) + 2 * edge, int(wide) + 2 * edge), np.uint8)
    wobble = random.uniform(0.01, 0.06)
    for stroke in strokes:
        moved = np.array(stroke) + random.normal(0, wobble, (len(stroke), 2))
        curve = smooth(moved) * (wide, high) + edge
        points = np.clip(curve, 1, (canvas.shape[1] - 2, canvas.shape[0] - 2))
        draw(canvas, points, pen_px)
    return Glyph((canvas / 255).astype(np.float32), rise + edge, wide + random.uniform(3, 9) + pen_px)


def draw(canvas: NDArray[np.uint8], points: np.ndarray, pen_px: float) -> None:
    """A line through the points (n x 2, x and y) with a pen of this width."""
    corners = [np.round(points * 16).astype(np.int32)]
    cv2.polylines(
        canvas, corners, isClosed=False, color=255, thickness=max(1, round(pen_px)), lineType=cv2.LINE_AA, shift=4
    )


def smooth(points: np.ndarray) -> np.ndarray:
    """A curve through the points (Catmull-Rom)."""
    if len(points) < 3:
        return points
    ends = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, 8)[:, None]
    pieces = []
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        pieces.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        )
    return np.vstack(pieces)
