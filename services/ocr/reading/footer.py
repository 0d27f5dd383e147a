"""Names a page whose barcode cannot be read: by its footer, where its layout or else the picture has it.

Place in the pipeline: the second look at a page that neither its data nor a barcode names, in a job that may start
Tesseract (about half a second). Trust level: a client's pixels. Residual risk: a misread digit names another known
edition, which the gate at each slot answers; an edition that is not known must be read twice.
"""

import cv2
import numpy as np
import pytesseract

from services.ocr.catalogue.model import Catalogue
from services.ocr.reading.barcode import read_upright
from services.ocr.reading.identity import Identity, find_recognised_footer, page_told
from services.ocr.reading.layout import Likeness, find_layout
from services.ocr.reading.place import crop_matrix, size_px
from services.ocr.reading.raster import Pixels
from services.ocr.reading.result import Named

_FOOTER_PT = 60.0
_FOOTER_SHARE = 0.1
_BARCODE_PT = (185, 470)
"""Where the barcode stands between the words of the footer."""
_PAGE_WIDTH_PT = 612
_WIDTH_PX = 2_267
_SECOND_SIZE = 1.3
_COARSE = 8
"""So many times smaller a letter is a dot, and the light on the paper the same."""
_PAPER = 204
_SMALLEST_PX = 16
"""Print is not smaller, neither is the step in which light is evened out."""
_TESSERACT_SECONDS = 10


def name_by_footer(grey: Pixels, catalogue: Catalogue) -> Named | None:
    """Which page the picture shows; null when neither its footer nor its layout tells.

    Laid over its layout, a barcode may be read that was too crooked before. Named by its layout alone the page has
    no edition, and so no entry.
    """
    likeness = find_layout(grey, catalogue)
    if likeness:
        strip = _registered(grey, likeness)
        found = read_upright(strip)
        if found:
            return Named(found, "barcode", catalogue.find(found.form, found.edition))
        strip = _without_barcode(strip)
        text = _read(strip)
        named = _name_by_print(text, strip, likeness, catalogue)
        if named or likeness.is_sure or _says_that_page(text, likeness):
            return named or Named(Identity(likeness.entry.form, None, likeness.page.number), "layout", None)
    strip = _lowest(grey)
    return _name_by_print(_read(strip), strip, None, catalogue)


def _name_by_print(text: str, strip: Pixels, likeness: Likeness | None, catalogue: Catalogue) -> Named | None:
    printed = _confirmed(find_recognised_footer(text), strip, catalogue)
    if printed is None:
        return None
    page = printed.form_page
    if page is None and likeness and likeness.entry.form == printed.form:
        page = likeness.page.number
    return Named(printed._replace(form_page=page), "footer", catalogue.find(printed.form, printed.edition))


def _says_that_page(text: str, likeness: Likeness) -> bool:
    """Whether the number of the page and how many there are are printed as the likest layout has them."""
    return page_told(text) == (likeness.page.number, len(likeness.entry.plan.pages))


def _confirmed(printed: Identity | None, strip: Pixels, catalogue: Catalogue) -> Identity | None:
    """What was read, when the catalogue knows it or a second look at another size reads the same."""
    if printed is None or catalogue.find(printed.form, printed.edition):
        return printed
    larger = cv2.resize(strip, None, fx=_SECOND_SIZE, fy=_SECOND_SIZE, interpolation=cv2.INTER_CUBIC)
    again = find_recognised_footer(_read(np.asarray(larger, np.uint8)))
    return printed if again and (again.form, again.edition) == (printed.form, printed.edition) else None


def _registered(grey: Pixels, likeness: Likeness) -> Pixels:
    """The footer of the form as it is on the picture."""
    part = (0.0, 0.0, likeness.page.width_pt, _FOOTER_PT)
    width, height = size_px(part)
    scale = width / _WIDTH_PX
    matrix = likeness.registration.matrix @ crop_matrix(part, likeness.page.height_pt, 0)
    strip = cv2.warpPerspective(
        grey,
        matrix @ np.diag([scale, scale, 1.0]),
        (_WIDTH_PX, int(height / scale)),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderValue=255,
    )
    return np.asarray(strip, np.uint8)


def _without_barcode(strip: Pixels) -> Pixels:
    left, right = (int(edge * strip.shape[1] / _PAGE_WIDTH_PT) for edge in _BARCODE_PT)
    strip[:, left:right] = 255
    return strip


def _lowest(grey: Pixels) -> Pixels:
    """The lowest tenth of the picture as it lies."""
    strip = grey[int(grey.shape[0] * (1 - _FOOTER_SHARE)) :]
    scale = min(1.0, _WIDTH_PX / strip.shape[1])
    return np.asarray(cv2.resize(strip, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _evenly_lit(strip: Pixels) -> Pixels:
    """The strip with paper as white wherever light fell."""
    small = cv2.resize(strip, None, fx=1 / _COARSE, fy=1 / _COARSE, interpolation=cv2.INTER_AREA)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    ground = cv2.resize(paper, (strip.shape[1], strip.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(strip, ground, scale=255), np.uint8)


def _read(strip: Pixels) -> str:
    """The text of a footer; empty when it is too small for any, or Tesseract is missing, refuses or is slow."""
    if min(strip.shape) < _SMALLEST_PX:
        return ""
    even = _evenly_lit(strip)
    strip = np.where(even > _PAPER, 255, even).astype(np.uint8)  # noise of empty paper costs Tesseract a second
    try:
        return str(pytesseract.image_to_string(strip, config="--psm 11", timeout=_TESSERACT_SECONDS))
    except (RuntimeError, pytesseract.TesseractNotFoundError):
        return ""
