"""Whether a worker grows with the pages it reads; `make bench-worker-memory`.

Bundles of cheap pages, digital and scanned by turns, go through a running system of its own; memory is the
proportional set size of the worker `ocr-1` and of its sandbox's template, after it has read 200 and 2,000 pages.
Bar: within 15 %.
"""

import io
import re
import tempfile
from pathlib import Path

import httpx
import pikepdf
import psutil

from benchmarks.results import table, write_section
from benchmarks.upload_to_flag import different, repeated
from tests.pipeline.conftest import teach
from tests.support import forms
from tests.support.system import System, running_system

COMMAND = "make bench-worker-memory"
WORKER = "ocr-1"
PAGES = (200, 2_000)
_BUNDLE_PAGES = 100
_READ = re.compile(r'^wetink_sandbox_jobs_total\{job="read",reason="done"\} ([\d.]+)', re.MULTILINE)


def bundle() -> bytes:
    """A digital form and a scanned one, over and over."""
    mixed = pikepdf.Pdf.new()
    for part in (forms.filled_form(), forms.as_scan(forms.filled_form(), dpi=100)):
        with pikepdf.open(io.BytesIO(part)) as source:
            mixed.pages.extend(source.pages)
    written = io.BytesIO()
    mixed.save(written)
    return repeated(written.getvalue(), _BUNDLE_PAGES)


def pages_read(system: System) -> int:
    """How many pages the worker's sandbox has read."""
    url = next(process["url"] for process in system.status()["processes"] if process["name"] == WORKER)
    found = _READ.search(httpx.get(f"{url}/metrics", trust_env=False).text)
    return int(float(found[1])) if found else 0


def memory_mb(system: System) -> tuple[float, float]:
    """Of the worker itself and of what it started."""
    worker = psutil.Process(system.pid(WORKER))
    below = sum(process.memory_full_info().pss for process in worker.children(recursive=True))
    return worker.memory_full_info().pss / 1e6, below / 1e6


def main() -> None:
    """Feed, measure, print and keep the result."""
    rows: list[list[object]] = []
    content, sent = bundle(), 0
    with tempfile.TemporaryDirectory() as folder, running_system(Path(folder)) as system:
        teach(system, forms.blank_form())
        for goal in PAGES:
            while (read := pages_read(system)) < goal:
                sent += 1
                document = system.upload(system.open_case(), ("bundle.pdf", different(content, sent)))
                system.reviewed(document["id"], timeout_s=300)
            worker, template = memory_mb(system)
            rows.append([read, f"{worker:.0f}", f"{template:.0f}", f"{worker + template:.0f}"])
    growth = float(str(rows[-1][-1])) / float(str(rows[0][-1])) - 1
    text = table(["pages read", "worker, MB", "template, MB", "together, MB"], rows)
    write_section("Memory of a worker", COMMAND, f"{text}\n\nGrowth: {growth:+.0%}.")


if __name__ == "__main__":
    main()
