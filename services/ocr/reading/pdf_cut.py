"""Cuts a PDF into page blobs: a plain scan as its image stream, anything else as a one-page PDF.

Place in the pipeline: called by `pages`. Trust level: hostile; pypdf reads structure, fields and encryption under
tightened limits, PDFium copies pages and repairs what pypdf cannot open. Residual risk: what pypdf takes for a
plain scan is trusted to show nothing else; only the simplest content streams are taken for one.
"""

import io
import logging
import re
from collections.abc import Callable
from typing import Any

import pypdfium2 as pdfium
from pypdf import Configuration, PageObject, PdfReader, apply_configuration
from pypdf.errors import PdfReadError
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NullObject, StreamObject

from services.ocr.reading.blob import Annotation, Header, Widget, write_blob
from services.ocr.reading.file_view import FileView
from services.ocr.reading.page_copy import PageCopier
from services.ocr.reading.xfa import read_xfa
from wetink.contracts.reading import BoxPt

MAX_PAGES = 5_000
_SCAN_SHARE = 0.8
"""A page is a scan when one picture covers at least this share of it."""
_MAX_SCAN_CONTENT = 100_000
_PAINTS = re.compile(rb"(?<![\w/(<])(?:f\*?|F|S|s|B\*?|b\*?|sh|BI)(?=[\s]|$)")
_DRAWS = re.compile(rb"/([^\s/\[\]<>()]+)\s+Do\b")
_PLACES = re.compile(rb"([-+.\d]+)\s+([-+.\d]+)\s+([-+.\d]+)\s+([-+.\d]+)\s+([-+.\d]+)\s+([-+.\d]+)\s+cm\b")
_SHOWS_TEXT = re.compile(rb"T[jJ*]|['\"]\s")
_TEXT_MODES = re.compile(rb"(\d)\s+Tr\b")
_INHERITED = ("/FT", "/V", "/Ff", "/TU", "/T")
_OWN = ("/Rect", "/AP", "/AS", "/MK", "/F")

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings quote the client's file


class LockedError(Exception):
    """The document needs a user password."""


def open_pdf(untrusted_file: bytes | memoryview) -> tuple[int, Callable[[int], bytes]]:
    """Number of pages, and how to cut one; `LockedError` or whatever the parsers raise."""
    apply_configuration(
        Configuration(page_tree_maximum_entries=MAX_PAGES, stream_parsing_work_maximum_count=500_000)
    )
    try:
        return _open(untrusted_file)
    except (LockedError, MemoryError):
        raise
    except Exception:  # noqa: BLE001  # any error of the first parser is the reason to ask the second one
        return _open(_repair(bytes(untrusted_file)))


def _open(untrusted_file: bytes | memoryview) -> tuple[int, Callable[[int], bytes]]:
    reader = PdfReader(io.BufferedReader(FileView(untrusted_file)), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise LockedError
    pages = len(reader.pages)
    if not 0 < pages <= MAX_PAGES:
        raise PdfReadError("no pages, or too many")
    form = _resolve(reader.root_object.get("/AcroForm"))
    if pages == 1 and isinstance(form, DictionaryObject) and "/XFA" in form:
        packets = read_xfa(reader.xfa or {})
        if packets and not _has_own_content(reader.pages[0]):
            blob = write_blob(Header(kind="xfa", form=packets.form, edition=packets.edition), b"")
            return 1, lambda _: blob
    copier = PageCopier(untrusted_file, pages)
    return pages, lambda index: _cut(reader.pages[index], index, copier)


def _repair(untrusted_file: bytes) -> bytes:
    """The document as PDFium writes it after its own repair."""
    try:
        document = pdfium.PdfDocument(untrusted_file)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise LockedError from error
        raise
    target = io.BytesIO()
    with document:
        document.save(target)
    return target.getvalue()


def _has_own_content(page: PageObject) -> bool:
    """False for the shell of a dynamic form, which shows nothing but "Please wait..."."""
    fields = [_resolve(item) for item in _resolve(page.get("/Annots")) or []]
    if any(isinstance(item, DictionaryObject) and item.get("/FT") in {"/Tx", "/Btn", "/Ch"} for item in fields):
        return True
    return "Please wait" not in (page.extract_text() or "") and "Adobe Reader" not in (page.extract_text() or "")


def _cut(page: PageObject, index: int, copier: PageCopier) -> bytes:
    annotations = [
        item for item in map(_resolve, _resolve(page.get("/Annots")) or []) if isinstance(item, DictionaryObject)
    ]
    box = page.cropbox
    width, height = abs(float(box.width)), abs(float(box.height))
    turn = int(page.rotation) % 360
    visible = [item for item in annotations if item.get("/Subtype") not in {"/Link", "/Popup"}]
    if not visible:
        image = _scan(page, width * height)
        if image is not None:
            orientation = {0: 1, 90: 6, 180: 3, 270: 8}.get(turn, 1)
            if turn in {90, 270}:
                width, height = height, width
            return write_blob(
                Header(kind="image", width_pt=width, height_pt=height, orientation=orientation), image
            )
    left, bottom = min(float(box.left), float(box.right)), min(float(box.bottom), float(box.top))
    fields = [_flat(item) for item in visible if item.get("/Subtype") == "/Widget"]
    others = [item for item in visible if item.get("/Subtype") != "/Widget"]
    header = Header(
        kind="pdf",
        width_pt=width,
        height_pt=height,
        widgets=[widget for widget in (_widget(field, left, bottom) for field in fields) if widget],
        annotations=[
            Annotation(subtype=str(item.get("/Subtype", "/"))[1:], box_pt=_box(item, left, bottom))
            for item in others
            if "/Rect" in item
        ],
    )
    is_drawn_by_program = any("/AP" not in field and field.keys() & {"/V", "/MK"} for field in fields)
    return write_blob(header, copier.copy(index, is_drawn_by_program=is_drawn_by_program))


def _scan(page: PageObject, area: float) -> bytes | None:
    """The JPEG stream of a page that is nothing but one picture; null when it is anything else."""
    contents = page.get_contents()
    untrusted_content = contents.get_data() if contents is not None else b""
    if len(untrusted_content) > _MAX_SCAN_CONTENT or _PAINTS.search(untrusted_content):
        return None
    if _SHOWS_TEXT.search(untrusted_content) and set(_TEXT_MODES.findall(untrusted_content)) != {b"3"}:
        return None
    drawn = _DRAWS.findall(untrusted_content)
    places = _PLACES.findall(untrusted_content.split(b" Do")[0])
    if len(drawn) != 1 or len(places) != 1:
        return None
    a, b, c, d = (float(number) for number in places[0][:4])
    if b or c or a <= 0 or d <= 0 or a * d < _SCAN_SHARE * area:
        return None
    resources: Any = _resolve(page.get("/Resources")) or {}
    image = _resolve((_resolve(resources.get("/XObject")) or {}).get("/" + drawn[0].decode("latin-1")))
    return _jpeg(image) if isinstance(image, StreamObject) else None


def _jpeg(image: StreamObject) -> bytes | None:
    filters = _resolve(image.get("/Filter"))
    names = list(filters) if isinstance(filters, ArrayObject) else [filters]
    if names != ["/DCTDecode"] or any(key in image for key in ("/SMask", "/Mask", "/Decode", "/ImageMask")):
        return None
    space = _resolve(image.get("/ColorSpace"))
    if isinstance(space, ArrayObject) and space and space[0] == "/ICCBased":
        profile: Any = _resolve(space[1])
        is_plain = profile.get("/N") in {1, 3}
    else:
        is_plain = space in {"/DeviceGray", "/DeviceRGB"}
    return bytes(image._data) if is_plain else None  # noqa: SLF001  # the stream as it is: decoding is OpenCV's work


def _flat(widget: DictionaryObject) -> DictionaryObject:
    """The field with everything it inherits, and without the tree it hangs in."""
    flat = DictionaryObject()
    for key in _OWN:
        if key in widget:
            flat[NameObject(key)] = widget.raw_get(key)
    node: Any = widget
    for _ in range(8):
        for key in _INHERITED:
            if key in node and key not in flat:
                flat[NameObject(key)] = node.raw_get(key)
        node = _resolve(node.get("/Parent"))
        if not isinstance(node, DictionaryObject):
            break
    return flat


def _widget(field: DictionaryObject, left: float, bottom: float) -> Widget | None:
    if "/Rect" not in field or int(field.get("/F", 0)) & 2:
        return None
    kind = str(field.get("/FT", "/"))[1:]
    value = _resolve(field.get("/AS") if kind == "Btn" else field.get("/V"))
    if value is None or isinstance(value, NullObject) or (kind == "Btn" and value == "/Off"):
        text = None
    elif kind == "Sig":
        text = "signed"
    else:
        text = str(value)[:500] or None
    return Widget(
        kind=kind,
        name=str(_resolve(field.get("/T", "")))[:200],
        box_pt=_box(field, left, bottom),
        value=text,
        tooltip=str(_resolve(field.get("/TU", "")))[:400],
        is_read_only=bool(int(_resolve(field.get("/Ff", 0))) & 1),
    )


def _box(item: DictionaryObject, left: float, bottom: float) -> BoxPt:
    x0, y0, x1, y1 = (float(_resolve(number)) for number in _resolve(item["/Rect"]))
    return min(x0, x1) - left, min(y0, y1) - bottom, max(x0, x1) - left, max(y0, y1) - bottom


def _resolve(value: Any) -> Any:  # noqa: ANN401  # PDF objects are of any type until looked at
    return value.get_object() if hasattr(value, "get_object") else value
