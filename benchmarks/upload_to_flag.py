"""How long from the upload to the flag, on a running system of its own; `make bench-pipeline`.

Measures through the public interfaces, on an otherwise idle machine: one blank digital form, one 12-page scan,
and a bundle of 300 scanned pages whose first form is unsigned (first flag, and pages per second).
Real forms of `../shared/corpus` are used when present, the project's own fictional form otherwise. Files are sent
with curl, as the README does: httpx needs a second of CPU for 100 MB, on the machine that is measured.
"""

import io
import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import pikepdf

from benchmarks.results import table, write_section
from tests.pipeline.conftest import teach
from tests.support import forms
from tests.support.corpus import CORPUS
from tests.support.eventually import eventually
from tests.support.system import System, running_system

COMMAND = "make bench-pipeline"


def blank_digital() -> tuple[str, bytes]:
    """A blank digital form and what it is."""
    if CORPUS.is_dir():
        pdf = next((CORPUS / "forms").glob("I-765_20250821_official-encrypted*.pdf")).read_bytes()
        return "blank I-765, 7 pages, digital", pdf
    return "blank fictional form, 3 pages, digital", forms.blank_form()


def unsigned_scan() -> tuple[str, bytes]:
    """A scanned, unsigned form of 12 pages (or as many as there are) and what it is."""
    if CORPUS.is_dir():
        pdf = next((CORPUS / "forms").glob("I-130_20240401_decrypted*.pdf")).read_bytes()
        return "unsigned I-130, 12 pages, 200 dpi scan", forms.as_scan(pdf, dpi=200)
    return "unsigned fictional form, 12 pages, 200 dpi scan", repeated(forms.as_scan(forms.filled_form()), 12)


def repeated(pdf: bytes, pages: int) -> bytes:
    """A document of `pages` pages made of those of `pdf` over and over, each with an image of its own."""
    out = pikepdf.Pdf.new()
    while len(out.pages) < pages:
        with pikepdf.open(io.BytesIO(pdf)) as source:
            out.pages.extend(source.pages)
    del out.pages[pages:]
    written = io.BytesIO()
    out.save(written)
    return written.getvalue()


def send(system: System, case: str, file: Path) -> str:
    """Upload a file with curl; the document's id."""
    address = f"{system.keys['WETINK_INTAKE_URL']}/v1/cases/{case}/documents"
    key = f"Authorization: Bearer {system.keys['WETINK_CLIENT_KEY']}"
    done = subprocess.run(
        ["curl", "-sf", "-H", key, "-F", f"file=@{file}", address], capture_output=True, check=True
    )
    return str(json.loads(done.stdout)["id"])


def upload_to_first_flag(system: System, content: bytes) -> tuple[float, float, int]:
    """Seconds from the start of the upload to the first flag and to the final status, and the pages."""
    case = system.open_case("BENCH")
    file = system.data / "tmp" / "bench.pdf"
    file.write_bytes(content)
    start = time.monotonic()
    document = send(system, case, file)
    eventually(lambda: system.flags(case), timeout_s=600, what="the first flag")
    flagged = time.monotonic() - start
    final = system.reviewed(document, timeout_s=1_200)
    return flagged, time.monotonic() - start, int(final["pages"]["total"])


def different(content: bytes, run: int) -> bytes:
    """The same document with other bytes, so that no run is a duplicate of another (cases are new anyway)."""
    return content + f"\n% {run}\n".encode()


def main() -> None:
    """Run all and write the section."""
    rows: list[list[object]] = []
    digital, scan = blank_digital(), unsigned_scan()
    pages = repeated(scan[1], 300)
    bundle = f"bundle of 300 such pages, {len(pages) / 1e6:.0f} MB", pages
    with (
        tempfile.TemporaryDirectory() as folder,
        running_system(Path(folder), WETINK_MAX_UPLOAD_MB="400") as system,
    ):
        teach(system, forms.blank_form())
        upload_to_first_flag(system, digital[1])  # warm
        for (name, content), runs in [(digital, 9), (scan, 9), (bundle, 3)]:
            times = [upload_to_first_flag(system, different(content, run)) for run in range(runs)]
            flagged = statistics.median(time[0] for time in times)
            ended = statistics.median(time[1] for time in times)
            rows.append([name, runs, f"{flagged:.2f}", f"{ended:.2f}", f"{times[0][2] / ended:.1f}"])
    header = ["document", "runs", "to the first flag, s (median)", "to the final status, s (median)", "pages/s"]
    write_section("Upload to flag", COMMAND, table(header, rows))


if __name__ == "__main__":
    main()
