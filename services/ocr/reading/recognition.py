"""Recognises the words on pixels, by Tesseract, and how a page lies when they make no sense.

Place in the pipeline: called by `text`, in the sandbox. Trust level: a client's pixels. Residual risk: Tesseract
is a program of its own; it gets one thread, a time limit, and the caller's temporary folder (`TMPDIR`), which the
caller wipes.
"""

import os
from collections.abc import Iterator

import pytesseract

from services.ocr.reading.raster import Pixels
from wetink.contracts.reading import Word

_WORDS = "--psm 11"
"""Sparse text: what forms and certificates are."""
_SURE = 60.0
_FEWEST_LETTERS = 40
_SURE_SHARE = 0.6
_LEAST_TURN_CONFIDENCE = 2.0


class TooSlowError(Exception):
    """Tesseract took longer than it was given."""


def read_words(page: Pixels, scale: float, timeout_s: float) -> list[Word]:
    """The words of a grey page, their boxes multiplied by `scale`; raises `TooSlowError`."""
    os.environ["OMP_THREAD_LIMIT"] = "1"  # unset, a page costs ten times the CPU time
    try:
        data = pytesseract.image_to_data(
            page, config=_WORDS, output_type=pytesseract.Output.DICT, timeout=timeout_s
        )
    except RuntimeError as error:
        if "timeout" in str(error).lower():
            raise TooSlowError from error
        raise
    return list(_words(data, scale))


def make_sense(words: list[Word]) -> bool:
    """Whether a page was recognised: most of its letters surely. A page with few letters makes none."""
    letters = [(len(word.text), word.confidence >= _SURE) for word in words if len(word.text) > 1]
    sure = sum(length for length, is_sure in letters if is_sure)
    return sure >= _FEWEST_LETTERS and sure >= _SURE_SHARE * sum(length for length, _ in letters)


def turns_needed(page: Pixels, timeout_s: float) -> int:
    """How many quarter turns to the left make the page upright; 0 when too little is on it to tell."""
    try:
        told = pytesseract.image_to_osd(page, output_type=pytesseract.Output.DICT, timeout=timeout_s)
    except RuntimeError:  # too few characters, too slow, or its data are not installed
        return 0
    is_sure = float(told["orientation_conf"]) >= _LEAST_TURN_CONFIDENCE
    return -int(told["rotate"]) // 90 % 4 if is_sure else 0


def _words(data: dict[str, list[str]], scale: float) -> Iterator[Word]:
    columns = (data[name] for name in ("text", "left", "top", "width", "height", "conf"))
    for text, left, top, width, height, confidence in zip(*columns, strict=True):
        if text.strip():
            numbers = (round(int(number) * scale) for number in (left, top, width, height))
            box: tuple[int, int, int, int] = tuple(numbers)  # type: ignore[assignment]
            yield Word(text=text.strip(), box_px=box, confidence=max(0.0, float(confidence)))
