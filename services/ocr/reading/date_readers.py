"""The two readers of a date's line: one reads it as a sequence, one names each character by itself.

Place in the pipeline: halves of `dates_picture`. Trust level: a client's pixels; the weights are our own
(`services/ocr/dates/README.md` says how they came about). Residual risk: the sequence reader has seen many dates
and may see one where there is none; the digit reader sees one character at a time and may tear one in two. They
were told different things in training and must agree.

The nets are loaded once in a process; the sandbox's template does so before it forks.
"""

from collections import defaultdict
from functools import cache
from importlib.resources import files

import cv2
import numpy as np
from numpy.typing import NDArray

from services.ocr.reading.raster import Pixels

CHARACTERS = "0123456789/-.?"
"""What a reader can say; "?" is a letter or a sign that is in no date. The nets have a blank before them."""
_BEAM = 12
_LEAST = 1e-3
"""A character less likely than this at a step is not followed there."""


def load_nets() -> None:
    """Load both nets (7 MB); running them too would cost the template 12 MB more and save a child 8 ms."""
    for name in ("sequence.onnx", "digits.onnx"):
        _net(name)


def by_sequence(line: Pixels) -> dict[str, float]:
    """The likeliest texts of a line to the sequence reader, and how likely each is; 1 at most in all."""
    return texts(_steps("sequence.onnx", line))


def by_digits(line: Pixels) -> dict[str, float]:
    """The same of the digit reader."""
    return texts(_steps("digits.onnx", line))


def texts(steps: NDArray[np.float64]) -> dict[str, float]:
    """What the steps (n x 15, blank first) may say: a beam search in which a character may last some steps."""
    beam: dict[str, tuple[float, float]] = {"": (1.0, 0.0)}
    """Text to how likely it is to end in a blank, and in a character."""
    for step in steps:
        likely = np.flatnonzero(step[1:] > _LEAST).tolist()
        grown: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for text, (blank, ink) in beam.items():
            grown[text][0] += (blank + ink) * step[0]
            if text:
                grown[text][1] += ink * step[1 + CHARACTERS.index(text[-1])]
            for place in likely:
                character = CHARACTERS[place]
                before = blank if text and text[-1] == character else blank + ink
                grown[text + character][1] += before * step[1 + place]
        best = sorted(grown.items(), key=lambda item: (-sum(item[1]), item[0]))[:_BEAM]
        beam = {text: (blank, ink) for text, (blank, ink) in best}
    return {text: float(blank + ink) for text, (blank, ink) in beam.items()}


def _steps(name: str, line: Pixels) -> NDArray[np.float64]:
    """What the net of that name holds for likely at each step."""
    net = _net(name)
    net.setInput(cv2.dnn.blobFromImage(line, 1 / 255))
    scores = np.asarray(net.forward()[0, :, 0].T, np.float64)
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), np.float64)


@cache
def _net(name: str) -> cv2.dnn.Net:
    weights = files("services.ocr.dates").joinpath(name).read_bytes()
    return cv2.dnn.readNetFromONNX(np.frombuffer(weights, np.uint8))
