"""`wetink rules check`: what is wrong or doubtful in the requirements; `replay`: what would change for past cases.

Place in the pipeline: beside it. `check` reads the shipped and the firm's own data, no client's; `replay` judges
stored readings of this installation again, opens no file and writes nothing.
Trust level: the administrator's own shell; ids and codes are printed, never what paper says.
Residual risk: that of `services.validator.requirements.lint` and `services.validator.replaying`; a place that a
changed catalogue adds was never looked at, so a replay says nothing of it.

Exit status: 0 nothing to mend, or replayed; 1 something is to be mended; 2 a file cannot be used.
"""

import argparse
import json
import sys
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from services.ocr.catalogue.model import SHIPPED, Catalogue, Entry, SlotPlan
from services.ocr.settings import OcrSettings
from services.validator.ports import Ports
from services.validator.readings import Readings
from services.validator.replaying import Difference, replay
from services.validator.requirements import Requirements, requirements_with
from services.validator.requirements.files import RequirementsFileError
from services.validator.requirements.lint import KnownForm, Remark, remarks
from services.validator.settings import ValidatorSettings
from services.validator.tables import cases
from wetink.blobs.opening import open_blobs
from wetink.cli.databases import existing
from wetink.clock import SystemClock
from wetink.contracts.reading import PageReading, SlotReading
from wetink.keystore.opening import open_keystore


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `wetink rules` takes."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="remarks on the requirements: what is missing, stale or not founded")
    check.add_argument("--json", action="store_true", help="print one JSON array")
    again = actions.add_parser("replay", help="what would change for the cases judged before")
    again.add_argument("--requirements", type=Path, metavar="FOLDER", help="changed requirements to try")
    again.add_argument("--catalogue", type=Path, metavar="FOLDER", help="changed catalogue entries to try")
    again.add_argument("--json", action="store_true", help="print one JSON object a difference")


def run(arguments: argparse.Namespace) -> int:
    """Do the action; returns the exit status."""
    settings = ValidatorSettings()
    try:
        if arguments.action == "check":
            return _check(requirements_with(settings.requirements), as_json=arguments.json)
        requirements = requirements_with(arguments.requirements or settings.requirements)
    except RequirementsFileError as error:
        print(f"wetink rules: {error}", file=sys.stderr)
        return 2
    return _replay(settings, requirements, arguments.catalogue, as_json=arguments.json)


def _check(requirements: Requirements, *, as_json: bool) -> int:
    catalogue = Catalogue.load((SHIPPED, OcrSettings().learned))
    found = remarks(requirements, map(known_form, catalogue), datetime.now(UTC).date())
    print(json.dumps([asdict(remark) for remark in found]) if as_json else _in_plain_words(found))
    return int(any(remark.is_to_mend for remark in found))


def _replay(
    settings: ValidatorSettings, requirements: Requirements, catalogue: Path | None, *, as_json: bool
) -> int:
    folders = (SHIPPED, OcrSettings().learned, *([catalogue] if catalogue else []))
    looked_at, differences = 0, 0
    for _name, database in existing(settings, ("validator",), cases):
        with closing(open_keystore(settings)) as keystore:
            blobs = open_blobs(settings, keystore)
            ports = Ports(
                database=database,
                blobs=blobs,
                readings=Readings(blobs, partial(as_in_catalogue, Catalogue.load(folders))),
                requirements=requirements,
                clock=SystemClock(),
                quiet_s=settings.quiet_seconds,
                process=settings.process,
            )
            for case in replay(ports):
                looked_at, differences = looked_at + 1, differences + len(case.differences)
                for one in case.differences:
                    print(json.dumps(asdict(one)) if as_json else _difference(one))
    print(f"{looked_at} cases looked at, {differences} differences.", file=sys.stderr)
    return 0


def as_in_catalogue(catalogue: Catalogue, reading: PageReading) -> PageReading:
    """A stored reading with its places as the catalogue names them now; those it no longer has are left out."""
    entry = catalogue.find(reading.form, reading.edition) if reading.form else None
    if entry is None:
        return reading
    plans = {plan.id: plan for plan in entry.plan.slots}
    slots = [slot.model_copy(update=plans[slot.id].in_reading()) for slot in reading.slots if slot.id in plans]
    return reading.model_copy(update={"slots": slots, "form_pages": len(entry.plan.pages) or None})


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
    return SlotReading(**plan.in_reading(), ink="absent", confidence=1)


def _in_plain_words(found: Iterable[Remark]) -> str:
    lines = [f"{one.code}: {one.form} {one.edition or ''}: {one.what}".replace(" :", ":") for one in found]
    return "\n".join(lines or ["No remarks."])


def _difference(one: Difference) -> str:
    place = f" {one.form} page {one.form_page} {one.slot or ''}".rstrip() if one.form else ""
    return f"{one.case_id}: {one.change}: {one.severity} {one.code}{place}"
