"""What reading costs, beside Tesseract on the same pages in the same run; `make bench-speed`.

CPU seconds, so that what else runs on the machine changes little; only the two processes are measured by the wall.
Real forms of `../shared/corpus` are used when present, the project's own fictional form otherwise. `ocrmypdf` is
compared where it is installed.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import pypdfium2 as pdfium

from benchmarks.results import table, write_section
from benchmarks.upload_to_flag import blank_digital, unsigned_scan
from services.ocr.catalogue.model import SHIPPED, Catalogue
from services.ocr.reading.page import read_page
from services.ocr.reading.pages import count_and_cut
from services.ocr.reading.raster import render
from services.ocr.reading.text import page_text
from tests.support import forms

COMMAND = "make bench-speed"
_RUNS = 5
_COPIES = 6
_SECONDS = "CPU ms a page"


def cpu(work: Callable[..., object], *arguments: object) -> float:
    """CPU seconds of `work`, with those of the processes it starts."""
    before = _cpu_so_far()
    work(*arguments)
    return _cpu_so_far() - before


def _cpu_so_far() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def read_rows(name: str, pdf: bytes, catalogue: Catalogue) -> tuple[list[list[object]], dict[str, float]]:
    """Cutting, and reading pages with and without places: rows, and seconds a page by what was measured."""
    blobs = [page.blob or b"" for page in count_and_cut([pdf]).pages]
    has_places = [bool(read_page(blob, 1, catalogue)[0].slots) for blob in blobs]
    cut_s = cpu(lambda: [count_and_cut([pdf]) for _ in range(_RUNS)]) / _RUNS / len(blobs)
    each_s = [cpu(_read_often, blob, catalogue) / _RUNS for blob in blobs]
    chosen = {
        "pages with places": [one for one, has in zip(each_s, has_places, strict=True) if has],
        "pages without": [one for one, has in zip(each_s, has_places, strict=True) if not has],
        "whole document, cutting included": [one + cut_s for one in each_s],
    }
    means = {what: sum(seconds) / len(seconds) for what, seconds in chosen.items() if seconds}
    rows = [[name, what, len(chosen[what]), f"{1000 * mean:.1f}", ""] for what, mean in means.items()]
    return [[name, "cutting", len(blobs), f"{1000 * cut_s:.1f}", ""], *rows], means


def _read_often(blob: bytes, catalogue: Catalogue) -> None:
    for _ in range(_RUNS):
        read_page(blob, 1, catalogue)


def pictures_of(pdf: bytes, folder: Path) -> list[Path]:
    """The pages at 200 dpi, grey, as PNG."""
    paths = []
    with pdfium.PdfDocument(pdf) as document:
        for number, page in enumerate(document, 1):
            paths.append(folder / f"{number}.png")
            cv2.imwrite(str(paths[-1]), render(page, 200))
    return paths


def tesseract(pictures: list[Path]) -> None:
    """Full text of each page: psm 3, English, one thread."""
    for picture in pictures:
        subprocess.run(
            ["tesseract", picture, "-", "--psm", "3", "-l", "eng", "--dpi", "200"], capture_output=True, check=True
        )


def read_in_processes(file: Path, processes: int) -> tuple[float, float]:
    """Wall seconds of so many `wetink read` at once, and the CPU share of each."""
    command = [sys.executable, "-m", "wetink.cli", "read", "--json", *[str(file)] * _COPIES]
    before, start = _cpu_so_far(), time.monotonic()
    running = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(processes)]
    for one in running:
        one.wait()
    wall_s = time.monotonic() - start
    return wall_s, (_cpu_so_far() - before) / wall_s / processes


def main() -> None:
    """Run all and write the section."""
    os.environ["OMP_THREAD_LIMIT"] = "1"
    cv2.setNumThreads(1)
    catalogue = Catalogue([*Catalogue.load((SHIPPED,)), forms.learned()])
    scan_name, scan = unsigned_scan()
    digital_name, digital = blank_digital()
    scan_rows, scan_s = read_rows(scan_name, scan, catalogue)
    digital_rows, _ = read_rows(digital_name, digital, catalogue)
    with tempfile.TemporaryDirectory() as folder:
        pictures = pictures_of(scan, Path(folder))
        plain_s = cpu(lambda: tesseract(pictures)) / len(pictures)
        blobs = [page.blob or b"" for page in count_and_cut([scan]).pages]
        lane_s = cpu(lambda: [page_text(blob, 1) for blob in blobs]) / len(blobs)
        file = Path(folder) / "scan.pdf"
        file.write_bytes(scan)
        os.environ["WETINK_DATA"] = folder
        one_s, one_share = read_in_processes(file, 1)
        two_s, two_share = read_in_processes(file, 2)
        rows: list[list[object]] = [
            *scan_rows,
            *digital_rows,
            ["tesseract", "psm 3, eng, 200 dpi, one thread", len(pictures), f"{1000 * plain_s:.0f}", ""],
            *_compared(scan_s, plain_s, lane_s),
            ["two `wetink read` against one", "pages a second", "", "", f"{2 * one_s / two_s:.2f}x"],
            ["CPU share of each", "one process / two", "", "", f"{one_share:.0%} / {two_share:.0%}"],
            _ocrmypdf(file, scan_s["whole document, cutting included"] * len(blobs)),
        ]
    header = ["what", "part", "pages", _SECONDS, "against it"]
    write_section("Speed", COMMAND, table(header, rows))


def _compared(scan_s: dict[str, float], plain_s: float, lane_s: float) -> list[list[object]]:
    whole, places = scan_s["whole document, cutting included"], scan_s["pages with places"]
    return [
        ["reading the scan", "faster than tesseract", "", "", f"{plain_s / whole:.0f}x"],
        ["pages with places", "faster than tesseract", "", "", f"{plain_s / places:.0f}x"],
        ["full-text lane", "share of tesseract's speed", "", f"{1000 * lane_s:.0f}", f"{plain_s / lane_s:.2f}x"],
    ]


def _ocrmypdf(file: Path, ours_s: float) -> list[object]:
    program = shutil.which("ocrmypdf")
    if program is None:
        return ["ocrmypdf", "is not installed here", "", "", "not measured"]
    command = [program, "--force-ocr", "--jobs", "1", str(file), str(file.with_suffix(".ocr.pdf"))]
    theirs_s = cpu(lambda: subprocess.run(command, capture_output=True, check=True))
    return ["ocrmypdf", "the same scan, one job", "", "", f"{theirs_s / ours_s:.0f}x slower"]


if __name__ == "__main__":
    main()
