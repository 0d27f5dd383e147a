"""A page of a blank form while it is learned: its text, its fields, or else the boxes that are drawn on it.

Place in the pipeline: made by `learn`, filled by `learn_slots` and `learn_fields`. Trust level: a blank form that
the firm chose, opened where client files are opened. Residual risk: none of its own.
"""

from dataclasses import dataclass, field
from functools import cached_property

from services.ocr.catalogue.cannot_learn import CannotLearnError
from services.ocr.catalogue.drawn_boxes import DRAWN_DPI, drawn_boxes
from services.ocr.catalogue.model import MASK_DPI, FieldPlan, SlotPlan
from services.ocr.catalogue.printed import Heading, Run, find_headings, has_two_columns, read_runs
from services.ocr.reading import digital
from services.ocr.reading.barcode import find_barcode
from services.ocr.reading.blob import Header, Widget, read_blob
from services.ocr.reading.identity import read_barcode_text
from services.ocr.reading.place import overlap
from services.ocr.reading.raster import open_page, render
from wetink.contracts.reading import BoxPt

_FOOT_SHARE = 0.1
_FOOTER_PT = 14.0
_COLUMN_SLACK_PT = 12.0


@dataclass
class Sheet:
    """One page of the blank, and what was found on it so far."""

    number: int
    header: Header
    payload: bytes
    runs: list[Run]
    width_pt: float
    height_pt: float
    slots: list[SlotPlan] = field(default_factory=list)
    fields: list[FieldPlan] = field(default_factory=list)

    @cached_property
    def headings(self) -> list[Heading]:
        """The parts that start on the page."""
        return find_headings(self.runs)

    @cached_property
    def is_two_columned(self) -> bool:
        """Whether the page is read by columns."""
        return has_two_columns(self.runs, self.width_pt)

    @cached_property
    def widgets(self) -> list[Widget]:
        """What can be filled in: the fields of the page, or if it has none what is drawn (`is_drawn`)."""
        return self._own_fields or self.drawn

    @property
    def is_drawn(self) -> bool:
        """Whether the page has no fields."""
        return not self._own_fields

    @cached_property
    def drawn(self) -> list[Widget]:
        """Boxes and lines that no field lies on."""
        with open_page(self.payload) as page:
            drawn = drawn_boxes(render(page, DRAWN_DPI), self.runs, self.height_pt)
        return [one for one in drawn if not any(overlap(one.box_pt, other.box_pt) for other in self._own_fields)]

    @cached_property
    def barcode(self) -> str | None:
        """The text of the page's barcode, whether it is a field or drawn."""
        told = next((widget.value for widget in self.header.widgets if _is_barcode(widget)), None)
        return told or _drawn_barcode(self.payload)

    @cached_property
    def _own_fields(self) -> list[Widget]:
        return [widget for widget in self.header.widgets if not _is_barcode(widget)]

    @property
    def foot(self) -> str:
        """The words in the lowest tenth of the page."""
        return " ".join(run.text for run in self.runs if run.bottom < self.height_pt * _FOOT_SHARE)

    @property
    def footer(self) -> str | None:
        """The lowest line of the page, which on a form says what the page is."""
        lowest = min((run.bottom for run in self.runs), default=0.0)
        return " ".join(run.text for run in self.runs if run.bottom < lowest + _FOOTER_PT) or None

    def column(self, left: float) -> int:
        """0, or 1 for the right one of two columns."""
        return int(self.is_two_columned and left > self.width_pt / 2 - _COLUMN_SLACK_PT)

    def part_at(self, box: BoxPt, before: Heading | None) -> Heading | None:
        """The part a place belongs to: the last heading before it in reading order."""
        column = self.column(box[0])
        earlier = [
            one
            for one in self.headings
            if self.column(one.left) < column or (self.column(one.left) == column and one.bottom > box[3] - 4)
        ]
        return max(earlier, key=self._order) if earlier else before

    def last_part(self, before: Heading | None) -> Heading | None:
        """The part in which the page ends."""
        return max(self.headings, key=self._order) if self.headings else before

    def _order(self, heading: Heading) -> tuple[int, float]:
        return self.column(heading.left), -heading.bottom


def open_sheet(number: int, blob: bytes) -> Sheet:
    """Page `number` of the blank; `CannotLearnError` when it is nothing but a picture."""
    header, payload = read_blob(blob)
    if header.kind != "pdf":
        raise CannotLearnError("is_a_picture")
    with open_page(payload) as page:
        if digital.whole_picture(page) is not None:
            raise CannotLearnError("is_a_picture")
        return Sheet(number, header, payload, read_runs(page), *page.get_size())


def _is_barcode(widget: Widget) -> bool:
    return bool(widget.value and read_barcode_text(widget.value))


def _drawn_barcode(payload: bytes) -> str | None:
    with open_page(payload) as page:
        found = find_barcode(render(page, MASK_DPI))
    if found is None:
        return None
    form, edition, number = found.identity
    year, month, day = (edition or "").split("-")
    return f"{form}|{month}/{day}/{year[2:]}|{number}"
