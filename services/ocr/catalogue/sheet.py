"""A page of a blank form while it is learned: its text, its fields, or else the boxes that are drawn on it.

Place in the pipeline: made by `learn`, filled by `learn_slots` and `learn_fields`. Trust level: a blank form that
the firm chose, opened where client files are opened. Residual risk: none of its own.
"""

from dataclasses import dataclass, field

import pypdfium2 as pdfium

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
    """One page of the blank.

    `widgets` are its fields; of a page without any, what is drawn to be filled in (`is_drawn`). `drawn` are boxes
    and lines that no field lies on. `barcode` and `footer` are what the page says of itself.
    """

    number: int
    header: Header
    payload: bytes
    runs: list[Run]
    widgets: list[Widget]
    drawn: list[Widget]
    is_drawn: bool
    width_pt: float
    height_pt: float
    barcode: str | None
    headings: list[Heading] = field(init=False)
    is_two_columned: bool = field(init=False)
    slots: list[SlotPlan] = field(default_factory=list)
    fields: list[FieldPlan] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.headings = find_headings(self.runs)
        self.is_two_columned = has_two_columns(self.runs, self.width_pt)

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
        runs = read_runs(page)
        width, height = page.get_size()
        fields = [widget for widget in header.widgets if not _is_barcode(widget)]
        drawn = drawn_boxes(render(page, DRAWN_DPI), runs, height)
        return Sheet(
            number=number,
            header=header,
            payload=payload,
            runs=runs,
            widgets=fields or drawn,
            drawn=[one for one in drawn if not any(overlap(one.box_pt, other.box_pt) for other in fields)],
            is_drawn=not fields,
            width_pt=width,
            height_pt=height,
            barcode=_barcode(header, page),
        )


def _is_barcode(widget: Widget) -> bool:
    return bool(widget.value and read_barcode_text(widget.value))


def _barcode(header: Header, page: pdfium.PdfPage) -> str | None:
    """The text of the page's barcode, whether it is a field or drawn."""
    told = next((widget.value for widget in header.widgets if _is_barcode(widget)), None)
    found = None if told else find_barcode(render(page, MASK_DPI))
    if found is None:
        return told
    form, edition, number = found.identity
    year, month, day = (edition or "").split("-")
    return f"{form}|{month}/{day}/{year[2:]}|{number}"
