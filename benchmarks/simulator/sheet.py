"""One sheet of paper: a form printed on it, and what people and machines put there.

Places are given in points of the form; printers scale and shift it, so where they are on the paper is known here
alone.
"""

import cv2
import numpy as np
import pypdfium2 as pdfium
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from benchmarks.simulator.pens import PAPER_DPI, Cover
from wetink.contracts.reading import BoxPt

Picture = NDArray[np.uint8]
PX_PER_PT = PAPER_DPI / 72


def printed(blank: bytes, page: int) -> Picture:
    """A page (from 1) of a blank form, grey, at `PAPER_DPI`; its barcode may be a field."""
    with pdfium.PdfDocument(blank) as document:
        document.init_forms()
        bitmap = document[page - 1].render(scale=PX_PER_PT, grayscale=True)
        pixels = bitmap.to_numpy()
        return np.array(pixels.reshape(pixels.shape[:2]), np.uint8)


class Sheet:
    """The paper (BGR); `scale` and `shift_px` say how the printer laid the form on it."""

    def __init__(self, blank: Picture, random: Generator) -> None:
        self.random = random
        is_fitted = random.random() < 0.4
        self.scale = random.uniform(0.92, 1.0) if is_fitted else 1.0
        height, width = blank.shape
        middle = np.array([width, height]) * (1 - self.scale) / 2
        self.shift_px = middle + random.uniform(-10, 10, 2)
        move = np.array([[self.scale, 0, self.shift_px[0]], [0, self.scale, self.shift_px[1]]])
        grey = cv2.warpAffine(blank, move, (width, height), flags=cv2.INTER_AREA, borderValue=(255, 255, 255))
        self.height_pt = height / PX_PER_PT
        self.pixels = cv2.cvtColor(_toner(grey, random), cv2.COLOR_GRAY2BGR)

    def to_px(self, box_pt: BoxPt) -> NDArray[np.float64]:
        """left, top, right, bottom on the paper."""
        left, bottom, right, top = box_pt
        corners = np.array([[left, self.height_pt - top], [right, self.height_pt - bottom]]) * PX_PER_PT
        return np.asarray((corners * self.scale + self.shift_px).ravel(), np.float64)

    def put(self, cover: Cover, x: float, y: float, colour: tuple[int, int, int]) -> None:
        """Lay a patch of colour on the paper, its left upper corner at x, y; ink darkens, as it does."""
        left, top = round(x), round(y)
        high, wide = self.pixels.shape[:2]
        x0, y0 = max(0, -left), max(0, -top)
        part = cover[y0 : min(cover.shape[0], high - top), x0 : min(cover.shape[1], wide - left)]
        if not part.size:
            return
        place = (slice(top + y0, top + y0 + part.shape[0]), slice(left + x0, left + x0 + part.shape[1]))
        light = 1 - part[:, :, None] * (1 - np.array(colour, np.float32) / 255)
        self.pixels[place] = (self.pixels[place] * light).astype(np.uint8)


def _toner(grey: Picture, random: Generator) -> Picture:
    """Print that is fat, thin or pale, as printers make it."""
    kind = random.random()
    if kind < 0.12:
        grey = cv2.erode(grey, np.ones((2, 2), np.uint8))
    elif kind < 0.24:
        grey = cv2.addWeighted(grey, 0.6, cv2.dilate(grey, np.ones((2, 2), np.uint8)), 0.4, 0)
    black = random.uniform(20, 60) if random.random() < 0.85 else random.uniform(60, 110)
    return cv2.convertScaleAbs(grey, alpha=(255 - black) / 255, beta=black)


def typed(text: str, size_px: float) -> Cover:
    """Printed words as a cover (0..1)."""
    font = ImageFont.load_default(size_px)
    left, top, right, bottom = font.getbbox(text)
    image = Image.new("L", (int(right - left) + 4, int(bottom - top) + 4), 0)
    ImageDraw.Draw(image).text((2 - left, 2 - top), text, 255, font=font)
    return np.asarray(image, np.float32) / 255
