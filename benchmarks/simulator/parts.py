"""Which forms, writers, hands and seeds are for tuning, and which are kept for the final measurement."""

from dataclasses import dataclass

import numpy as np

from benchmarks.simulator.devices import DEVICES
from benchmarks.simulator.filling import Filler, Truth
from benchmarks.simulator.hands import STYLES
from benchmarks.simulator.sheet import Picture, Sheet, printed
from services.ocr.catalogue.learn import learn
from services.ocr.catalogue.model import Entry
from tests.support.corpus import CORPUS
from tests.support.forms import blank_form, officers_form


@dataclass(frozen=True)
class Part:
    """`blanks` are name prefixes of the corpus' forms; its writers are split by their number's rest of two."""

    seed: int
    blanks: tuple[str, ...]
    own_blank: bytes
    styles: tuple[str, ...]
    writers_rest: int


_ALL = tuple(STYLES)
TUNING = Part(
    1,
    (
        "G-28_20180917_official-encrypted_",
        "I-130_20240401_official",
        "I-485_20250120_official",
        "I-765_20250821_official",
        "I-90_20250120",
        "N-400_20250120_official",
    ),
    blank_form(),
    tuple(style for style in _ALL if style not in ("flowing", "rings")),
    0,
)
UNTOUCHED = Part(
    2,
    (
        "I-130A_20240401_official",
        "I-131_20250120_official",
        "I-589_20250120",
        "I-821_20250120_official",
        "I-864_20241017_official",
        "I-912_20250722_official",
    ),
    officers_form(),
    _ALL,
    1,
)


@dataclass(frozen=True)
class Case:
    """A file of one page, and what is on it."""

    device: str
    entry: Entry
    form_page: int
    file: bytes
    truth: Truth


class Simulator:
    """Makes cases of one part; the same number always makes the same case."""

    def __init__(self, part: Part) -> None:
        self.part = part
        blanks = [part.own_blank]
        if CORPUS.is_dir():
            blanks += [next((CORPUS / "forms").glob(f"{prefix}*.pdf")).read_bytes() for prefix in part.blanks]
        self._blanks = [(blank, learn(blank)) for blank in blanks]
        self.entries = [entry for _, entry in self._blanks]
        self._pages = [
            (index, page.number)
            for index, entry in enumerate(self.entries)
            for page in entry.plan.pages
            if entry.slots(page.number) or entry.fields(page.number)
        ]
        self.real = [
            path
            for path in sorted((CORPUS / "signatures").glob("*.png"))
            if int(path.stem.split("_")[1]) % 2 == part.writers_rest
        ]
        self._printed: dict[tuple[int, int], Picture] = {}

    def case(self, device: str, number: int) -> Case:
        """One page through a device; every page with places has its turn."""
        index, form_page = self._pages[number % len(self._pages)]
        random = np.random.default_rng([self.part.seed, list(DEVICES).index(device), number])
        key = index, form_page
        if key not in self._printed:
            self._printed[key] = printed(self._blanks[index][0], form_page)
        sheet = Sheet(self._printed[key], random)
        entry = self.entries[index]
        truth = Filler(self.part.styles, self.real, random).fill(sheet, entry, form_page)
        return Case(device, entry, form_page, DEVICES[device](sheet.pixels, random), truth)
