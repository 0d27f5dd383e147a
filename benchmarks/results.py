"""Keeps the last result of each benchmark in `benchmarks/RESULTS.md`: a section each, with date and command."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
HEADING = "# Results\n\nThe last run of each benchmark; times are of a shared 2-core machine.\n"


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def write_section(title: str, command: str, text: str) -> None:
    """Replace (or add) the section of that title and print it."""
    section = f"## {title}\n\n`{command}`, {datetime.now(UTC):%Y-%m-%d}\n\n{text.strip()}\n"
    print(section)
    whole = RESULTS.read_text() if RESULTS.exists() else HEADING
    pattern = re.compile(rf"## {re.escape(title)}\n.*?(?=\n## |\Z)", re.DOTALL)
    whole = pattern.sub(lambda _: section, whole) if pattern.search(whole) else f"{whole.rstrip()}\n\n{section}"
    RESULTS.write_text(whole.rstrip() + "\n")
