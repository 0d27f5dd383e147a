"""Are two marks the same picture? Compares fingerprints, as `SlotReading.fingerprint` carries them.

Place in the pipeline: fingerprints are made by ocr (`services.ocr.reading.fingerprint`) from the strokes of a
mark, and compared by whoever looks for a signature that was used twice. Pure Python on long integers: the service
that compares has no arrays. Trust level: made by the sandbox from a client's page; `ValueError` for what is none.
Residual risk: a copy that was stretched in one direction, turned or retouched is not known again.

A fingerprint is a canvas of cells, packed and in hex: the middle lines of the strokes, moved and scaled to one
size, and where the form's own print hid what was there. Two are the same picture where, at the best shift and
scale, `SAME` of the lines of each lie within one cell of the other's: a person who signs twice stays below.
"""

import math
import zlib
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

WIDTH, HEIGHT = 160, 96
"""Cells of the canvas; a multiple of eight."""
SAME = 0.92
SHAPE_REACH = (150, 150, 200, 350, 150, 150)
"""How far each number of `shape_of` may differ where the picture is the same."""
_SIZE = WIDTH * HEIGHT
_BYTES = _SIZE // 8
_CENTRE = (WIDTH // 2, HEIGHT // 2)
_SCALES = (1.0, 0.97, 1.03, 0.94, 1.06, 0.91, 1.09, 0.88, 1.12)
_SHIFT = 8
_COARSE = 3
_COARSELY_SAME = 0.85
_KNOWN = 0.5
"""Share of each mark's lines that must be known in the other one too."""


class _Canvas(NamedTuple):
    """Cells as bits of long integers: lines, the same made fat, what is not hidden; and how many lines."""

    lines: int
    fat: int
    known: int
    length: int


def pack(lines: bytes, hidden: bytes) -> str:
    """A fingerprint of two canvases, row by row, eight cells to a byte."""
    return zlib.compress(lines + hidden, 9).hex()


def are_same_picture(one: str, other: str) -> bool:
    """Whether two fingerprints are of the same picture; the order does not matter."""
    one, other = sorted((one, other))
    fixed = _canvas(other, 1.0)
    return any(_is_alike(_canvas(one, scale), fixed) for scale in _SCALES)


def shape_of(fingerprint: str) -> tuple[int, ...]:
    """Six numbers (thousandths) that say how a mark is built, so that many can be searched without their pictures.

    Of one picture, however moved, scaled or printed, each differs by at most `SHAPE_REACH`.
    """
    cells = _cells(fingerprint)[0]
    across, width = _standardised([cell % WIDTH for cell in cells])
    down, height = _standardised([cell // WIDTH for cell in cells])
    both = list(zip(across, down, strict=True))
    sums = (
        sum(x * y for x, y in both),
        sum(x**3 for x in across),
        sum(y**3 for y in down),
        sum(x * x * y for x, y in both),
        sum(x * y * y for x, y in both),
    )
    return tuple(round(1000 * number) for number in (math.log(width / height), *(one / len(both) for one in sums)))


def _standardised(values: list[int]) -> tuple[list[float], float]:
    """Values around their mean in units of their spread, and that spread."""
    if not values:
        raise ValueError("not a fingerprint")
    middle = sum(values) / len(values)
    spread = math.sqrt(sum((value - middle) ** 2 for value in values) / len(values)) or 1.0
    return [(value - middle) / spread for value in values], spread


def _is_alike(one: _Canvas, other: _Canvas) -> bool:
    coarse = range(-_SHIFT, _SHIFT + 1, _COARSE)
    rated = [(_likeness(one, other, x, y, reach=2), x, y) for y in coarse for x in coarse]
    best, x, y = max(rated)
    if best < _COARSELY_SAME:
        return False
    fine = range(-2, 3)
    return any(_likeness(one, other, x + dx, y + dy) >= SAME for dy in fine for dx in fine)


def _likeness(one: _Canvas, other: _Canvas, x: int, y: int, reach: int = 1) -> float:
    """Share of the lines of each, where the other one is known, that lie within `reach` cells of its lines."""
    by = y * WIDTH + x
    lines, fat, known = (_shifted(bits, by) for bits in (one.lines, one.fat, one.known))
    if reach == 2:
        fat = _fatter(fat)
    other_fat = other.fat if reach == 1 else _fatter(other.fat)
    seen, other_seen = lines & other.known, other.lines & known
    count, other_count = seen.bit_count(), other_seen.bit_count()
    if count < _KNOWN * one.length or other_count < _KNOWN * other.length:
        return 0.0
    return min((seen & other_fat).bit_count() / count, (other_seen & fat).bit_count() / other_count)


def _shifted(bits: int, by: int) -> int:
    return bits << by if by >= 0 else bits >> -by


def _fatter(bits: int) -> int:
    rows = bits | bits << 1 | bits >> 1
    return rows | rows << WIDTH | rows >> WIDTH


@lru_cache(maxsize=20_000)
def _canvas(fingerprint: str, scale: float) -> _Canvas:
    lines, hidden = (_scaled(cells, scale) for cells in _cells(fingerprint))
    whole = (1 << _SIZE) - 1
    lines &= ~hidden
    return _Canvas(lines, _fatter(lines), whole & ~hidden, lines.bit_count())


@lru_cache(maxsize=2_000)
def _cells(fingerprint: str) -> tuple[list[int], list[int]]:
    raw = zlib.decompressobj().decompress(bytes.fromhex(fingerprint), 2 * _BYTES + 1)
    if len(raw) != 2 * _BYTES:
        raise ValueError("not a fingerprint")
    return _ones(raw[:_BYTES]), _ones(raw[_BYTES:])


def _ones(raw: bytes) -> list[int]:
    return [8 * index + bit for index, byte in enumerate(raw) if byte for bit in range(8) if byte >> (7 - bit) & 1]


def _scaled(cells: Iterable[int], scale: float) -> int:
    """Cells moved away from the middle of the canvas, or towards it."""
    raw = bytearray(_SIZE)
    for cell in cells:
        y, x = divmod(cell, WIDTH)
        x = round((x - _CENTRE[0]) * scale) + _CENTRE[0]
        y = round((y - _CENTRE[1]) * scale) + _CENTRE[1]
        if 0 <= x < WIDTH and 0 <= y < HEIGHT:
            raw[y * WIDTH + x] = 1
    return int(raw.translate(bytes([48, 49]) + bytes(254)).decode("ascii"), 2)
