"""`wetink forms`: the editions known, with pages, slots, who signs, when, and where that is written.

Place in the pipeline: beside it; reads the shipped catalogue and requirements, and those of this installation.
Trust level: our own data.
Residual risk: entries that nobody confirmed are shown like the others, with what is to be confirmed.

Broken entries are named on standard error; the exit status is then 1, and 2 when a firm's file cannot be used.
"""

import argparse
import json
import sys

from services.ocr.catalogue.model import SHIPPED, Catalogue, Entry, SlotPlan
from services.ocr.settings import OcrSettings
from services.validator.requirements import Requirements, requirements_with
from services.validator.requirements.files import RequirementsFileError
from services.validator.settings import ValidatorSettings
from wetink.cli.rules import empty_slot


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `wetink forms` takes."""
    parser.add_argument("--json", action="store_true", help="print one JSON array")


def run(arguments: argparse.Namespace) -> int:
    """Print the catalogue."""
    catalogue = Catalogue.load((SHIPPED, OcrSettings().learned))
    try:
        requirements = requirements_with(ValidatorSettings().requirements)
    except RequirementsFileError as error:
        print(f"wetink forms: {error}", file=sys.stderr)
        return 2
    entries = list(catalogue)
    if arguments.json:
        print(json.dumps([_as_json(entry, requirements) for entry in entries]))
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


def _as_json(entry: Entry, requirements: Requirements) -> dict[str, object]:
    plan = entry.plan.model_dump(mode="json", include={"form", "edition", "source", "fields", "to_confirm"})
    slots = [_slot(entry, slot, requirements) for slot in entry.plan.slots]
    return {**plan, "slots": slots, "pages": len(entry.plan.pages)}


def _slot(entry: Entry, slot: SlotPlan, requirements: Requirements) -> dict[str, object]:
    """A slot with what is required of it; `is_own` says that a file of the firm does."""
    required = requirements.of_slot(entry.form, entry.edition, empty_slot(slot))
    told = required.model_dump(mode="json", include={"need", "used_when", "unless", "reason", "source"})
    return {**slot.model_dump(mode="json"), "requirement": {**told, "is_own": requirements.is_own(required)}}
