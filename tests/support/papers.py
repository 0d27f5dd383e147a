"""Papers that are no form, drawn: text, ruled lines, pen strokes; with the words as recognition would give them.

`Sheet.words` lets a test look at a paper without running Tesseract; `Sheet.picture` is what it would be given.
Units are those of a page's picture, 110 dpi of a letter page; drawn at `scale` times as many pixels.
"""

import random

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from wetink.contracts.reading import Word

WIDE, HIGH = 935, 1210
_INK = (30, 30, 30)
_BLUE = (140, 60, 30)


class Sheet:
    """A white page that is written on from top to bottom."""

    def __init__(self, *, scale=1.0, font=None) -> None:
        self.scale = scale
        self._font = font
        self._image = Image.new("RGB", (round(WIDE * scale), round(HIGH * scale)), "white")
        self._draw = ImageDraw.Draw(self._image)
        self.words = []
        self.y = 80

    def write(self, text, *, left=110, size=17, gap=9, confidence=95.0, is_read=True):
        """One line of text below the last one; returns its box (left, top, right, bottom)."""
        font = self._font_of(size)
        boxes = []
        x = left
        for part in text.split(" "):
            spot = (x * self.scale, self.y * self.scale)
            self._draw.text(spot, part, fill=_INK, font=font)
            box = [value / self.scale for value in self._draw.textbbox(spot, part, font=font)]
            boxes.append(box)
            if is_read and part:
                sizes = (box[0], box[1], box[2] - box[0], box[3] - box[1])
                self.words.append(Word(text=part, box_px=tuple(map(round, sizes)), confidence=confidence))
            x = box[2] + size * 0.3
        self.y += size + gap
        return min(b[0] for b in boxes), min(b[1] for b in boxes), boxes[-1][2], max(b[3] for b in boxes)

    def rule(self, left, right, y=None):
        """A ruled line; by default where the next line of text would stand."""
        y = self.y if y is None else y
        ends = [(left * self.scale, y * self.scale), (right * self.scale, y * self.scale)]
        self._draw.line(ends, fill=_INK, width=max(1, round(1.3 * self.scale)))

    def box(self, left, top, right, bottom):
        """A cell of a table."""
        corners = [value * self.scale for value in (left, top, right, bottom)]
        self._draw.rectangle(corners, outline=_INK, width=max(1, round(1.3 * self.scale)))

    def seal(self, x, y, radius=75):
        """A round seal with something in its middle."""
        pixels = np.array(self._image)
        middle = (round(x * self.scale), round(y * self.scale))
        for share in (1.0, 0.94, 0.6):
            cv2.circle(pixels, middle, round(radius * share * self.scale), _BLUE, max(1, round(1.5 * self.scale)))
        cv2.ellipse(pixels, middle, (round(20 * self.scale), round(30 * self.scale)), 30, 0, 360, _BLUE, 2)
        self._image = Image.fromarray(pixels)
        self._draw = ImageDraw.Draw(self._image)

    def skip(self, height):
        """Leave room."""
        self.y += height

    def sign(self, left, y, *, wide=180, high=40, seed=1):
        """A signature of our own drawing: loops of a pen around the height `y`."""
        dice = random.Random(seed)
        steps = np.linspace(0, 1, 240)
        loops = dice.uniform(4, 8)
        x = left + wide * (steps + 0.05 * np.sin(2 * np.pi * loops * steps + 1))
        rise = high / 2 * np.sin(2 * np.pi * loops * steps) * (0.5 + 0.5 * np.cos(3 * steps + dice.random()))
        points = np.stack([x, y - rise], axis=1) * self.scale
        pixels = np.array(self._image)
        cv2.polylines(
            pixels,
            [points.round().astype(np.int32)],
            False,
            _BLUE[::-1],
            max(1, round(1.6 * self.scale)),
            cv2.LINE_AA,
        )
        self._image = Image.fromarray(pixels)
        self._draw = ImageDraw.Draw(self._image)

    def paste(self, mark, left, bottom, wide):
        """A grey picture of real ink, its white paper left away, `wide` across, standing on `bottom`."""
        across = round(wide * self.scale)
        down = round(mark.shape[0] * across / mark.shape[1])
        mark = cv2.resize(mark, (across, down), interpolation=cv2.INTER_AREA)
        pixels = np.array(self._image)
        x, y = round(left * self.scale), max(0, round(bottom * self.scale) - down)
        spot = pixels[y : y + down, x : x + across]
        pixels[y : y + down, x : x + across] = np.minimum(spot, mark[: spot.shape[0], : spot.shape[1], None])
        self._image = Image.fromarray(pixels)
        self._draw = ImageDraw.Draw(self._image)

    @property
    def picture(self):
        """The page as BGR pixels."""
        return np.ascontiguousarray(np.array(self._image)[:, :, ::-1])

    def _font_of(self, size):
        if self._font:
            return ImageFont.truetype(self._font, size * self.scale)
        return ImageFont.load_default(size * self.scale)


def written(text, **options):
    """A sheet with the lines of `text`; an empty line leaves room, a line of `# ` is a heading."""
    sheet = Sheet(**options)
    for line in text.strip().splitlines():
        stripped = line.strip()
        if not stripped:
            sheet.skip(20)
        elif stripped.startswith("# "):
            sheet.write(stripped[2:], left=280, size=26, gap=16)
        else:
            sheet.write(stripped)
    return sheet
