"""What the sandbox itself costs: latency of an empty job, and memory of the templates.

Run: `.venv/bin/python -m benchmarks.sandbox`. Bars: below 15 ms for a job that does nothing; the templates of two
ocr workers and the text lane fit into 150 MB (proportional set size).
"""

import os
import re
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.results import table, write_section
from services.ocr.sandbox.box import Sandbox

JOBS = 200
COMMAND = ".venv/bin/python -m benchmarks.sandbox"


def main() -> None:
    """Measure, print and keep the result."""
    with tempfile.TemporaryDirectory() as folder:
        boxes = [Sandbox(Path(folder) / name) for name in ("ocr-1", "ocr-2")]
        boxes.append(Sandbox(Path(folder) / "text-1", lane="text"))
        walls = [box.walls().level for box in boxes]
        times_ms = sorted(_empty_job_ms(boxes[0]) for _ in range(JOBS))
        rows = [
            ["empty job, median", f"{statistics.median(times_ms):.1f} ms"],
            ["empty job, p95", f"{times_ms[int(JOBS * 0.95)]:.1f} ms"],
            ["templates", " + ".join(f"{found:.0f}" for found in _templates_pss_mb(folder)) + " MB"],
            ["walls (3 is all)", min(walls)],
        ]
        for box in boxes:
            box.close()
    write_section("Sandbox", COMMAND, table(["measure", "value"], rows))


def _empty_job_ms(box: Sandbox) -> float:
    started = time.perf_counter()
    box.read_page(b"no page at all", 1)
    return (time.perf_counter() - started) * 1000


def _templates_pss_mb(folder: str) -> list[float]:
    """Proportional set size of every process that was started with `folder` among its arguments."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            is_template = entry.name.isdigit() and folder.encode() in (entry / "cmdline").read_bytes()
            if is_template and int(entry.name) != os.getpid():
                told = re.search(r"Pss:\s+(\d+)", (entry / "smaps_rollup").read_text())
                found.append(int(told[1]) / 1024 if told else 0.0)
        except OSError:
            continue
    return found


if __name__ == "__main__":
    main()
