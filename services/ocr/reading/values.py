"""What a field, or else the text of a page, says in a box.

Place in the pipeline: used by `digital`, and by `scan` where the picture was made of a PDF page. Trust level: a
client's text. Residual risk: a field may say what is not drawn, or not drawn there.
"""

from collections.abc import Iterator

import pypdfium2 as pdfium

from services.ocr.reading.blob import Header, Widget
from wetink.contracts.reading import BoxPt

_WIDER = 1.5
_EDGE_PT = 2.0


def value_in(page: pdfium.PdfPage, header: Header, box: BoxPt, *, has_text: bool) -> str | None:
    """The value of the field there, or the text; `has_text`: the page's text is what is seen, not recognised."""
    value = next((widget.value for widget in widgets_at(header, box) if widget.value), None)
    return value or (_text_in(page, box) if has_text else None)


def widgets_at(header: Header, box: BoxPt) -> Iterator[Widget]:
    """The form fields whose middle lies in the box."""
    for widget in header.widgets:
        left, bottom, right, top = widget.box_pt
        x, y = (left + right) / 2, (bottom + top) / 2
        is_inside = box[0] <= x <= box[2] and box[1] <= y <= box[3]
        if is_inside and right - left <= _WIDER * (box[2] - box[0]):
            yield widget


def _text_in(page: pdfium.PdfPage, box: BoxPt) -> str | None:
    """The text drawn inside a box, null when there are not two letters or digits."""
    x, y, _, _ = page.get_bbox()
    inner = (box[0] + x, box[1] + y + _EDGE_PT, box[2] + x, box[3] + y - _EDGE_PT)
    text = str(page.get_textpage().get_text_bounded(*inner)).strip()
    return text if sum(character.isalnum() for character in text) >= 2 else None
