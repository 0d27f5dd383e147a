"""Finds the footer barcode of a scanned page, whichever way the page lies.

Place in the pipeline: the first look at a scan (2 ms when it hits upright). Trust level: a client's pixels.
Residual risk: no barcode proves nothing; decoders return "valid" corrupt strings, so only the exact
grammar counts.
"""

from typing import NamedTuple

import cv2
import numpy as np
import zxingcpp

from services.ocr.reading.identity import Identity, SeveralPagesError, read_barcode_text
from services.ocr.reading.raster import Pixels

_STRIP = 0.14
"""Share of the page's height, from the bottom, that holds the footer."""
_WIDE = 1.1
"""A sheet so many times wider than high may hold two pages."""
_WIDTH = 1_700
_PDF417 = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.PDF417)
_TRIED_WIDTHS = (1_400, 2_000)


class Found(NamedTuple):
    """What the barcode says and how many quarter turns (counter-clockwise) make the page upright."""

    identity: Identity
    turns: int


def find_barcode(grey: Pixels) -> Found | None:
    """The page's own barcode; null when none can be read in any of the four turns.

    `SeveralPagesError` when the barcodes of several pages are there.
    """
    for turns in (0, 2, 1, 3):
        strip = _strip(grey, turns)
        found = _decode(_to_width(strip, _WIDTH) if strip.shape[1] > _WIDTH else strip)
        if found:
            return Found(_only(found | _of_both_halves(strip)), turns)
    for turns in (0, 2, 1, 3):
        strip = _strip(grey, turns)
        for crop in _candidates(strip):
            for width in _TRIED_WIDTHS:
                found = _decode(_to_width(crop, width))
                if found:
                    return Found(_only(found), turns)
    return None


def read_upright(strip: Pixels) -> Identity | None:
    """The barcode of a strip that was laid upright; null when it cannot be read."""
    found = _decode(strip)
    return _only(found) if found else None


def _only(found: set[Identity]) -> Identity:
    if len(found) > 1:
        raise SeveralPagesError
    return next(iter(found))


def _of_both_halves(strip: Pixels) -> set[Identity]:
    """The barcodes of two pages side by side: where the sheet is wider than high, each half is looked at."""
    height, width = strip.shape
    if width * _STRIP < _WIDE * height:
        return set()
    half = width // 2
    return _decode(np.ascontiguousarray(strip[:, :half])) | _decode(np.ascontiguousarray(strip[:, half:]))


def _strip(grey: Pixels, turns: int) -> Pixels:
    """The bottom of the page after `turns`, cut before it is turned."""
    height, width = grey.shape
    part = {
        0: lambda: grey[int(height * (1 - _STRIP)) :],
        2: lambda: grey[: int(height * _STRIP)],
        1: lambda: grey[:, : int(width * _STRIP)],
        3: lambda: grey[:, int(width * (1 - _STRIP)) :],
    }[turns]()
    return np.ascontiguousarray(np.rot90(part, turns))


def _decode(strip: Pixels) -> set[Identity]:
    barcodes = zxingcpp.read_barcodes(
        strip, formats=_PDF417, try_rotate=False, try_downscale=False, try_invert=False
    )
    # Upside down it would be read too, so the barcode's own angle decides.
    found = (read_barcode_text(barcode.text) for barcode in barcodes if abs(barcode.orientation) < 90)
    return {identity for identity in found if identity}


def _candidates(strip: Pixels) -> list[Pixels]:
    """Upright crops of what looks like a dense row of bars, for tilted and photographed pages."""
    small = _to_width(strip, 850)
    scale = strip.shape[1] / small.shape[1]
    edges = cv2.convertScaleAbs(cv2.Sobel(small, cv2.CV_16S, 1, 0) - cv2.Sobel(small, cv2.CV_16S, 0, 1))
    _, dense = cv2.threshold(cv2.blur(edges, (21, 9)), 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    outlines, _ = cv2.findContours(dense, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    crops: list[Pixels] = []
    for outline in sorted(outlines, key=cv2.contourArea, reverse=True)[:2]:
        (x, y), (wide, high), angle = cv2.minAreaRect(outline)
        if wide < high:
            wide, high, angle = high, wide, angle - 90
        if wide < 4 * high or wide < 120:
            continue
        angle = angle - 180 if angle > 90 else angle
        turn = cv2.getRotationMatrix2D((x * scale, y * scale), angle, 1.0)
        size = int((wide + 40) * scale), int((high + 16) * scale)
        turn[0, 2] += size[0] / 2 - x * scale
        turn[1, 2] += size[1] / 2 - y * scale
        crops.append(np.asarray(cv2.warpAffine(strip, turn, size, borderValue=255), np.uint8))
    return crops


def _to_width(grey: Pixels, width: int) -> Pixels:
    scale = width / grey.shape[1]
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=way), np.uint8)
