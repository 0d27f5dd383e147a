"""Every hostile and odd file through a whole running system; `make bench-bad-files-pipeline`.

Each is uploaded to a case of its own. Bars: what intake takes in ends in a final status, and with a flag unless it
was read whole; no process of the system ends; no temporary file and no process is left.
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.results import table, write_section
from tests.pipeline.conftest import teach
from tests.support import forms
from tests.support.bad_files import BadFile, bad_files
from tests.support.eventually import eventually
from tests.support.system import System, running_system

COMMAND = "make bench-bad-files-pipeline"
_AT_ONCE = 12
_LONGEST_S = 600.0


@dataclass(frozen=True)
class End:
    """How one file ended: the status, or the answer of intake that refused it; the codes of its flags."""

    family: str
    name: str
    status: str
    codes: tuple[str, ...]

    @property
    def problem(self) -> str | None:
        """What is wrong with that, if anything is."""
        if self.status == "unreadable" and not any(code.startswith("document_") for code in self.codes):
            return "unreadable without a flag"
        return None if self.status in ("reviewed", "unreadable", "400", "413", "415") else self.status


def send(system: System, bad: BadFile) -> tuple[str, str | None]:
    """Upload to a new case: the case's id, and the document's, or null and the refusal in place of the case."""
    case = system.open_case(bad.name)
    with system.intake() as intake:
        while True:
            answer = intake.post(f"/v1/cases/{case}/documents", files={"file": (bad.name, bad.make())})
            if answer.status_code not in (429, 503):
                break
            time.sleep(float(answer.headers["Retry-After"]))
    return (case, str(answer.json()["id"])) if answer.status_code == 202 else (str(answer.status_code), None)


def ends(system: System) -> Iterator[End]:
    """How each file ended; `_AT_ONCE` are on their way together."""
    files = bad_files()
    for start in range(0, len(files), _AT_ONCE):
        sent = [(bad, *send(system, bad)) for bad in files[start : start + _AT_ONCE]]
        for bad, case, document in sent:
            if document is None:
                yield End(bad.family, bad.name, case, ())
                continue
            try:
                status = system.reviewed(document, timeout_s=_LONGEST_S)["status"]
            except AssertionError:
                status = "never final"
            yield End(bad.family, bad.name, status, tuple(code for code, _ in system.codes(case)))


def processes(system: System) -> dict[str, int]:
    """The pid of each process of the system."""
    return {process["name"]: process["pid"] for process in system.status()["processes"]}


def descendants(system: System) -> Counter[str]:
    """The command lines of all processes below the supervisor, to be compared later."""
    below = psutil.Process(system.pid("supervisor")).children(recursive=True)
    return Counter(" ".join(process.cmdline()[:5]) for process in below)


def left_over(system: System, pids: dict[str, int], running: Counter[str]) -> list[str]:
    """What differs from before: processes that are others now, and what lies about."""
    found = [f"{name} ended" for name, pid in processes(system).items() if pids.get(name) != pid]
    found += [f"process left: {line}" for line in descendants(system) - running]
    temporary = [path for path in (system.data / "tmp").rglob("*") if path.is_file()]
    return found + [f"{len(temporary)} temporary files"] * bool(temporary)


def main() -> int:
    """Run all and write the section; 1 when something ended badly."""
    with tempfile.TemporaryDirectory() as folder, running_system(Path(folder)) as system:
        teach(system, forms.blank_form())
        pids, running = processes(system), descendants(system)
        started = time.monotonic()
        ended = list(ends(system))
        took_s = time.monotonic() - started
        eventually(lambda: system.status().get("documents_in_flight") == 0, what="rest")
        left = left_over(system, pids, running)
        dead = system.status()["dead_letters"]
    problems = [f"- `{end.name}`: {end.problem}" for end in ended if end.problem]
    statuses = sorted({end.status for end in ended})
    families = dict.fromkeys(end.family for end in ended)
    count = Counter((end.family, end.status) for end in ended)
    rows = [[family, *(count[family, status] for status in statuses)] for family in families]
    rows.append(["all", *(sum(end.status == status for end in ended) for status in statuses)])
    told = (
        f"{len(ended)} files in {took_s:.0f} s; dead letters {dead}; left behind: {', '.join(left) or 'nothing'}."
    )
    text = "\n\n".join([told, table(["family", *statuses], rows), *problems])
    write_section("Bad files through the pipeline", COMMAND, text)
    return int(bool(problems or left))


if __name__ == "__main__":
    sys.exit(main())
