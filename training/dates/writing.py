"""Writes a text into a place of a form: the page's crop, the printed form, the box, and whose ink is where."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from services.ocr.reading.place import BoxPx
from training.dates import pen
from training.dates.glyphs import EM_PX, Digits, Font, Glyph, Part, digits, fonts

MARGIN_PX = 60
_DIGIT_SHARE = 0.72
"""Height of a digit in an em."""


@dataclass
class Written:
    """A place with a text in it.

    Attributes:
        page: the crop, grey (h x w).
        printed: what the form prints there, as the catalogue has it.
        owner: h x w, 0 for nothing, i + 1 for ink of the text's character i, 255 for other ink.
    """

    page: NDArray[np.uint8]
    printed: NDArray[np.bool_]
    box: BoxPx
    text: str
    owner: NDArray[np.uint8]


class Writer:
    """A way of writing: where its glyphs come from and how they lie."""

    def __init__(self, kind: str, material: Path, part: Part, random: np.random.Generator) -> None:
        self.random, self.is_typed = random, kind == "typed"
        self.font: Font | None = None
        self.digits: Digits | None = None
        if kind in ("typed", "font"):
            known = fonts(material, part, printed=self.is_typed)
            self.font = known[random.integers(len(known))]
        elif kind == "digits":
            self.digits = digits(material, part)
        self.pen_px = random.uniform(2.5, 6)
        self.slant = 0.0 if self.is_typed else random.normal(0, 0.12)
        self.wobble = 0.0 if self.is_typed else random.uniform(0, 1)
        self.gap = random.uniform(-0.02, 0.08) if self.is_typed else random.normal(0.03, 0.08)
        self.crosses_sevens = random.random() < 0.2 and not self.is_typed
        self.draws_separators = self.font is None or (not self.is_typed and random.random() < 0.4)

    @property
    def has_letters(self) -> bool:
        """True when the writer can write letters."""
        return self.font is not None

    def glyph(self, character: str) -> Glyph:
        """The character, before it is scaled."""
        if character == " ":
            return Glyph(np.zeros((1, 1), np.float32), 1, EM_PX * self.random.uniform(0.2, 0.5))
        if self.digits and character.isdigit():
            glyph = self.digits.glyph(character, self.random)
        elif self.font and not (character in "/-." and self.draws_separators):
            glyph = self.font.glyph(character)
        else:
            glyph = pen.glyph(character, self.random, self.pen_px)
        if character == "7" and self.crosses_sevens:
            glyph = self._crossed(glyph)
        return glyph

    def _crossed(self, glyph: Glyph) -> Glyph:
        grey = glyph.grey.copy()
        high, wide = grey.shape
        y = int(high * self.random.uniform(0.4, 0.6))
        left, right = int(wide * self.random.uniform(0.1, 0.35)), int(wide * self.random.uniform(0.75, 0.98))
        cv2.line(
            grey, (left, y), (right, y - int(self.random.integers(0, 4))), 1.0, max(1, round(self.pen_px * 0.8))
        )
        return Glyph(grey, glyph.rise_px, glyph.advance_px)


def write(text: str, writer: Writer, random: np.random.Generator) -> Written:
    """The text in a place of a form, before paper and scanner have their way."""
    wide, high = int(random.uniform(180, 420)), int(random.uniform(38, 66))
    if random.random() < 0.5:
        wide, high = int(random.normal(233, 8)), 50
    box = BoxPx(MARGIN_PX, MARGIN_PX, MARGIN_PX + wide, MARGIN_PX + high)
    shape = (high + 2 * MARGIN_PX, wide + 2 * MARGIN_PX)
    sheet = _Sheet(box, np.zeros(shape, np.float32), np.zeros(shape, np.uint8))
    sheet.write(text, writer, random)
    if random.random() < 0.1:
        sheet.stroke_running_in(writer, random)
    printed, drawn = _form(box, shape, random)
    darkness = random.uniform(0.0, 0.25) if random.random() < 0.7 else random.uniform(0.2, 0.62)
    page = 255 * np.minimum(1 - sheet.ink * (1 - darkness), 1 - drawn * random.uniform(0.75, 1))
    return Written(page.astype(np.uint8), printed, box, text, sheet.owner)


@dataclass
class _Sheet:
    box: BoxPx
    ink: NDArray[np.float32]
    owner: NDArray[np.uint8]

    def write(self, text: str, writer: Writer, random: np.random.Generator) -> None:
        """The text from left to right: sized to the box, each character lying a little its own way."""
        glyphs = [writer.glyph(character) for character in text]
        wide, high = self.box.right - self.box.left, self.box.bottom - self.box.top
        size = high * (random.uniform(0.42, 0.62) if writer.is_typed else random.uniform(0.45, 0.95))
        scale = size / (EM_PX * _DIGIT_SHARE)
        gap = writer.gap * EM_PX
        natural = sum(glyph.advance_px + gap for glyph in glyphs) * scale
        most = wide * (0.97 if writer.is_typed else random.uniform(0.8, 1.06))
        across = scale * min(1.0, most / natural)
        if writer.is_typed:
            scale = across = min(scale, across * 1.15)
        elif random.random() < 0.3:
            across *= min(1.35, most / (natural * across / scale))
        slack = max(0.0, wide - natural * across / scale)
        start = random.uniform(0, slack) if random.random() < 0.5 else min(slack, random.uniform(2, 14))
        is_centred = random.random() < 0.8
        feet = self.box.bottom - (
            (high - size) * random.uniform(0.25, 0.75) if is_centred else random.uniform(0, 8)
        )
        rise = 0.0 if writer.is_typed else random.normal(0, 0.02)
        x = self.box.left + start
        for place, (character, glyph) in enumerate(zip(text, glyphs, strict=True)):
            wobble = writer.wobble
            down = scale * (1 + random.normal(0, 0.07) * wobble)
            sideways = across * (1 + random.normal(0, 0.07) * wobble)
            y = feet - glyph.rise_px * down - rise * (x - self.box.left) + random.normal(0, 0.04 * size) * wobble
            shear = writer.slant + random.normal(0, 0.05) * wobble
            left = x + shear * glyph.grey.shape[0] * down * 0.5
            matrix = np.array([[sideways, -shear * down, left], [random.normal(0, 0.04) * wobble, down, y]])
            if character != " ":
                self._put(cv2.warpAffine(glyph.grey, matrix, self.ink.shape[::-1]), 0.35, place + 1)
            x += glyph.advance_px * sideways + gap * across + random.normal(0, 0.05 * size) * wobble

    def stroke_running_in(self, writer: Writer, random: np.random.Generator) -> None:
        """The end of a signature that stands above or to the left."""
        start = np.array([self.box.left - random.uniform(10, 50), self.box.top + random.uniform(-55, 40)])
        if random.random() < 0.5:
            start = np.array(
                [random.uniform(self.box.left, self.box.right), self.box.top - random.uniform(20, 55)]
            )
        points = [start]
        for _ in range(random.integers(2, 6)):
            points.append(points[-1] + (random.normal(12, 22), random.normal(8, 20)))
        laid = np.zeros(self.ink.shape, np.uint8)
        pen.draw(laid, pen.smooth(np.array(points)), writer.pen_px * 0.8)
        self._put(laid.astype(np.float32) / 255, 0.35, 255)

    def _put(self, laid: NDArray[np.float32], least: float, owner: int) -> None:
        self.owner[(laid > least) & (laid >= self.ink)] = owner
        np.maximum(self.ink, laid, out=self.ink)


def _form(
    box: BoxPx, shape: tuple[int, int], random: np.random.Generator
) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
    """What the form prints, as the catalogue has it and as it lies on this page (up to two pixels off)."""
    plate = np.zeros(shape, np.uint8)
    thick = int(random.integers(1, 4))
    if random.random() < 0.7:
        cv2.rectangle(plate, (box.left, box.top), (box.right, box.bottom), 255, thick)
    else:
        cv2.line(plate, (box.left, box.bottom), (box.right, box.bottom), 255, thick)
    for _ in range(random.integers(0, 3)):
        size = random.uniform(0.5, 0.8)
        y = box.top - random.uniform(8, 40) if random.random() < 0.5 else box.bottom + random.uniform(25, 45)
        cv2.putText(plate, "Date of Signature (mm/dd/yyyy)", (int(random.uniform(0, 60)), int(y)), 0, size, 255, 1)
    if random.random() < 0.06:
        for share in (0.25, 0.5):
            x = int(box.left + share * (box.right - box.left))
            cv2.line(plate, (x + 5, box.top + 8), (x - 5, box.bottom - 8), 255, 2)
    shift = np.array(
        [[1, random.normal(0, 0.003), random.normal(0, 0.7)], [random.normal(0, 0.003), 1, random.normal(0, 0.7)]]
    )
    lies = cv2.warpAffine(plate, shift, (shape[1], shape[0]))
    return plate > 90, (lies / 255).astype(np.float32)
