"""`wetink rules check`: what is wrong or doubtful in the requirements, against the catalogue.

Place in the pipeline: beside it; reads the shipped and the firm's own data, no client's.
Trust level: our own data and the firm's. Residual risk: that of `services.validator.requirements.lint`.

Exit status: 0 nothing to mend, 1 something is (printed), 2 a file cannot be used (file and line are printed).
"""

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime

from services.ocr.catalogue.model import SHIPPED, Catalogue, Entry, SlotPlan
from services.ocr.settings import OcrSettings
from services.validator.requirements import requirements_with
from services.validator.requirements.files import RequirementsFileError
from services.validator.requirements.lint import KnownForm, Remark, remarks
from services.validator.settings import ValidatorSettings
from wetink.contracts.reading import SlotReading


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `wetink rules` takes."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="remarks on the requirements: what is missing, stale or not founded")
    check.add_argument("--json", action="store_true", help="print one JSON array")


def run(arguments: argparse.Namespace) -> int:
    """Check the requirements."""
    try:
        requirements = requirements_with(ValidatorSettings().requirements)
    except RequirementsFileError as error:
        print(f"wetink rules: {error}", file=sys.stderr)
        return 2
    catalogue = Catalogue.load((SHIPPED, OcrSettings().learned))
    found = remarks(requirements, map(known_form, catalogue), datetime.now(UTC).date())
    if arguments.json:
        print(json.dumps([asdict(remark) for remark in found]))
    else:
        print(_in_plain_words(found))
    return int(any(remark.is_to_mend for remark in found))


def known_form(entry: Entry) -> KnownForm:
    """A catalogue entry as the linter wants it."""
    return KnownForm(
        form=entry.form,
        edition=entry.edition,
        slots=tuple(map(empty_slot, entry.plan.slots)),
        purposes=frozenset(field.purpose for field in entry.plan.fields),
    )


def empty_slot(plan: SlotPlan) -> SlotReading:
    """A slot as it would be read on the blank form."""
    shared = plan.model_dump(include={"id", "kind", "party", "part", "item", "box_pt", "pair", "is_for_official"})
    return SlotReading(**shared, ink="absent", confidence=1)


def _in_plain_words(found: Iterable[Remark]) -> str:
    lines = [f"{one.code}: {one.form} {one.edition or ''}: {one.what}".replace(" :", ":") for one in found]
    return "\n".join(lines or ["No remarks."])
