"""`wetink learn`: learns a form's edition from its blank and says what a human must confirm.

Place in the pipeline: beside it; a running system uses a new entry from the next page on. Trust level: the blank
is opened in the sandbox like any client's file. Residual risk: who signs when is never learned, only where.
"""

import argparse
import os
import sys
from pathlib import Path

from services.ocr.catalogue.model import FieldPlan, FormPlan, SlotPlan
from services.ocr.sandbox.box import Sandbox
from services.ocr.sandbox.results import LearnResult
from services.ocr.settings import OcrSettings
from wetink.cli.reread import flagged_documents

_NO_ENTRY = "edition_unknown"

_REFUSALS = {
    "cannot_be_opened": "it is damaged. Download it again from the agency.",
    "needs_password": "it needs a password. Give the PDF as the agency publishes it.",
    "is_a_picture": "it is a scan or a picture. Give the PDF as the agency publishes it.",
    "is_an_empty_shell": "it asks for Adobe Reader, and the form is not in it. Download it again from the agency.",
    "has_no_text": "its letters are drawn, as a print to PDF does. Give the PDF as the agency publishes it.",
    "is_instructions": "these are the instructions for a form, not the form.",
    "is_filled": "somebody has filled it in. Give the blank form.",
    "names_no_form": "no page says which form and edition it is. Give the PDF as the agency publishes it.",
    "names_several_forms": "its pages belong to several forms or editions. Give one form in one edition.",
    "pages_out_of_order": "pages are missing or out of order. Give the whole blank form.",
    "has_other_pages": "it has more pages than the form. Give the blank form alone.",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `wetink learn` takes."""
    parser.add_argument("blank", type=Path, metavar="BLANK.pdf")
    parser.add_argument("--out", type=Path, metavar="DIR", help="catalogue folder, default WETINK_DATA/catalogue")


def run(arguments: argparse.Namespace) -> int:
    """Learn, save and print what was found; 1 when it cannot be learned, 2 when there is no such file."""
    settings = OcrSettings()
    if not arguments.blank.is_file():
        print(f"wetink learn: there is no file {arguments.blank}", file=sys.stderr)
        return 2
    sandbox = Sandbox(settings.data / "tmp" / f"learn-{os.getpid()}")
    try:
        result = sandbox.learn(arguments.blank.read_bytes())
    finally:
        sandbox.close()
    if not isinstance(result, LearnResult):
        why = _REFUSALS.get(result.reason, f"reading it failed ({result.reason}).")
        print(f"wetink learn: {arguments.blank} cannot be learned: {why}", file=sys.stderr)
        return 1
    path = result.save(arguments.out or settings.learned)
    print(_in_plain_words(FormPlan.model_validate_json(result.plan)))
    print(f"Written to {path}")
    if arguments.out is None and (waiting := len(flagged_documents(settings, _NO_ENTRY))):
        print(f"{waiting} documents had no entry; to read them again: wetink reread --code {_NO_ENTRY}")
    return 0


def _in_plain_words(plan: FormPlan) -> str:
    pages = f"{len(plan.pages)} pages" if plan.pages else "a dynamic form"
    lines = [f"{plan.form}, edition {plan.edition}, {pages}"]
    lines += [
        f"  {_where(slot)}: {slot.id} ({slot.party or 'party unknown'}): {slot.label}" for slot in plan.slots
    ]
    lines += [
        f"  {_where(field)}: {field.purpose}" + (f" (Part {field.part})" if field.part else "")
        for field in plan.fields
    ]
    if plan.to_confirm:
        lines += ["Please confirm:", *(f"  {remark}" for remark in plan.to_confirm)]
    return "\n".join(lines)


def _where(place: SlotPlan | FieldPlan) -> str:
    return place.node.template if place.node else f"page {place.form_page}"
