"""Scans in PDFs, one for each way to pack a picture.

Source: page 2 of the fictional form, packed by Pillow (JPX, DCT, CCITT) or here; the JBIG2 stream is one generic
region in MMR, written after ITU-T T.88. Purpose: what an office scanner writes must be read.
"""

import io
import struct
import zlib
from base64 import a85encode
from collections.abc import Callable, Iterator
from functools import partial

from PIL import Image

from tests.support.bad_files.model import CUT_SHORT, READ, BadFile
from tests.support.bad_files.pdf import picture_page, stream
from tests.support.bad_files.sheet import paper, saved


def filter_files() -> Iterator[BadFile]:
    """Honest scans in every filter, and the same with their data cut in the middle."""
    packed: dict[str, Callable[[], tuple[bytes, bytes]]] = {
        "jpx": _jpx,
        "jbig2": _jbig2,
        "ccitt": _ccitt,
        "dct": lambda: (saved(paper(), "JPEG"), b"/Filter/DCTDecode/ColorSpace/DeviceGray/BitsPerComponent 8"),
        "dct-cmyk": _dct_cmyk,
        "flate": lambda: (zlib.compress(paper().tobytes()), _GREY + b"/Filter/FlateDecode"),
        "hex-flate": _hex_flate,
        "ascii85": lambda: (a85encode(paper().tobytes()) + b"~>", _GREY + b"/Filter/ASCII85Decode"),
        "run-length": _run_length,
        "flate-predictor": _predicted,
        "sixteen-bit": _sixteen,
        "flate-dct": _flate_dct,
    }
    for name, make in packed.items():
        whole = partial(_page, make, 100)
        yield BadFile(f"scan-{name}.pdf", "filters", f"a scan in {name}", READ, whole, pages=1, is_form=True)
        for share in (5, 60):
            says = f"a scan in {name} of which {share} % is there"
            yield BadFile(
                f"scan-{name}-{share}.pdf", "cut filters", says, CUT_SHORT, partial(_page, make, share), pages=1
            )


_GREY = b"/ColorSpace/DeviceGray/BitsPerComponent 8"


def _page(make: Callable[[], tuple[bytes, bytes]], share: int) -> bytes:
    data, head = make()
    size = b"/Type/XObject/Subtype/Image/Width %d/Height %d" % paper().size
    return picture_page(stream(data[: len(data) * share // 100], size + head))


def _jpx() -> tuple[bytes, bytes]:
    target = io.BytesIO()
    paper().save(target, "JPEG2000", quality_layers=[20], quality_mode="rates")
    return target.getvalue(), b"/Filter/JPXDecode"


def _g4() -> tuple[bytes, bool]:
    """Page 2 in Group 4, and whether white is stored as zero."""
    whole = saved(paper().convert("1"), "TIFF", compression="group4", strip_size=1 << 30)
    with Image.open(io.BytesIO(whole)) as tiff:
        start, size = tiff.tag_v2[273][0], tiff.tag_v2[279][0]
        return whole[start : start + size], tiff.tag_v2[262] == 0


def _ccitt() -> tuple[bytes, bytes]:
    data, is_white_zero = _g4()
    parms = b"/DecodeParms<</K -1/Columns %d/Rows %d/BlackIs1 %b>>" % (
        *paper().size,
        b"false" if is_white_zero else b"true",
    )
    return data, b"/Filter/CCITTFaxDecode/ColorSpace/DeviceGray/BitsPerComponent 1" + parms


def _jbig2() -> tuple[bytes, bytes]:
    width, height = paper().size
    region, is_white_zero = _g4()
    page = struct.pack(">IIIIBH", width, height, 0, 0, 0, 0)
    region = struct.pack(">IIIIBB", width, height, 0, 0, 0, 1) + region
    segments = [(48, page), (38, region)]
    data = b"".join(
        struct.pack(">IBBBI", number, kind, 0, 1, len(content)) + content
        for number, (kind, content) in enumerate(segments)
    )
    decode = b"" if is_white_zero else b"/Decode[1 0]"
    return data, b"/Filter/JBIG2Decode/ColorSpace/DeviceGray/BitsPerComponent 1" + decode


def _dct_cmyk() -> tuple[bytes, bytes]:
    # Pillow writes CMYK as Adobe does, inverted; the array says so.
    head = b"/Filter/DCTDecode/ColorSpace/DeviceCMYK/BitsPerComponent 8/Decode[1 0 1 0 1 0 1 0]"
    return saved(paper().convert("CMYK"), "JPEG"), head


def _hex_flate() -> tuple[bytes, bytes]:
    return zlib.compress(paper().tobytes()).hex().encode() + b">", _GREY + b"/Filter[/ASCIIHexDecode/FlateDecode]"


def _run_length() -> tuple[bytes, bytes]:
    plain = paper().tobytes()
    pieces = [plain[start : start + 128] for start in range(0, len(plain), 128)]
    return b"".join(
        bytes([len(piece) - 1]) + piece for piece in pieces
    ) + b"\x80", _GREY + b"/Filter/RunLengthDecode"


def _predicted() -> tuple[bytes, bytes]:
    width, height = paper().size
    plain = paper().tobytes()
    rows = b"".join(b"\0" + plain[row * width : (row + 1) * width] for row in range(height))
    parms = b"/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns %d>>" % width
    return zlib.compress(rows), _GREY + parms


def _sixteen() -> tuple[bytes, bytes]:
    wide = b"".join(bytes([value, value]) for value in paper().tobytes())
    return zlib.compress(wide), b"/ColorSpace/DeviceGray/BitsPerComponent 16/Filter/FlateDecode"


def _flate_dct() -> tuple[bytes, bytes]:
    return zlib.compress(saved(paper(), "JPEG")), _GREY + b"/Filter[/FlateDecode/DCTDecode]"
