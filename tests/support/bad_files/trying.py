"""Reads a bad file in the real sandbox and says what is wrong with how that ended."""

import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from services.ocr.file_reading import read_file
from services.ocr.sandbox.box import Sandbox
from services.ocr.sandbox.results import CutResult
from tests.support.bad_files.model import BadFile
from tests.support.bad_files.sheet import second_page
from tests.support.forms import learned
from wetink.contracts.reading import FileReading, PageReading

_MAKING = threading.Lock()
"""PDFium, which draws the good papers, bears one thread at a time."""


@dataclass(frozen=True)
class Room:
    """A sandbox that knows the fictional form, and its folder for temporary files."""

    sandbox: Sandbox
    temp: Path

    def try_file(self, bad: BadFile) -> tuple[FileReading, list[str]]:
        """How reading `bad` ended, and what is wrong with that: an empty list when all is well."""
        with _MAKING:
            content = bad.make()
        reading = self._open(bad, content) if bad.is_long else read_file(bad.name, [content], self.sandbox)
        problems = [] if reading.status in bad.acceptable else [f"ended as {reading.status}: {reading.reason}"]
        if (
            not bad.is_long
            and bad.pages is not None
            and reading.status == "read"
            and len(reading.pages) != bad.pages
        ):
            problems.append(f"{len(reading.pages)} pages instead of {bad.pages}")
        if bad.is_form and not (reading.pages and shows_form(reading.pages[0])):
            problems.append("the form was not recognised")
        if any(self.temp.iterdir()):
            problems.append("temporary files are left")
        return reading, problems

    def _open(self, bad: BadFile, content: bytes) -> FileReading:
        """Cut the last page only; a wrong number of pages is an unreadable file."""
        cut = self.sandbox.cut([[content]], bad.pages or 1, bad.pages or 1)
        if not isinstance(cut, CutResult) or (cut.pages_total, len(cut.pages)) != (bad.pages, 1):
            return FileReading(file=bad.name, status="unreadable", reason="last_page_missing")
        return FileReading(file=bad.name, status=cut.outcome, reason=cut.reason)

    def reads_the_good_form(self) -> bool:
        """Whether an ordinary file is still read as ever."""
        with _MAKING:
            content = second_page()
        reading = read_file("good.pdf", [content], self.sandbox)
        return reading.status == "read" and shows_form(reading.pages[0])


@contextmanager
def open_room(folder: Path) -> Iterator[Room]:
    """A room whose files lie below `folder`."""
    with _MAKING:
        entry = learned()
    home = folder / "catalogue" / entry.form
    home.mkdir(parents=True)
    plan, arrays = entry.to_files()
    (home / f"{entry.edition}.npz").write_bytes(arrays)
    (home / f"{entry.edition}.json").write_bytes(plan)
    temp = folder / "temp"
    sandbox = Sandbox(temp, [folder / "catalogue"])
    try:
        yield Room(sandbox, temp)
    finally:
        sandbox.close()


def shows_form(page: PageReading) -> bool:
    """Whether it is page 2 of the form, the right way up: the applicant's signature is where it belongs."""
    signatures = [slot for slot in page.slots if slot.kind == "signature" and slot.party == "applicant"]
    return (page.form, page.form_page) == ("WT-100", 2) and [slot.ink for slot in signatures] == ["present"]


def processes_of(folder: Path) -> list[psutil.Process]:
    """The templates at work below `folder`, and whatever they started."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if any(str(folder) in argument for argument in process.cmdline()):
                found += [process, *process.children(recursive=True)]
    return list({process.pid: process for process in found}.values())
