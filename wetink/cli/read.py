"""`wetink read`: what is on each page of files, without Kafka and services.

Place in the pipeline: beside it, with the same reading. Trust level: files are opened in the sandbox alone.
Residual risk: the output quotes untrusted text.
"""

import argparse
import os
import sys
from pathlib import Path

from services.ocr.file_reading import read_file
from services.ocr.sandbox.box import Sandbox
from services.ocr.settings import OcrSettings
from wetink.contracts.reading import FileReading


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `wetink read` takes."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line and file")


def run(arguments: argparse.Namespace) -> int:
    """Read and print; 1 when some file is locked, unreadable or hostile, 2 when one cannot be opened."""
    settings = OcrSettings()
    missing = next((path for path in arguments.files if not path.is_file()), None)
    if missing is not None:
        print(f"wetink read: there is no file {missing}", file=sys.stderr)
        return 2
    sandbox = Sandbox(settings.data / "tmp" / f"read-{os.getpid()}", [settings.learned])
    is_all_read = True
    try:
        for path in arguments.files:
            reading = read_file(str(path), [path.read_bytes()], sandbox)
            is_all_read &= reading.status in ("read", "partial")
            print(
                reading.model_dump_json(exclude={"texts"}) if arguments.json else _in_plain_words(reading),
                flush=True,
            )
    finally:
        sandbox.close()
    return 0 if is_all_read else 1


def _in_plain_words(reading: FileReading) -> str:
    lines = [f"{reading.file}: {reading.status}" + (f" ({reading.reason})" if reading.reason else "")]
    for page in reading.pages:
        name = f"{page.form} {page.edition or '?'} page {page.form_page}" if page.form else "no known form"
        lines.append(f"  page {page.number}: {name} ({page.source})")
        lines += [
            f"    {slot.id}: {slot.ink}"
            + (f", {slot.mark}" if slot.mark else "")
            + (f", {slot.value}" if slot.value else "")
            for slot in page.slots
        ]
    return "\n".join(lines)
