"""What people see in place of a dynamic XFA form's page, which no free engine can draw: a note that says so.

Place in the pipeline: called by `text`, which makes the pictures of pages. Trust level: form and edition as the
document names them. Residual risk: none.
"""

import cv2
import numpy as np

from services.ocr.reading.blob import Header
from services.ocr.reading.raster import Pixels

_SIZE_PX = (1_210, 935)
"""A letter page at 110 dpi."""
_LEFT, _TOP, _STEP = 90, 220, 44
_BLACK = (0, 0, 0)


def draw_card(header: Header) -> Pixels:
    """The note as a picture (BGR)."""
    named = " ".join(filter(None, ["Form", header.form, header.edition])) if header.form else "A form"
    lines = (
        named,
        "This is a dynamic PDF: only Adobe Reader can show it.",
        "To look at it, download the original.",
    )
    page = np.full((*_SIZE_PX, 3), 255, np.uint8)
    for number, line in enumerate(lines):
        place = (_LEFT, _TOP + number * _STEP)
        cv2.putText(page, line, place, cv2.FONT_HERSHEY_SIMPLEX, 0.8, _BLACK, 2, cv2.LINE_AA)
    return page
