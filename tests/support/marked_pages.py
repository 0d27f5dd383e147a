"""Puts marks on a page of a PDF as programs do: pictures, text, lines, annotations, signed fields; for tests."""

import io
from collections.abc import Callable

import cv2
import numpy as np
import pikepdf
from numpy.typing import NDArray
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

Box = tuple[float, float, float, float]
"""left, bottom, right, top in points."""
Draw = Callable[[Canvas, Box, int], None]
TYPED = "Fictional Testperson"


def hand(seed: int) -> NDArray[np.float64]:
    """The points of a made-up signature, in shares of width and height."""
    random = np.random.default_rng(seed)
    steps = np.linspace(0, 1, 240)
    up = sum(random.normal(0, 0.16) * np.sin(2 * np.pi * (3 * n * steps + random.random())) for n in range(1, 5))
    on = sum(random.normal(0, 0.03) * np.sin(2 * np.pi * (5 * n * steps + random.random())) for n in range(1, 4))
    return np.stack([np.clip(0.08 + 0.84 * steps + on, 0, 1), np.clip(0.5 + up, 0.02, 0.98)], 1)


def picture_of_hand(seed: int) -> Image.Image:
    """The signature as a picture on clear ground."""
    sheet = np.zeros((180, 720), np.uint8)
    points = np.rint(hand(seed) * (720, 180)).astype(np.int32)
    cv2.polylines(sheet, [points], isClosed=False, color=255, thickness=5, lineType=cv2.LINE_AA)
    return Image.merge("LA", [Image.new("L", (720, 180), 20), Image.fromarray(sheet)])


def draw_picture(canvas: Canvas, box: Box, seed: int) -> None:
    """A picture of a signature."""
    left, bottom, right, top = box
    canvas.drawImage(ImageReader(picture_of_hand(seed)), left, bottom, right - left, top - bottom, mask="auto")


def draw_lines(canvas: Canvas, box: Box, seed: int) -> None:
    """Strokes of a pen on a screen."""
    path = canvas.beginPath()
    points = box[:2] + hand(seed) * (box[2] - box[0], box[3] - box[1])
    path.moveTo(*points[0])
    for point in points[1:]:
        path.lineTo(*point)
    canvas.setLineWidth(1.2)
    canvas.drawPath(path)


def draw_text(canvas: Canvas, box: Box, seed: int) -> None:
    """A typed name."""
    canvas.setFont("Times-Italic" if seed % 2 else "Helvetica", 13)
    canvas.drawString(box[0] + 4, box[1] + 5, TYPED)


def with_content(pdf: bytes, page: int, box: Box, draw: Draw, seed: int = 1) -> bytes:
    """The PDF with something drawn in `box` of a page (from 1), inside a form as programs that flatten make it."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        there = document.pages[page - 1]
        with pikepdf.open(io.BytesIO(_sheet(there, box, draw, seed))) as overlay:
            there.add_overlay(overlay.pages[0])
            document.save(target, deterministic_id=True)
    return target.getvalue()


def with_annotation(pdf: bytes, page: int, box: Box, subtype: str, draw: Draw | None = None) -> bytes:
    """The PDF with an annotation in `box` of a page, which looks as `draw` draws it; without, a yellow bar."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        there = document.pages[page - 1]
        look = _look(document, there, box, draw)
        annotation = Dictionary(
            Type=Name.Annot, Subtype=Name(f"/{subtype}"), Rect=list(box), F=4, AP=Dictionary(N=look)
        )
        if "/Annots" not in there.obj:
            there.obj.Annots = Array()
        there.obj.Annots.append(document.make_indirect(annotation))
        document.save(target, deterministic_id=True)
    return target.getvalue()


def with_digital_signature(pdf: bytes, page: int, box: Box, *, is_certification: bool = False) -> bytes:
    """The PDF with a signed field that shows nothing; the agency's certification is named by the document."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        there = document.pages[page - 1]
        signature = document.make_indirect(Dictionary(Type=Name.Sig, ByteRange=Array([0, 1, 2, 3])))
        look = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T="signature", Rect=list(box), F=4)
        field = document.make_indirect(look)
        field.V = signature
        there.obj.Annots.append(field)
        document.Root.AcroForm.Fields.append(field)
        if is_certification:
            document.Root.Perms = Dictionary(DocMDP=signature)
        document.save(target, deterministic_id=True)
    return target.getvalue()


def _sheet(page: pikepdf.Page, box: Box, draw: Draw, seed: int) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=[float(number) for number in page.mediabox[2:]], invariant=1)
    draw(canvas, box, seed)
    canvas.save()
    return target.getvalue()


def _look(document: Pdf, page: pikepdf.Page, box: Box, draw: Draw | None) -> Stream:
    if draw is None:
        bar = b"1 1 0 rg %f %f %f %f re f" % (box[0], box[1], box[2] - box[0], box[3] - box[1])
        return Stream(document, bar, Type=Name.XObject, Subtype=Name.Form, BBox=list(box))
    with pikepdf.open(io.BytesIO(_sheet(page, box, draw, 1))) as overlay:
        look = document.copy_foreign(overlay.pages[0].as_form_xobject())
        look.BBox = list(box)
        return look
