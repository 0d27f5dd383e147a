"""Pixels and text of a page: image files through OpenCV and Pillow, PDF pages through PDFium.

Place in the pipeline: used by every way of reading a page. Trust level: hostile input; sizes are checked before
anything is decoded. Residual risk: a decoder's own bug, contained by the sandbox.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import cv2
import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from PIL import Image, ImageFile

from services.ocr.reading.image_cut import open_untrusted_image
from wetink.contracts.reading import BoxPt

Pixels = NDArray[np.uint8]

MAX_WORKING_PIXELS = 12_000_000
_MAX_SIDE_PT = 5_000
_PLAIN_WHITE = 0.8


class Picture(NamedTuple):
    """The pixels of an image file, grey (h x w) or BGR (h x w x 3); `is_cut_short`: its data ended too early."""

    pixels: Pixels
    is_cut_short: bool


def decode(untrusted_image: bytes, orientation: int, *, in_colour: bool) -> Picture:
    """The upright picture, shrunk to about 12 megapixels while decoding, as much of it as there is."""
    try:
        pixels, is_cut_short = _decode(untrusted_image, in_colour=in_colour), False
    except (OSError, ValueError):
        pixels, is_cut_short = _decode(untrusted_image, in_colour=in_colour, is_whole=False), True
        if pixels.min() == pixels.max():
            raise
    return Picture(np.ascontiguousarray(_turn(pixels, orientation)), is_cut_short)


def _decode(untrusted_image: bytes, *, in_colour: bool, is_whole: bool = True) -> Pixels:
    image = open_untrusted_image(untrusted_image)
    shrink = math.sqrt(image.width * image.height / MAX_WORKING_PIXELS)
    if is_whole and image.format == "JPEG" and image.mode in {"L", "RGB"}:
        pixels = _decode_jpeg(untrusted_image, shrink, in_colour=in_colour)
    else:
        if shrink > 1:
            image.draft(None, (int(image.width / shrink), int(image.height / shrink)))
        ImageFile.LOAD_TRUNCATED_IMAGES = not is_whole
        try:
            image.load()
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = False
        image = _on_white_paper(image)
        pixels = np.asarray(image.convert("RGB") if in_colour else image.convert("L"), np.uint8)
        pixels = pixels[:, :, ::-1] if in_colour else pixels
    if pixels.shape[0] * pixels.shape[1] > 1.5 * MAX_WORKING_PIXELS:
        smaller = cv2.resize(pixels, None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA)
        pixels = np.asarray(smaller, np.uint8)
    return pixels


def _on_white_paper(image: Image.Image) -> Image.Image:
    """In eight bits and without transparency: `convert` would clip the bits and turn clear paper black."""
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value / 256)
    if not image.has_transparency_data:
        return image
    ink = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", ink.size, "white"), ink)


def _decode_jpeg(untrusted_image: bytes, shrink: float, *, in_colour: bool) -> Pixels:
    if shrink > 1.5:
        flag = cv2.IMREAD_REDUCED_COLOR_2 if in_colour else cv2.IMREAD_REDUCED_GRAYSCALE_2
    else:
        flag = cv2.IMREAD_COLOR if in_colour else cv2.IMREAD_GRAYSCALE
    pixels = cv2.imdecode(np.frombuffer(untrusted_image, np.uint8), flag | cv2.IMREAD_IGNORE_ORIENTATION)
    if pixels is None:
        raise ValueError("image_damaged")
    return np.asarray(pixels, np.uint8)


def _turn(pixels: Pixels, orientation: int) -> Pixels:
    """EXIF orientation 1 to 8 undone."""
    if orientation in {2, 4, 5, 7}:
        pixels = pixels[:, ::-1]
    turns = {3: 2, 4: 2, 5: 1, 6: 3, 7: 3, 8: 1}.get(orientation, 0)
    return np.rot90(pixels, turns)


def is_one_bit(pixels: Pixels) -> bool:
    """True for paper that is plain white nearly everywhere, as fax machines make it."""
    return bool((pixels[::4, ::4] == 255).mean() >= _PLAIN_WHITE)


@contextmanager
def open_page(untrusted_pdf: bytes) -> Iterator[pdfium.PdfPage]:
    """The only page of a page blob's PDF."""
    document = pdfium.PdfDocument(untrusted_pdf)
    try:
        page = document[0]
        if max(page.get_size()) > _MAX_SIDE_PT:
            raise ValueError("page_too_large")
        yield page
    finally:
        document.close()


def render(page: pdfium.PdfPage, dpi: float, box_pt: BoxPt | None = None, *, in_colour: bool = False) -> Pixels:
    """The page, or the part of it in `box_pt`, grey or BGR."""
    width, height = page.get_size()
    crop = (0.0, 0.0, 0.0, 0.0)
    if box_pt is not None:
        crop = (box_pt[0], box_pt[1], width - box_pt[2], height - box_pt[3])
    bitmap = page.render(
        scale=dpi / 72, crop=crop, grayscale=not in_colour, prefer_bgrx=False, may_draw_forms=True
    )
    pixels = bitmap.to_numpy()
    return np.array(pixels[:, :, :3] if in_colour else pixels.reshape(pixels.shape[:2]), np.uint8)
