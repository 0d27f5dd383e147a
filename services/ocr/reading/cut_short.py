"""Do the data of a PDF page's picture end too early? PDFium draws what there is and says nothing.

Place in the pipeline: called by `page` for pages that one picture covers. Trust level: a client's picture.
Residual risk: a fax whose data end without a mark is called whole when there is something at the page's bottom.
"""

import io

import pypdfium2 as pdfium
from PIL import Image

from services.ocr.reading.raster import render

_JPEG_ENDS = b"\xff\xd9"
_JBIG2_ENDS = b"\xff\xac"
_FAX_ENDS = 0x001001
"""End of facsimile block: twice eleven zeros and a one, at any bit."""
_TAIL_BYTES = 64
_LOOK_DPI = 36.0
_LOWEST_SHARE = 0.1


def is_picture_cut_short(page: pdfium.PdfPage, image: pdfium.PdfImage) -> bool:
    """Whether the data of `image`, which covers `page`, end before the picture does."""
    unpacked = bytes(image.get_data(decode_simple=True))
    packing = image.get_filters(skip_simple=True)
    if not packing:
        return not _fills(image, len(unpacked))
    if packing[-1] == "DCTDecode":
        return _JPEG_ENDS not in unpacked[-_TAIL_BYTES:] and not _loads(unpacked)
    if packing[-1] == "JPXDecode":
        return _JPEG_ENDS not in unpacked[-_TAIL_BYTES:]
    return not _has_fax_end(unpacked) and _is_bottom_empty(page)


def _fills(image: pdfium.PdfImage, size: int) -> bool:
    """Whether so many bytes are the rows of the picture, at any depth and number of colours."""
    width, height = image.get_px_size()
    rows = {(width * bits + 7) // 8 for bits in (1, 2, 4, 8, 16, 24, 32, 48, 64)}
    return size > max(rows) * height or any(0 <= size - row * height < max(row, 4) for row in rows)


def _loads(untrusted_jpeg: bytes) -> bool:
    try:
        Image.open(io.BytesIO(untrusted_jpeg), formats=("JPEG",)).load()
    except OSError:
        return False
    return True


def _has_fax_end(data: bytes) -> bool:
    tail = data[-_TAIL_BYTES:]
    if _JBIG2_ENDS in tail:
        return True
    bits = int.from_bytes(tail, "big")
    return any((bits >> shift) & 0xFFFFFF == _FAX_ENDS for shift in range(8 * len(tail)))


def _is_bottom_empty(page: pdfium.PdfPage) -> bool:
    drawn = render(page, _LOOK_DPI)
    lowest = drawn[int(drawn.shape[0] * (1 - _LOWEST_SHARE)) :]
    return int(lowest.max()) == int(lowest.min())
