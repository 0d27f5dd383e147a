"""How much memory the idle system uses without Kafka, as proportional set size; `make bench-memory`.

Idle means that nothing was asked of it for half a minute: the text lane has ended its template by then.
"""

import tempfile
import time
from pathlib import Path

import psutil

from benchmarks.results import table, write_section
from tests.pipeline.conftest import teach
from tests.support import forms
from tests.support.system import running_system

COMMAND = "make bench-memory"
IDLE_S = 30


def family(pid: int) -> list[psutil.Process]:
    """A process and all its descendants."""
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def main() -> None:
    """Measure a system that has just started, and again after one form."""
    rows: list[list[object]] = []
    with tempfile.TemporaryDirectory() as folder, running_system(Path(folder)) as system:
        for moment in ("just started", "idle after one form"):
            if moment != "just started":
                teach(system, forms.blank_form())
                case = system.open_case()
                system.reviewed(system.upload(case, ("form.pdf", forms.filled_form()))["id"])
            time.sleep(IDLE_S)
            kafka = {process.pid for process in family(system.pid("kafka"))}
            seen = [process for process in family(system.pid("supervisor")) if process.pid not in kafka]
            total = 0.0
            for process in seen:
                pss = process.memory_full_info().pss / 1e6
                total += pss
                rows.append([moment, " ".join(process.cmdline()[1:4])[-50:], f"{pss:.0f}"])
            rows.append([moment, "**all**", f"**{total:.0f}**"])
    write_section("Idle memory without Kafka", COMMAND, table(["when", "process", "PSS, MB"], rows))


if __name__ == "__main__":
    main()
