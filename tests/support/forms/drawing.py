"""Draws the fictional form with reportlab: what is printed, what is filled in, who signed.

The labels and the geometry follow real forms: a number, a label above its box, a read-only box for a signature.
"""

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import zxingcpp
from PIL import Image
from reportlab.lib.colors import Color, black
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

Party = Literal["applicant", "interpreter", "preparer", "officer"]

FORM = "WT-100"
EDITION = "2026-01-15"
PARTIES: tuple[Party, ...] = ("applicant", "interpreter", "preparer")
DATE = "03/05/2026"
_PRINTED_EDITION = "01/15/26"
_BOX_HEIGHT = 18.0
_PEN = Color(0.08, 0.15, 0.45)
_TEXT = (
    "Answer every question of this fictional form. If you need more room, use a sheet of your own and say to",
    "which part and item it belongs. Sign and date in ink where your name is asked for; no one can sign it all",
    "for you. I declare that I have read each answer on this form, that each of them is complete, true and",
    "correct, and that I allow the people who look after this matter to compare it with what they know.",
)


def blank_form(edition: str = _PRINTED_EDITION, form: str = FORM) -> bytes:
    """The form as its agency would publish it; `edition` as printed (`MM/DD/YY`), `form` another name for it."""
    return _Form(_Filling(), edition, seed=0, form=form).draw()


def officers_form(signed: Sequence[Party] = (), dated: Sequence[Party] = ()) -> bytes:
    """The form `WT-200`, whose last part an officer signs when it has long been filed; blank by default."""
    return _Form(_Filling(signed, dated), _PRINTED_EDITION, seed=1, form="WT-200", last="officer").draw()


def filled_form(
    signed: Sequence[Party] = (),
    dated: Sequence[Party] = (),
    used: Sequence[Party] = (),
    date: str = DATE,
    seed: int = 1,
) -> bytes:
    """The form filled in by the applicant.

    `signed` and `dated` name who signed (strokes, another hand for each `seed`) and dated (typed `date`); `used`
    names helpers whose name is given and whose statement is ticked.
    """
    return _Form(_Filling(signed, dated, used, date, "Testperson"), _PRINTED_EDITION, seed).draw()


@dataclass(frozen=True)
class _Filling:
    """What is filled in."""

    signed: Sequence[Party] = ()
    dated: Sequence[Party] = ()
    used: Sequence[Party] = ()
    date: str = DATE
    name: str = ""


class _Form:
    """One copy of the form while it is drawn."""

    def __init__(
        self, filling: _Filling, edition: str, seed: int, form: str = FORM, last: Party = "preparer"
    ) -> None:
        self.last = last
        self.filling, self.form, self.edition, self.name = filling, form, edition, filling.name
        self.random = random.Random(seed)
        self.target = io.BytesIO()
        self.canvas = Canvas(self.target, pagesize=(612, 792), invariant=1)

    def draw(self) -> bytes:
        self._first_page()
        self._second_page()
        self._third_page()
        self.canvas.save()
        return self.target.getvalue()

    def _first_page(self) -> None:
        self.canvas.setFont("Helvetica-Bold", 16)
        self.canvas.drawString(150, 745, "Request for a Fictional Benefit")
        self._paragraph(715)
        self._heading(650, "Part 1. Information About You")
        self._field(600, "1.a.", "Family Name (Last Name)", self.name)
        self._field(555, "1.b.", "Given Name (First Name)", "Sample" if self.name else "")
        self._field(510, "1.c.", "Alien Registration Number (A-Number)", "123456789" if self.name else "")
        self._paragraph(470)
        self._paragraph(390)
        self._footer(1)

    def _second_page(self) -> None:
        self._heading(740, "Part 2. Applicant's Statement and Signature")
        self._paragraph(715)
        self._statement(640, "1.a.", "The interpreter named in Part 3. read this form to me.", "interpreter")
        self._statement(
            615, "1.b.", "At my request, the preparer named in Part 4. prepared this form.", "preparer"
        )
        self._paragraph(580)
        self._signature(480, "2", "applicant")
        self._paragraph(400)
        self._paragraph(320)
        self._footer(2)

    def _third_page(self) -> None:
        parts: tuple[tuple[float, int, Party], ...] = ((740, 3, "interpreter"), (430, 4, self.last))
        for top, part, party in parts:
            title = party.capitalize()
            self._heading(top, f"Part {part}. {title}'s Name, Certification and Signature")
            name = f"{title}person" if party in self.filling.used else ""
            self._field(top - 50, "1.", f"{title}'s Family Name (Last Name)", name)
            self._paragraph(top - 80)
            self._signature(top - 180, "2", party)
        self._footer(3)

    def _heading(self, y: float, text: str) -> None:
        self.canvas.setFillGray(0.85)
        self.canvas.rect(36, y - 5, 540, 16, stroke=0, fill=1)
        self.canvas.setFillColor(black)
        self.canvas.setFont("Helvetica-Bold", 12)
        self.canvas.drawString(38, y, text)

    def _paragraph(self, y: float) -> None:
        self.canvas.setFont("Helvetica", 10)
        for line in _TEXT:
            self.canvas.drawString(36, y, line)
            y -= 13

    def _label(self, x: float, y: float, number: str, text: str) -> None:
        self.canvas.setFont("Helvetica-Bold", 10)
        self.canvas.drawString(x - 24, y, number)
        self.canvas.setFont("Helvetica", 10)
        self.canvas.drawString(x, y, text)

    def _box(self, x: float, y: float, width: float, tooltip: str, *, value: str = "", flags: str = "") -> None:
        self.canvas.rect(x, y, width, _BOX_HEIGHT)
        self.canvas.acroForm.textfield(
            name=f"field-{self.canvas.getPageNumber()}-{x:.0f}-{y:.0f}",
            tooltip=tooltip,
            value=value,
            x=x,
            y=y,
            width=width,
            height=_BOX_HEIGHT,
            borderWidth=0,
            fillColor=None,
            fontSize=11,
            fieldFlags=flags,
        )

    def _field(self, y: float, number: str, label: str, value: str) -> None:
        self._label(60, y + _BOX_HEIGHT + 4, number, label)
        self._box(60, y, 234, label, value=value)

    def _statement(self, y: float, number: str, text: str, party: Party) -> None:
        self.canvas.setFont("Helvetica-Bold", 10)
        self.canvas.drawString(36, y + 2, number)
        self.canvas.acroForm.checkbox(
            name=f"statement-{party}",
            tooltip=text,
            checked=party in self.filling.used,
            x=61,
            y=y,
            size=12,
            buttonStyle="cross",
        )
        self.canvas.setFont("Helvetica", 10)
        self.canvas.drawString(80, y + 2, text)

    def _signature(self, y: float, item: str, party: str) -> None:
        label = f"{party.capitalize()}'s Signature"
        self._label(60, y + _BOX_HEIGHT + 4, f"{item}.a.", label)
        self._box(60, y, 300, label, flags="readOnly")
        self._label(444, y + _BOX_HEIGHT + 4, f"{item}.b.", "Date of Signature (mm/dd/yyyy)")
        self._box(444, y, 132, "Date of Signature", value=self.filling.date if party in self.filling.dated else "")
        if party in self.filling.signed:
            self._strokes(70, y - 4)

    def _strokes(self, x: float, y: float) -> None:
        """A made-up hand: loops that run to the right and overflow the box."""
        self.canvas.saveState()
        self.canvas.setStrokeColor(_PEN)
        self.canvas.setLineWidth(1.3)
        self.canvas.setLineCap(1)
        path = self.canvas.beginPath()
        path.moveTo(x, y + 10)
        for _ in range(9):
            high, low = self.random.uniform(18, 34), self.random.uniform(-4, 6)
            step = self.random.uniform(12, 24)
            path.curveTo(x + step * 0.2, y + high, x + step * 0.9, y + high, x + step * 0.5, y + 12)
            path.curveTo(x + step * 0.3, y + low, x + step * 0.8, y + low, x + step, y + 10)
            x += step
        self.canvas.drawPath(path)
        self.canvas.restoreState()

    def _footer(self, number: int) -> None:
        bars = zxingcpp.create_barcode(f"{self.form}|{self.edition}|{number}", zxingcpp.BarcodeFormat.PDF417)
        picture = Image.fromarray(bars.to_image(scale=2))
        height = 150 * picture.height / picture.width
        self.canvas.drawImage(ImageReader(picture), 231, 12, 150, height)
        self.canvas.setFont("Helvetica", 9)
        self.canvas.drawString(36, 24, f"Form {self.form} Edition {self.edition}")
        self.canvas.drawRightString(576, 24, f"Page {number} of 3")
        self.canvas.showPage()
