"""Turns a drawn PDF into what clients send: an office scan or a photo taken with a phone."""

import io
import time

import cv2
import numpy as np
import pypdfium2 as pdfium
from PIL import Image

_NO_TIME = time.gmtime(0)
_BARCODE_PT = (185, 470)
_FOOTER_PT = 62


def as_scan(pdf: bytes, dpi: int = 200, seed: int = 1, *, has_barcode: bool = True) -> bytes:
    """A PDF of JPEG pages: slightly turned, soft, with the noise of a scanner; the barcode may be stuck over."""
    random = np.random.default_rng(seed)
    pages = _render(pdf, dpi)
    if not has_barcode:
        left, right, height = (round(points * dpi / 72) for points in (*_BARCODE_PT, _FOOTER_PT))
        for page in pages:
            page[-height:, left:right] = 255
    first, *others = [Image.fromarray(_scanned(page, random)) for page in pages]
    target = io.BytesIO()
    first.save(
        target,
        "PDF",
        resolution=dpi,
        save_all=True,
        append_images=others,
        quality=80,
        creationDate=_NO_TIME,
        modDate=_NO_TIME,
    )
    return target.getvalue()


def as_photo(pdf: bytes, page: int, seed: int = 1) -> bytes:
    """A JPEG of one page (from 1) on a dark table, seen at an angle in uneven light."""
    random = np.random.default_rng(seed)
    paper = _render(pdf, 200)[page - 1]
    height, width = paper.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = corners + 150 + random.uniform(-50, 50, (4, 2)).astype(np.float32)
    turn = cv2.getPerspectiveTransform(corners, seen)
    photo = cv2.warpPerspective(paper, turn, (width + 300, height + 300), borderValue=(60, 70, 80))
    light = np.linspace(random.uniform(0.6, 0.8), 1.0, photo.shape[1])[None, :, None]
    noise = random.normal(0, 4, photo.shape)
    image = Image.fromarray(np.clip(photo * light + noise, 0, 255).astype(np.uint8))
    exif = Image.Exif()
    exif[0x010F] = "Fictional Phones"
    target = io.BytesIO()
    image.save(target, "JPEG", quality=85, exif=exif)
    return target.getvalue()


def drawn(pdf: bytes, dpi: int, page: int = 1) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    """The pixels of one page (from 1), RGB, as they are."""
    return _render(pdf, dpi)[page - 1]


def _render(pdf: bytes, dpi: int) -> "list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]":
    with pdfium.PdfDocument(pdf) as document:
        document.init_forms()
        return [
            np.array(page.render(scale=dpi / 72, rev_byteorder=True, prefer_bgrx=False).to_numpy()[:, :, :3])
            for page in document
        ]


def _scanned(
    page: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]", random: np.random.Generator
) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    height, width = page.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), random.uniform(-0.8, 0.8), 1.0)
    turn[:, 2] += random.uniform(-8, 8, 2)
    soft = cv2.GaussianBlur(cv2.warpAffine(page, turn, (width, height), borderValue=(250, 250, 250)), (0, 0), 0.6)
    grey = cv2.cvtColor(soft, cv2.COLOR_RGB2GRAY)
    return np.asarray(np.clip(grey + random.normal(0, 3, grey.shape), 0, 255).astype(np.uint8))
