"""`wetink forms`: the editions known, with pages, slots, who signs and where the knowledge comes from.

Place in the pipeline: beside it; reads the shipped catalogue and the one learned here. Trust level: our own data.
Residual risk: entries that nobody confirmed are shown like the others, with what is to be confirmed.

Broken entries are named on standard error; the exit status is then 1.
"""

import argparse
import json
import sys

from services.ocr.catalogue.model import SHIPPED, Catalogue, Entry
from services.ocr.settings import OcrSettings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `wetink forms` takes."""
    parser.add_argument("--json", action="store_true", help="print one JSON array")


def run(arguments: argparse.Namespace) -> int:
    """Print the catalogue."""
    catalogue = Catalogue.load((SHIPPED, OcrSettings().learned))
    entries = list(catalogue)
    if arguments.json:
        print(json.dumps([_as_json(entry) for entry in entries]))
    else:
        for entry in entries:
            print(_in_plain_words(entry))
    for name in catalogue.broken:
        print(f"Left out, its files are broken or incomplete: {name}", file=sys.stderr)
    return 1 if catalogue.broken else 0


def _in_plain_words(entry: Entry) -> str:
    name = f"{entry.form}  {entry.edition}"
    pages = f"{len(entry.plan.pages)} pages" if entry.plan.pages else "dynamic"
    parties = sorted({slot.party for slot in entry.plan.slots if slot.party})
    return f"{name}  {pages}  signed by: {', '.join(parties) or 'nobody'}"


def _as_json(entry: Entry) -> dict[str, object]:
    plan = entry.plan.model_dump(
        mode="json", include={"form", "edition", "source", "slots", "fields", "to_confirm"}
    )
    return {**plan, "pages": len(entry.plan.pages)}
