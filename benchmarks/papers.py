"""Papers that are no form, through printer, pen and scanner: are they known, and are signatures seen?

`make bench-papers`. Kinds, languages and words are those below; half of the texts were kept for this measurement.
A signature is by a hand that never existed or, where the corpus is at hand, a real one, with a pen that is not
faint; half of the places are empty.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.random import Generator

from benchmarks.paper_texts import CLOSINGS, LABELS, TEXTS, PaperText
from benchmarks.results import table, write_section
from benchmarks.simulator.devices import DEVICES
from benchmarks.simulator.hands import STYLES
from benchmarks.simulator.pens import PAPER_DPI, PENS, draw
from benchmarks.simulator.sheet import Sheet as Paper
from services.ocr.reading.pages import count_and_cut
from services.ocr.reading.text import page_text
from tests.support.corpus import CORPUS
from tests.support.papers import HIGH, Sheet
from wetink.contracts.reading import BoxPt, Ink, PageText

_PT_PER_PX = 72 / 110
_SEED = 7
_FAINT_PENS = 3
PAPERS_EACH = 40


class Drawn(NamedTuple):
    """A file of one page, and what is true of it; `ink` is null when there is no place to sign."""

    file: bytes
    text: PaperText
    ink: Ink | None


@dataclass
class Score:
    """What was told of the papers of one device."""

    kinds: Counter[str]
    languages: Counter[str]
    signed: Counter[str]
    empty: Counter[str]


def main() -> None:
    """Measure every device and write the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PAPERS_EACH
    rows = []
    for device in DEVICES:
        score = _measure(device, count)
        rows.append((device, count, *map(_shares, (score.kinds, score.languages, score.signed, score.empty))))
    header = ("device", "papers", "kind", "language", "signed places called", "empty places called")
    write_section("Papers that are no form", "make bench-papers", table(header, rows))


def _shares(counted: Counter[str]) -> str:
    total = sum(counted.values())
    return ", ".join(f"{word} {number / total:.0%}" for word, number in counted.most_common())


def _measure(device: str, count: int) -> Score:
    score = Score(Counter(), Counter(), Counter(), Counter())
    for number, drawn in enumerate(_papers(device, count)):
        blob = count_and_cut([drawn.file]).pages[0].blob or b""
        told, _ = page_text(blob, 1)
        score.kinds[_told(told.kind, drawn.text.kind)] += 1
        score.languages[_told(told.language, drawn.text.language)] += 1
        if drawn.ink is not None:
            seen = _seen(told)
            (score.signed if drawn.ink == "present" else score.empty)[seen] += 1
        if "--show" in sys.argv:
            print(
                number,
                device,
                drawn.text.kind,
                told.kind,
                drawn.text.language,
                told.language,
                drawn.ink,
                told.lines_to_sign,
                told.advice,
            )
    return score


def _told(told: str | None, true: str | None) -> str:
    if told == true:
        return "right"
    return "not told" if told in (None, "evidence") else "wrong"


def _seen(told: PageText) -> str:
    inks = {line.ink for line in told.lines_to_sign}
    return next((ink for ink in ("present", "unsure", "absent") if ink in inks), "no place")


def _papers(device: str, count: int) -> Iterator[Drawn]:
    for number in range(count):
        random = np.random.default_rng([_SEED, list(DEVICES).index(device), number])
        text = TEXTS[number % len(TEXTS)]
        blank, place = _typeset(text, random)
        paper = Paper(blank, random)
        ink: Ink | None = None
        if place is not None:
            ink = "present" if number // len(TEXTS) % 2 == number % 2 else "absent"
            if ink == "present":
                _sign(paper, place, random)
        yield Drawn(DEVICES[device](paper.pixels, random), text, ink)


def _typeset(text: PaperText, random: Generator) -> tuple[np.ndarray, BoxPt | None]:
    """The printed paper (grey), and the place to sign in points."""
    fonts = [*sorted(Path("/usr/share/fonts/truetype").glob("*/*S*-Regular.ttf")), None]
    font = fonts[random.integers(max(1, len(fonts) - 1))]
    sheet = Sheet(scale=PAPER_DPI / 110, font=font and str(font))
    size = int(random.integers(15, 20))
    for line in text.lines:
        if line.startswith("# "):
            sheet.write(line[2:], left=int(random.integers(200, 320)), size=size + 7, gap=16)
        elif line:
            sheet.write(line, size=size, gap=int(random.integers(6, 11)))
        else:
            sheet.skip(24)
    place = None
    if text.language in CLOSINGS and text.is_signed:
        place = (
            _letter_end(sheet, text.language, size, random)
            if text.kind == "letter"
            else _label(sheet, text.language, size, random)
        )
    left, bottom, right, top = place or (0, 0, 0, 0)
    box = (left * _PT_PER_PX, (HIGH - bottom) * _PT_PER_PX, right * _PT_PER_PX, (HIGH - top) * _PT_PER_PX)
    return cv2.cvtColor(sheet.picture, cv2.COLOR_BGR2GRAY), box if place else None


def _letter_end(sheet: Sheet, language: str, size: int, random: Generator) -> tuple[float, float, float, float]:
    """A letter's end with room for a pen between it and the name; left, bottom, right, top."""
    sheet.skip(20)
    sheet.write(str(random.choice(CLOSINGS[language])), size=size)
    top = sheet.y
    sheet.skip(int(random.integers(45, 90)))
    sheet.write("Alex Q. Example", size=size)
    return 115, sheet.y - size - 9, 330, top


def _label(sheet: Sheet, language: str, size: int, random: Generator) -> tuple[float, float, float, float]:
    """A ruled line with its label below, beside or in a cell of a table."""
    label = str(random.choice(LABELS[language]))
    sheet.skip(50)
    kind = random.integers(3)
    if kind == 0:
        sheet.rule(110, 430)
        y = sheet.y
        sheet.skip(4)
        sheet.write(label, size=size)
        return 120, y, 400, y - 40
    if kind == 1:
        right = sheet.write(label + ":", size=size)[2] + 8
        y = sheet.y - 9
        sheet.rule(right, right + 280, y)
        return right + 10, y, right + 260, y - 40
    top = sheet.y
    sheet.box(100, top - 6, 480, top + 80)
    sheet.box(480, top - 6, 800, top + 80)
    sheet.write(label, size=size)
    return 120, top + 72, 440, top + 25


def _sign(paper: Paper, place: BoxPt, random: Generator) -> None:
    left, top, _, bottom = paper.to_px(place)
    high = (bottom - top) * random.uniform(0.8, 1.5)
    x = left + random.uniform(0, 60)
    real = sorted((CORPUS / "signatures").glob("*.png"))
    if real and random.random() < 0.5:
        grey = cv2.imread(str(real[random.integers(len(real))]), cv2.IMREAD_GRAYSCALE)
        wide = int(grey.shape[1] * high / grey.shape[0])
        cover = 1 - cv2.resize(grey, (wide, int(high)), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
        cover = np.clip((cover - 0.15) * 1.4, 0, 1)
        colour = PENS[random.integers(len(PENS) - _FAINT_PENS)].colour
    else:
        styles = list(STYLES.values())
        pen = PENS[random.integers(len(PENS) - _FAINT_PENS)]
        cover = draw(styles[random.integers(len(styles))](random), high * 0.7, pen, random)
        colour = pen.colour
    paper.put(cover, x, bottom - cover.shape[0] * random.uniform(0.75, 1.0), colour)


if __name__ == "__main__":
    main()
