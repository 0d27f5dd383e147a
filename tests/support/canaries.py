"""Planted values: a case full of words that occur nowhere else, and a search for them in all that is kept.

Used by the tests of deletion and of privacy. Each value is looked for as it is, in UTF-16 and in base64 (of all
three alignments), so that an encoding does not hide it.
"""

import base64
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

PLANTED = {
    "reference": "Quillfeather-8831",
    "name": "Zephyrine Oxblood",
    "a_number": "A219883477",
    "birth_date": "1957-03-29",
    "file name": "vexillology-permit.pdf",
    "word on paper": "Testperson",
    "reason": "Thistledown said so",
}


def people() -> list[dict[str, Any]]:
    """The people of the planted case."""
    person = {name: PLANTED[name] for name in ("name", "birth_date", "a_number")}
    return [{"role": "applicant", **person}]


def found_in_files(folder: Path) -> set[str]:
    """Which planted values some file below `folder` holds: `value: path`."""
    found: set[str] = set()
    for path in folder.rglob("*"):
        if path.is_file():
            found |= {f"{what}: {path.relative_to(folder)}" for what in found_in(path.read_bytes())}
    return found


def found_in(content: bytes) -> set[str]:
    """Which planted values `content` holds in plain."""
    return {what for what, value in PLANTED.items() if any(form in content for form in _forms(value))}


def found_in_processes(pids: Iterable[int]) -> set[str]:
    """Which planted values stand in arguments or environment of the processes."""
    return {
        f"{what}: {pid}/{place}"
        for pid in pids
        for place in ("cmdline", "environ")
        for what in found_in(Path(f"/proc/{pid}/{place}").read_bytes())
    }


def descendants(pid: int) -> list[int]:
    """The process and all below it."""
    listing = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, check=True, text=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listing.splitlines()]
    family = [pid]
    for member in family:
        family += [child for child, parent in pairs if parent == member]
    return family


def _forms(value: str) -> set[bytes]:
    plain = value.encode()
    aligned = {base64.b64encode(b"x" * shift + plain)[4:-4] for shift in range(3)}
    return {plain, value.encode("utf-16-le"), *aligned}
