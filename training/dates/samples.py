"""Samples for both readers: a line as the readers see it, its text, and whose ink is where."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.ocr.reading import date_ink, ink
from training.dates.damage import damage
from training.dates.glyphs import Part
from training.dates.texts import any_text
from training.dates.writing import Writer, Written, write

_KINDS = ("typed", "font", "digits", "pen")
_KIND_SHARES = (0.27, 0.28, 0.3, 0.15)
_WAY_SHARES = {"clean": 0.1, "scan": 0.45, "fax": 0.2, "photo": 0.25}
_LEAST_LEFT = 0.5


class Sample(NamedTuple):
    """`line` and `owner` are `HEIGHT_PX` x `WIDTH_PX`; `text` has "?" for a letter and no spaces."""

    line: NDArray[np.uint8]
    owner: NDArray[np.uint8]
    text: str
    kind: str
    way: str


def draw(material: Path, part: Part, random: np.random.Generator) -> Sample:
    """A sample of any kind."""
    while True:
        kind = str(random.choice(_KINDS, p=_KIND_SHARES))
        way = str(random.choice(list(_WAY_SHARES), p=list(_WAY_SHARES.values())))
        writer = Writer(kind, material, part, random)
        text = any_text(random, is_typed=writer.is_typed, has_letters=writer.has_letters)
        seen = see(write(text, writer, random), way, random)
        if seen is not None:
            return Sample(*seen, kind, way)


def see(
    written: Written, way: str, random: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], str] | None:
    """The line and owners after paper and scanner, and the text that is left; None when a digit is lost."""
    dark = ink.darkness(damage(written.page, way, random))
    found = date_ink.strokes(dark, written.printed, written.box)
    if found is None:
        return None
    grey, line = found
    left = np.bincount(written.owner[grey > 60].ravel(), minlength=256)
    drawn = np.bincount(written.owner.ravel(), minlength=256)
    text, renamed = "", np.zeros(256, np.uint8)
    renamed[255] = 255
    for place, character in enumerate(written.text):
        is_left = left[place + 1] >= _LEAST_LEFT * drawn[place + 1] > 0
        if not is_left and character not in "/-. ":
            return None
        if is_left:
            text += character if character in "0123456789/-." else "?"
            renamed[place + 1] = len(text)
    owner = date_ink.to_size(renamed[written.owner], line, interpolation=0)
    return date_ink.to_size(grey, line), owner, text
