"""What is no blank form: the reasons why something cannot be learned.

Place in the pipeline: part of `learn`. Trust level: any file that somebody took for a blank form. Residual risk: a
form filled in so that nothing of it stands in a place or field looks blank.
"""

import re

from services.ocr.catalogue.cannot_learn import CannotLearnError
from services.ocr.catalogue.model import MASK_DPI
from services.ocr.catalogue.sheet import Sheet
from services.ocr.reading import ink
from services.ocr.reading.raster import Pixels, open_page, render
from wetink.contracts.reading import BoxPt

_ADDED = {"Stamp", "Ink", "FreeText", "FileAttachment"}
_FILLED_FIELDS = 3
"""So many filled fields are no default values."""
_INSET_PT = 3.0
"""The frame of a box is not looked at, nor what hangs into it."""
_MARKED_SHARE = 0.015
_SHELL = re.compile(r"please wait|adobe reader", re.IGNORECASE)
_DAY = re.compile(r"^(\d\d/\d\d/\d{4}|\d{4}-\d\d-\d\d)$")
"""A day that stands alone: on a blank none is printed."""
_INSTRUCTIONS = re.compile(r"\bForm\s+[A-Z]{1,4}-\d+[A-Z]*\s+Instructions\b")


def refuse_what_is_no_form(sheets: list[Sheet]) -> None:
    """Raises `CannotLearnError` for shells, instructions and pages without text."""
    text = " ".join(run.text for sheet in sheets for run in sheet.runs)
    if len(sheets) == 1 and len(_SHELL.findall(text)) > 1:
        raise CannotLearnError("is_an_empty_shell")
    if sum(not sheet.runs for sheet in sheets) > len(sheets) / 2:
        raise CannotLearnError("has_no_text")
    if sum(bool(_INSTRUCTIONS.search(sheet.foot)) for sheet in sheets) > len(sheets) / 2:
        raise CannotLearnError("is_instructions")


def refuse_what_is_filled(sheets: list[Sheet]) -> None:
    """Raises `CannotLearnError` when somebody wrote, signed or stamped: it would count as printed ever after."""
    if any(_DAY.match(run.text) for sheet in sheets for run in sheet.runs):
        raise CannotLearnError("is_filled")
    if any(note.subtype in _ADDED for sheet in sheets for note in sheet.header.annotations):
        raise CannotLearnError("is_filled")
    filled = [
        widget.box_pt
        for sheet in sheets
        for widget in sheet.widgets
        if widget.value and (widget.kind == "Sig" or not widget.is_read_only)
    ]
    if len(filled) >= _FILLED_FIELDS or any(_is_marked(sheet) for sheet in sheets):
        raise CannotLearnError("is_filled")


def _is_marked(sheet: Sheet) -> bool:
    boxes = [slot.box_pt for slot in sheet.slots] + [one.box_pt for one in sheet.fields]
    if not boxes:
        return False
    with open_page(sheet.payload) as page:
        return any(_share_of_ink(render(page, MASK_DPI, _inside(box))) > _MARKED_SHARE for box in boxes)


def _inside(box: BoxPt) -> BoxPt:
    left, bottom, right, top = box
    return left + _INSET_PT, bottom + _INSET_PT, right - _INSET_PT, top - _INSET_PT


def _share_of_ink(crop: Pixels) -> float:
    return float((crop < ink.DARK).mean())
