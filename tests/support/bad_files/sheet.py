"""The good paper that is bent here: page 2 of the fictional form, signed by the applicant."""

import io
from functools import cache

import numpy as np
import pypdfium2 as pdfium
from PIL import Image
from pypdf import PdfWriter

from tests.support.forms import as_scan, filled_form

DPI = 150


@cache
def form() -> bytes:
    """The whole form as a PDF with fields."""
    return filled_form(signed=["applicant"])


@cache
def second_page() -> bytes:
    """Page 2 alone, still with its fields."""
    writer = PdfWriter()
    writer.append(io.BytesIO(form()), pages=(1, 2))
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


@cache
def scan() -> bytes:
    """The whole form as a scanner's PDF."""
    return as_scan(form(), dpi=100)


@cache
def paper() -> Image.Image:
    """Page 2 as a grey picture."""
    with pdfium.PdfDocument(form()) as document:
        document.init_forms()
        pixels = document[1].render(scale=DPI / 72, grayscale=True).to_numpy()
        return Image.fromarray(np.array(pixels).reshape(pixels.shape[:2]))


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """`image` as a file of that kind."""
    target = io.BytesIO()
    image.save(target, kind, **{"dpi": (DPI, DPI), **options})
    return target.getvalue()
