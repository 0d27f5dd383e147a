"""Papers that are no form."""

import io

from reportlab.pdfgen.canvas import Canvas


def letter(pages: int = 1) -> bytes:
    """A letter of that many sheets, each with one line."""
    target = io.BytesIO()
    canvas = Canvas(target, invariant=1)
    for number in range(pages):
        canvas.drawString(72, 700, f"Dear Sir or Madam, this is sheet {number + 1} of our story.")
        canvas.showPage()
    canvas.save()
    return target.getvalue()
