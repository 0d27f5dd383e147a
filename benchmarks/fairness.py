"""How much longer a small upload takes behind a large one, on a running system of its own; `make bench-fairness`.

A 12-page scan on an idle system, and the same scan while a bundle of 500 such pages is being read.
"""

import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.results import table, write_section
from benchmarks.upload_to_flag import different, repeated, send, unsigned_scan
from tests.pipeline.conftest import teach
from tests.support import forms
from tests.support.system import System, running_system

COMMAND = "make bench-fairness"
BUNDLE_PAGES = 500
RUNS = 5


def upload_to_review(system: System, content: bytes) -> float:
    """Seconds from the start of the upload to the document's final status."""
    case = system.open_case("BENCH")
    file = system.data / "tmp" / "bench.pdf"
    file.write_bytes(content)
    start = time.monotonic()
    system.reviewed(send(system, case, file), timeout_s=600)
    return time.monotonic() - start


def send_bundle(system: System, content: bytes) -> str:
    """Upload the bundle and wait until its pages are being read; its id."""
    file = system.data / "tmp" / "bundle.pdf"
    file.write_bytes(content)
    bundle = send(system, system.open_case("BUNDLE"), file)
    while not system.document(bundle)["pages"]["read"]:
        time.sleep(0.1)
    return bundle


def main() -> None:
    """Run both and write the section."""
    name, scan = unsigned_scan()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_system(Path(folder), WETINK_MAX_UPLOAD_MB="400") as system,
    ):
        teach(system, forms.blank_form())
        upload_to_review(system, scan)  # warm
        idle = statistics.median(upload_to_review(system, different(scan, run)) for run in range(RUNS))
        bundle = send_bundle(system, repeated(scan, BUNDLE_PAGES))
        behind = [upload_to_review(system, different(scan, RUNS + run)) for run in range(RUNS)]
        is_bundle_open = system.document(bundle)["status"] not in {"reviewed", "unreadable"}
    rows: list[list[object]] = [
        ["on an idle system", RUNS, f"{idle:.2f}", ""],
        [
            f"behind a bundle of {BUNDLE_PAGES} pages",
            RUNS,
            f"{statistics.median(behind):.2f}",
            f"{max(behind):.2f}",
        ],
        ["times as long", "", f"{statistics.median(behind) / idle:.1f}", f"{max(behind) / idle:.1f}"],
    ]
    told = (
        "The bundle was still being read at the end." if is_bundle_open else "The bundle was read before the end!"
    )
    header = [f"{name}, upload to final status", "runs", "s (median)", "s (worst)"]
    write_section("Fairness", COMMAND, f"{table(header, rows)}\n\n{told}")


if __name__ == "__main__":
    main()
