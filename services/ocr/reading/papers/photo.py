"""Is a page a photo of people or things, without text?

Place in the pipeline: called by `paper` for a page that says nothing. Trust level: a client's pixels. Residual
risk: a photo of a page that cannot be read may be taken for a photo when it is dark all over.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from services.ocr.reading.raster import Pixels
from wetink.contracts.reading import Word

_SURE = 60.0
_MOST_WORDS = 12
_SHADES_SHARE = 0.35
_PAPER, _BLACK = 225, 25


def is_photo(words: Sequence[Word], picture: Pixels) -> bool:
    """Few words, and shades between ink and paper over much of it."""
    if sum(word.confidence >= _SURE and len(word.text) > 2 for word in words) > _MOST_WORDS:
        return False
    small = cv2.resize(picture, (128, 128), interpolation=cv2.INTER_AREA)
    grey = small if small.ndim == 2 else small.mean(axis=2)
    is_shade = (grey > _BLACK) & (grey < _PAPER)
    varied = float(np.asarray(grey)[is_shade].std()) if is_shade.any() else 0.0
    return float(is_shade.mean()) >= _SHADES_SHARE and varied >= 20
