"""Which of the things that a program put on a page made a mark: a field, an annotation, a picture, text or lines.

Place in the pipeline: asked by `digital` and `scan` for the mark in a place that is not empty. Trust level: a
client's PDF. Residual risk: a signature that was pasted before the page was made one picture looks like ink on a
scan; letters drawn as outlines in a script font look like strokes of a pen.

What lies over the ink made it: whatever covers most of it. Lines are everywhere on a form, so they count where
nothing else does.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from numpy.typing import NDArray

from services.ocr.reading.blob import Annotation, Header
from services.ocr.reading.drawn import Content, content_of_annotation
from services.ocr.reading.place import BoxPx
from wetink.contracts.reading import BoxPt, Mark

Mask = NDArray[np.bool_]

_COVERED = 0.5
"""Share of the ink that lies inside what made it."""
_LARGEST_SHARE = 0.3
"""A picture that takes more of the page is part of a scan."""
_REMARKS = {
    pdfium_c.FPDF_ANNOT_TEXT,
    pdfium_c.FPDF_ANNOT_LINK,
    pdfium_c.FPDF_ANNOT_POPUP,
    pdfium_c.FPDF_ANNOT_HIGHLIGHT,
    pdfium_c.FPDF_ANNOT_UNDERLINE,
    pdfium_c.FPDF_ANNOT_SQUIGGLY,
    pdfium_c.FPDF_ANNOT_STRIKEOUT,
    pdfium_c.FPDF_ANNOT_CARET,
    pdfium_c.FPDF_ANNOT_SQUARE,
    pdfium_c.FPDF_ANNOT_CIRCLE,
    pdfium_c.FPDF_ANNOT_FILEATTACHMENT,
}
_ANNOTATIONS: dict[str, Mark] = {
    "FreeText": "typed",
    "Ink": "digital",
    "Line": "digital",
    "PolyLine": "digital",
    "Polygon": "digital",
    "Stamp": "pasted",
}


class Source(NamedTuple):
    """What leaves a mark of that kind, and where; points, origin at the lower left of what is shown."""

    mark: Mark
    box_pt: BoxPt


def lift_remarks(page: pdfium.PdfPage) -> None:
    """Take annotations that are remarks off the page: who highlights an empty place does not sign it."""
    for index in reversed(range(pdfium_c.FPDFPage_GetAnnotCount(page))):
        annotation = pdfium_c.FPDFPage_GetAnnot(page, index)
        subtype = pdfium_c.FPDFAnnot_GetSubtype(annotation)
        pdfium_c.FPDFPage_CloseAnnot(annotation)
        if subtype in _REMARKS:
            pdfium_c.FPDFPage_RemoveAnnot(page, index)


def sources_of(page: pdfium.PdfPage, header: Header, contents: list[Content]) -> list[Source]:
    """What on the page may have made a mark, lines of its content apart."""
    width, height = page.get_size()
    pictures = [content.box_pt for content in contents if content.kind == "picture"]
    return [
        *_fields(header),
        *(Source(_mark_of(page, one), one.box_pt) for one in header.annotations if one.subtype in _ANNOTATIONS),
        *(Source("pasted", box) for box in pictures if _is_put_on(box, pictures, width * height)),
        *(Source("typed", content.box_pt) for content in contents if content.kind == "text"),
    ]


def mark_of(strokes: Mask, sources: list[Source], to_px: Callable[[BoxPt], BoxPx]) -> Mark | None:
    """What made the strokes (h x w); `to_px` says where a box of the page is among them. Null: none of these."""
    covered: dict[Mark, Mask] = {}
    for source in sources:
        left, top, right, bottom = to_px(source.box_pt)
        covered.setdefault(source.mark, np.zeros(strokes.shape, np.bool_))[top:bottom, left:right] = True
    shares = {mark: float(area[strokes].mean()) for mark, area in covered.items()} if strokes.any() else {}
    best = max(shares, key=lambda mark: shares[mark], default=None)
    return best if best and shares[best] >= _COVERED else None


def _fields(header: Header) -> Iterator[Source]:
    for widget in header.widgets:
        if widget.kind == "Btn" and not widget.value:
            yield Source("pasted", widget.box_pt)  # a button shows a picture
        elif widget.value and widget.kind != "Btn":
            yield Source("digital" if widget.kind == "Sig" else "typed", widget.box_pt)


def _mark_of(page: pdfium.PdfPage, annotation: Annotation) -> Mark:
    """A stamp is a picture, or else a text that is stamped."""
    if annotation.subtype == "Stamp" and _look_of(page, annotation.box_pt) == {"text"}:
        return "stamped"
    return _ANNOTATIONS[annotation.subtype]


def _look_of(page: pdfium.PdfPage, box: BoxPt) -> set[str]:
    """What kinds of things the look of the stamp at that place consists of."""
    left, bottom, _, _ = page.get_bbox()
    found: set[str] = set()
    for index in range(pdfium_c.FPDFPage_GetAnnotCount(page)):
        annotation, rect = pdfium_c.FPDFPage_GetAnnot(page, index), pdfium_c.FS_RECTF()
        pdfium_c.FPDFAnnot_GetRect(annotation, rect)
        edges = (rect.left - left, rect.bottom - bottom, rect.right - left, rect.top - bottom)
        if all(abs(one - other) < 1 for one, other in zip(edges, box, strict=True)):
            found |= content_of_annotation(annotation)
        pdfium_c.FPDFPage_CloseAnnot(annotation)
    return found


def _is_put_on(box: BoxPt, pictures: list[BoxPt], page_area: float) -> bool:
    """False for a picture that is (part of) a scan of the page: large, or in line with others that fill it."""
    if _area(box) > _LARGEST_SHARE * page_area:
        return False
    in_line = [other for other in pictures if _are_in_line(box, other)]
    return sum(map(_area, in_line)) < _LARGEST_SHARE * page_area


def _are_in_line(one: BoxPt, other: BoxPt) -> bool:
    """True for strips and tiles, which share both sides, or top and bottom."""
    same = [abs(a - b) < 1 for a, b in zip(one, other, strict=True)]
    return (same[0] and same[2]) or (same[1] and same[3])


def _area(box: BoxPt) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
