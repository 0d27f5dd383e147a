"""Every hostile and odd file of `tests.support.bad_files` through the sandbox: how each ends and what it costs.

Run: `.venv/bin/python -m benchmarks.bad_files`. Bars: each ends in an outcome it may have; nothing is left of any.
"""

import time
from collections import Counter
from collections.abc import Sequence

from benchmarks.results import table, write_section
from tests.support.bad_files.trying_all import WORKERS, Trial, try_all

COMMAND = ".venv/bin/python -m benchmarks.bad_files"
OUTCOMES = ("read", "partial", "locked", "unreadable", "hostile")
HEADER = ("family", "files", *OUTCOMES, "problems", "CPU s", "worst MB")


def main() -> None:
    """Run all, print and keep the result."""
    started = time.monotonic()
    tried = try_all()
    took_s = time.monotonic() - started
    after = [problem for trial in tried if trial.family == "afterwards" for problem in trial.problems]
    trials = [trial for trial in tried if trial.family != "afterwards"]
    families = dict.fromkeys(trial.family for trial in trials)
    rows = [_row(name, [trial for trial in trials if trial.family == name]) for name in families]
    text = [
        f"{len(trials)} files, {WORKERS} sandboxes, {took_s:.0f} s; left behind: {', '.join(after) or 'nothing'}.",
        table(HEADER, [*rows, _row("all", trials)]),
        *(f"- `{trial.name}`: {'; '.join(trial.problems)}" for trial in trials if trial.problems),
    ]
    write_section("Bad files", COMMAND, "\n\n".join(text))


def _row(name: str, trials: Sequence[Trial]) -> list[object]:
    count = Counter(trial.outcome for trial in trials)
    problems = sum(bool(trial.problems) for trial in trials)
    cpu_s = sum(trial.cpu_s for trial in trials)
    worst_mb = max(trial.memory_bytes for trial in trials) / 1e6
    ends = [count[outcome] for outcome in OUTCOMES]
    return [name, len(trials), *ends, problems, f"{cpu_s:.1f}", f"{worst_mb:.0f}"]


if __name__ == "__main__":
    main()
