"""What the content of a PDF page consists of: pictures, text and lines, also inside forms, with their boxes.

Place in the pipeline: asked by `marks` whether a page is a scan, and by `marks_drawn` what made a mark. Trust
level: a client's PDF; objects are counted and nested to a limit. Residual risk: clipping is not looked at.
"""

from collections.abc import Callable, Iterator
from ctypes import byref, c_float
from typing import Literal, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from wetink.contracts.reading import BoxPt

Kind = Literal["picture", "text", "line"]
Matrix = tuple[float, float, float, float, float, float]
"""a, b, c, d, e, f as PDF writes them."""

_MAX_OBJECTS = 20_000
_MAX_DEPTH = 6
_INVISIBLE = (pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP)
_KINDS: dict[int, Kind] = {
    pdfium_c.FPDF_PAGEOBJ_IMAGE: "picture",
    pdfium_c.FPDF_PAGEOBJ_TEXT: "text",
    pdfium_c.FPDF_PAGEOBJ_PATH: "line",
}
_WHOLE_PAGE_SHARE = 0.8
_FEW_TEXTS = 40
"""So many pieces of text may be put on a scan; a form that a program drew has more."""


class Content(NamedTuple):
    """One thing on a page; the box in points, origin at the lower left of what is shown."""

    kind: Kind
    box_pt: BoxPt


def content_of(page: pdfium.PdfPage) -> list[Content]:
    """Everything visible that the page's content draws."""
    left, bottom, _, _ = page.get_bbox()
    count = pdfium_c.FPDFPage_CountObjects(page)
    return list(_walk(page, pdfium_c.FPDFPage_GetObject, count, (1, 0, 0, 1, -left, -bottom), _MAX_DEPTH))


def content_of_annotation(annotation: object) -> set[Kind]:
    """What kinds of things the look of a stamp consists of."""
    count = pdfium_c.FPDFAnnot_GetObjectCount(annotation)
    walked = _walk(annotation, pdfium_c.FPDFAnnot_GetObject, count, (1, 0, 0, 1, 0, 0), _MAX_DEPTH)
    return {content.kind for content in walked}


def is_scan(page: pdfium.PdfPage, contents: list[Content]) -> bool:
    """Whether the page is a picture, or strips and tiles of one, with little visible text put on it."""
    if sum(content.kind == "text" for content in contents) > _FEW_TEXTS:
        return False
    width, height = page.get_size()
    covered = sum(_area(content.box_pt) for content in contents if content.kind == "picture")
    return bool(covered >= _WHOLE_PAGE_SHARE * width * height)


def _area(box: BoxPt) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _walk(parent: object, get: Callable[..., object], count: int, matrix: Matrix, depth: int) -> Iterator[Content]:
    for index in range(min(count, _MAX_OBJECTS)):
        item = get(parent, index)
        number = pdfium_c.FPDFPageObj_GetType(item)
        if number == pdfium_c.FPDF_PAGEOBJ_FORM and depth:
            inside = pdfium_c.FPDFFormObj_CountObjects(item)
            inner = _joined(_matrix_of(item), matrix)
            yield from _walk(item, pdfium_c.FPDFFormObj_GetObject, inside, inner, depth - 1)
            continue
        kind = _KINDS.get(number)
        is_seen = kind != "text" or pdfium_c.FPDFTextObj_GetTextRenderMode(item) not in _INVISIBLE
        if kind and is_seen:
            yield Content(kind, _box_of(item, matrix))


def _matrix_of(item: object) -> Matrix:
    found = pdfium_c.FS_MATRIX()
    pdfium_c.FPDFPageObj_GetMatrix(item, byref(found))
    return found.a, found.b, found.c, found.d, found.e, found.f


def _joined(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _box_of(item: object, matrix: Matrix) -> BoxPt:
    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    pdfium_c.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    a, b, c, d, e, f = matrix
    corners = [(x, y) for x in (left.value, right.value) for y in (bottom.value, top.value)]
    xs = [a * x + c * y + e for x, y in corners]
    ys = [b * x + d * y + f for x, y in corners]
    return min(xs), min(ys), max(xs), max(ys)
