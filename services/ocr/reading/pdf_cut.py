"""Cuts a PDF into page blobs: a plain scan as its image stream, anything else as a one-page PDF.

Place in the pipeline: called by `pages`. Trust level: hostile; pypdf reads structure, fields and encryption under
tightened limits, PDFium copies pages. What pypdf cannot open is repaired by PDFium, or else by qpdf, which finds
the pages of a file that is cut short. One bad annotation or number costs itself, never the page. Residual risk:
what pypdf takes for a plain scan is trusted to show nothing else (only the simplest content streams are taken for
one); of a file that is cut short the last page may be blank.
"""

import io
import logging
import math
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import pypdfium2 as pdfium
from pypdf import Configuration, PageObject, PdfReader, apply_configuration
from pypdf.errors import PdfReadError
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NullObject, StreamObject

from services.ocr.reading.blob import Annotation, Header, Widget, write_blob
from services.ocr.reading.file_view import FileView
from services.ocr.reading.page_copy import PageCopier
from services.ocr.reading.xfa import packets_of, read_xfa
from services.ocr.reading.xfa_signatures import certifications, client_signatures
from wetink.contracts.reading import BoxPt

MAX_PAGES = 5_000
_MAX_ANNOTATIONS = 5_000
_LETTER_PT = (0.0, 0.0, 612.0, 792.0)
"""What PDFium takes for a page that has no size."""
_SCAN_SHARE = 0.8
"""A page is a scan when one picture covers at least this share of it."""
_MAX_SCAN_CONTENT = 100_000
_PAINTS = re.compile(rb"(?<![\w/(<])(?:f\*?|F|S|s|B\*?|b\*?|sh|BI)(?=[\s]|$)")
_DRAWS = re.compile(rb"/([^\s/\[\]<>()]+)\s+Do\b")
_PLACES = re.compile(rb"([-+.\d]+)\s+([-+.\d]+)\s+([-+.\d]+)\s+([-+.\d]+)\s+([-+.\d]+)\s+([-+.\d]+)\s+cm\b")
_SHOWS_TEXT = re.compile(rb"T[jJ*]|['\"]\s")
_TEXT_MODES = re.compile(rb"(\d)\s+Tr\b")
_PAGES_TOLD = re.compile(
    rb"/Type\s{0,9}/Pages\b[^>]{0,300}?/Count\s{1,9}(\d{1,6})|/Count\s{1,9}(\d{1,6})[^>]{0,300}?/Type\s{0,9}/Pages\b"
)
_INHERITED = ("/FT", "/V", "/Ff", "/TU", "/T")
_OWN = ("/Rect", "/AP", "/AS", "/MK", "/F")

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings quote the client's file


T = TypeVar("T")
Opened = tuple[int, Callable[[int], bytes]]
"""Number of pages, and how to cut one."""


class LockedError(Exception):
    """The document needs a user password."""


class LostPageError(Exception):
    """The file says that there are more pages than are in it: it is cut short."""


def open_pdf(untrusted_file: bytes | memoryview, password: str | None = None) -> Opened:
    """Number of pages, and how to cut one; `LockedError` or whatever the parsers raise.

    Of a file that is cut short the last page is one that cannot be cut (`LostPageError`), for all that are lost.
    """
    apply_configuration(
        Configuration(page_tree_maximum_entries=MAX_PAGES, stream_parsing_work_maximum_count=500_000)
    )
    for attempt in (_open, _open_repaired):
        try:
            return attempt(untrusted_file)
        except LockedError:
            if password is None:
                raise
            return open_pdf(_unlocked(untrusted_file, password))
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001, S112  # any error of one parser is the reason to ask the next one
            continue
    return _open_cut_short(bytes(untrusted_file))


def _open(untrusted_file: bytes | memoryview) -> Opened:
    reader = PdfReader(io.BufferedReader(FileView(untrusted_file)), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise LockedError
    pages = len(reader.pages)
    if not 0 < pages <= MAX_PAGES:
        raise PdfReadError("no pages, or too many")
    form = _resolve(reader.root_object.get("/AcroForm"))
    if pages == 1 and isinstance(form, DictionaryObject) and "/XFA" in form:
        packets = read_xfa(packets_of(reader))
        if packets and not _has_own_content(reader.pages[0]):
            signed = next(_usable(client_signatures, [reader.root_object]), [])
            blob = write_blob(Header(kind="xfa", signed=signed, **packets._asdict()), b"")
            return 1, lambda _: blob
    copier = PageCopier(untrusted_file, pages)
    certifying = next(_usable(certifications, [reader.root_object]), [])
    return pages, lambda index: _cut(reader.pages[index], index, copier, certifying)


def _open_repaired(untrusted_file: bytes | memoryview) -> Opened:
    """The document as PDFium writes it after its own repair."""
    try:
        document = pdfium.PdfDocument(bytes(untrusted_file))
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise LockedError from error
        raise
    target = io.BytesIO()
    with document:
        document.save(target)
    return _open(target.getvalue())


def _unlocked(untrusted_file: bytes | memoryview, password: str) -> bytes:
    """The document as qpdf writes it without its lock; raises `LockedError` when this does not open it."""
    import pikepdf  # noqa: PLC0415 - needed seldom, and costs memory

    target = io.BytesIO()
    try:
        with pikepdf.open(io.BytesIO(untrusted_file), password=password) as found:
            found.save(target)
    except pikepdf.PasswordError as error:
        raise LockedError from error
    return target.getvalue()


def _open_cut_short(untrusted_file: bytes) -> Opened:
    """The pages that qpdf finds in what there is of the document."""
    import pikepdf  # noqa: PLC0415 - needed seldom, and costs memory

    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(untrusted_file)) as found:
        found.save(target)
    pages, cut = _open(target.getvalue())
    told = max((int(one or other) for one, other in _PAGES_TOLD.findall(untrusted_file)), default=0)

    def cut_or_lost(index: int) -> bytes:
        if index == pages:
            raise LostPageError
        return cut(index)

    return pages + (told > pages), cut_or_lost


def _has_own_content(page: PageObject) -> bool:
    """False for the shell of a dynamic form, which shows nothing but "Please wait..."."""
    fields = [_resolve(item) for item in _resolve(page.get("/Annots")) or []]
    if any(isinstance(item, DictionaryObject) and item.get("/FT") in {"/Tx", "/Btn", "/Ch"} for item in fields):
        return True
    return "Please wait" not in (page.extract_text() or "") and "Adobe Reader" not in (page.extract_text() or "")


def _cut(page: PageObject, index: int, copier: PageCopier, certifying: list[object]) -> bytes:
    left, bottom, right, top = _box_of(page)
    width, height = right - left, top - bottom
    turn = _turn(page)
    visible = [item for item in _annotations(page) if item.get("/Subtype") not in {"/Link", "/Popup"}]
    if not visible:
        image = next(_usable(lambda one: _scan(one, width * height), [page]), None)
        if image is not None:
            orientation = {0: 1, 90: 6, 180: 3, 270: 8}.get(turn, 1)
            if turn in {90, 270}:
                width, height = height, width
            return write_blob(
                Header(kind="image", width_pt=width, height_pt=height, orientation=orientation), image
            )
    fields = list(_usable(_flat, [item for item in visible if item.get("/Subtype") == "/Widget"]))
    fields = [field for field in fields if not any(_resolve(field.get("/V")) is one for one in certifying)]
    others = [item for item in visible if item.get("/Subtype") != "/Widget"]
    header = Header(
        kind="pdf",
        width_pt=width,
        height_pt=height,
        widgets=list(_usable(lambda field: _widget(field, left, bottom), fields)),
        annotations=list(_usable(lambda item: _annotation(item, left, bottom), others)),
    )
    is_drawn_by_program = any("/AP" not in field and field.keys() & {"/V", "/MK"} for field in fields)
    return write_blob(header, copier.copy(index, is_drawn_by_program=is_drawn_by_program))


def _usable(make: Callable[[Any], T | None], items: Iterable[Any]) -> Iterator[T]:
    """What `make` makes of those items of which it can make anything."""
    for item in items:
        try:
            made = make(item)
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001, S112  # a broken part of a page may provoke any error of the parser
            continue
        if made is not None:
            yield made


def _annotations(page: PageObject) -> list[DictionaryObject]:
    found = next(_usable(lambda one: _resolve(one.get("/Annots")), [page]), None)
    items = found[:_MAX_ANNOTATIONS] if isinstance(found, list) else []
    return [item for item in _usable(_resolve, items) if isinstance(item, DictionaryObject)]


def _box_of(page: PageObject) -> BoxPt:
    """What is shown of the page; a letter page where the file tells no believable size."""
    box = next(_usable(lambda one: tuple(float(number) for number in one.cropbox), [page]), ())
    if len(box) != 4 or not all(map(math.isfinite, box)) or box[0] == box[2] or box[1] == box[3]:
        return _LETTER_PT
    x0, y0, x1, y1 = box
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _turn(page: PageObject) -> int:
    return next(_usable(lambda one: int(one.rotation) % 360, [page]), 0)


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


def _annotation(item: DictionaryObject, left: float, bottom: float) -> Annotation | None:
    if "/Rect" not in item:
        return None
    return Annotation(subtype=str(item.get("/Subtype", "/"))[1:], box_pt=_box(item, left, bottom))


def _box(item: DictionaryObject, left: float, bottom: float) -> BoxPt:
    x0, y0, x1, y1 = (float(_resolve(number)) for number in _resolve(item["/Rect"]))
    return min(x0, x1) - left, min(y0, y1) - bottom, max(x0, x1) - left, max(y0, y1) - bottom


def _resolve(value: Any) -> Any:  # noqa: ANN401  # PDF objects are of any type until looked at
    return value.get_object() if hasattr(value, "get_object") else value
