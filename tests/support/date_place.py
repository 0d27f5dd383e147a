"""A place for a date as it is cut from a page, a date typed into it: for tests of reading dates."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from services.ocr.reading.marks import Crop
from services.ocr.reading.place import BoxPx

BOX = BoxPx(60, 60, 293, 110)
_SHAPE = (170, 353)


def typed_place(text: str, *, size_px: int = 32) -> Crop:
    """The crop; what the form prints there is the box's frame."""
    image = Image.new("L", (_SHAPE[1], _SHAPE[0]), 255)
    drawing = ImageDraw.Draw(image)
    drawing.rectangle([BOX.left, BOX.top, BOX.right, BOX.bottom], outline=0, width=2)
    printed = np.asarray(image) < 128
    drawing.text(
        (BOX.left + 10, BOX.bottom - 12), text, fill=20, font=ImageFont.load_default(size_px), anchor="ls"
    )
    return Crop(np.array(image, np.uint8), printed, BOX)
