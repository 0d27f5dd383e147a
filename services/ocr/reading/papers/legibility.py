"""What a retake of a page should do better, where the page could hardly be read.

Place in the pipeline: called by `paper`. Trust level: a client's pixels. Residual risk: a page that was read well
gets no advice, however it looks; handwriting is read badly on good pictures too.
"""

from collections.abc import Sequence
from statistics import fmean

import cv2
import numpy as np

from services.ocr.reading.papers.lines import Line, lines_of, usual_height
from services.ocr.reading.raster import Pixels
from wetink.contracts.reading import Word

_WELL_READ = 75.0
_FEWEST_WORDS = 5
_TILE_PX = 64
_CONTRAST = 40
_SHARP = 0.22
"""Of its contrast a sharp edge takes this much or more from one pixel to the next; twice that when in focus."""
_FEWEST_TILES = 6
_SMALL_LETTERS_PX = 11.0
"""Words lower than this, at the size in which they are recognised."""
_DARK_PAPER = 90
_FAINT_CONTRAST = 45
_EDGE_PX = 3
_LINES_CUT = 4


def advice_for(words: Sequence[Word], page: Pixels, words_scale: float) -> list[str]:
    """Codes `blurred`, `too_small`, `dark`, `faint`, `cut_off`.

    `page` is the grey picture as it was recognised; a word's box times `words_scale` is its place there.
    """
    advice = ["cut_off"] if _is_cut_off(lines_of(words), page, words_scale) else []
    if _is_well_read(words):
        return advice
    tiles = _written_tiles(page)
    if len(tiles) < _FEWEST_TILES:
        return advice
    contrast = tiles[:, 0]
    paper = float(np.median(tiles[:, 2]))
    told = {
        "blurred": float(np.median(tiles[:, 1] / contrast)) < _SHARP,
        "too_small": 0 < usual_height(words) * words_scale < _SMALL_LETTERS_PX,
        "dark": paper < _DARK_PAPER,
        "faint": float(np.median(contrast)) < _FAINT_CONTRAST,
    }
    return [code for code, is_so in told.items() if is_so] + advice


def _is_well_read(words: Sequence[Word]) -> bool:
    long = [word.confidence for word in words if len(word.text) > 1]
    return len(long) >= _FEWEST_WORDS and fmean(long) >= _WELL_READ


def _written_tiles(page: Pixels) -> np.ndarray:
    """Of each tile with something on it: its contrast, its steepest step, its brightness."""
    high, wide = (size // _TILE_PX * _TILE_PX for size in page.shape[:2])
    if not high or not wide:
        return np.empty((0, 3))
    steps = np.abs(cv2.Sobel(page[:high, :wide], cv2.CV_32F, 1, 0, ksize=1)) / 2

    def cut(pixels: np.ndarray) -> np.ndarray:
        rows, columns = high // _TILE_PX, wide // _TILE_PX
        return pixels.reshape(rows, _TILE_PX, columns, _TILE_PX).swapaxes(1, 2).reshape(rows * columns, -1)

    grey = cut(page[:high, :wide])
    bright, dark = np.percentile(grey, 90, axis=1), np.percentile(grey, 2, axis=1)
    tiles = np.stack([bright - dark, np.percentile(cut(steps), 99, axis=1), bright], axis=1)
    return tiles[tiles[:, 0] >= _CONTRAST / 2]


def _is_cut_off(lines: Sequence[Line], page: Pixels, scale: float) -> bool:
    """Whether many lines begin or end at the very edge of the picture."""
    wide = page.shape[1] / scale
    left = sum(line.left <= _EDGE_PX for line in lines)
    right = sum(line.right >= wide - _EDGE_PX for line in lines)
    return bool(max(left, right) >= _LINES_CUT)
