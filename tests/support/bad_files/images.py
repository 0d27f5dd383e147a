"""Image files: bombs by dimensions and frames, and honest oddities of cameras, scanners and phones.

Source: headers written by hand after the PNG, TIFF and JPEG specifications; pictures of the fictional form saved
by Pillow and pillow-heif. Purpose: a decoder must never take more than its limits, and no honest turn, colour
space or depth may cost a client a document.
"""

import io
import struct
import zlib
from collections.abc import Iterator
from functools import partial

import numpy as np
import pillow_heif
from PIL import Image

from tests.support.bad_files.model import ATTACK, CUT_SHORT, READ, BadFile
from tests.support.bad_files.sheet import paper, saved

_SIZES = [(65_500, 65_500), (30_000, 30_000), (100_000, 10), (10, 100_000), (7_000, 7_000), (0, 0), (1, 1)]
_TRUE_SIZES = [(40_000, 20), (20, 40_000), (9_999, 4_999), (1, 1), (2, 12_000)]
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""EXIF orientation: the turn of the stored picture that it undoes."""


def image_files() -> Iterator[BadFile]:
    """All families of this module."""
    yield from _bombs()
    yield from _frames()
    yield from _turned()
    yield from _odd()
    yield from _cut_short()


def _bombs() -> Iterator[BadFile]:
    for width, height in [*_SIZES, (2**31 - 1, 2**31 - 1)]:
        says = f"the header says {width} x {height} pixels, the data are a few bytes"
        make = partial(_lying_png, width, height)
        yield BadFile(f"says-{width}x{height}.png", "image bombs", says, ATTACK, make)
        yield BadFile(
            f"says-{width}x{height}.tif", "image bombs", says, ATTACK, partial(_lying_tiff, width, height)
        )
    for width, height in [(65_500, 65_500), (30_000, 30_000), (65_500, 10), (10, 65_500), (0, 0), (7_000, 7_000)]:
        says = f"the frame header says {width} x {height} pixels"
        yield BadFile(
            f"says-{width}x{height}.jpg", "image bombs", says, ATTACK, partial(_lying_jpeg, width, height)
        )
    for width, height in _TRUE_SIZES:
        for kind in ("PNG", "TIFF"):
            make = partial(_blank, width, height, kind)
            says = f"really {width} x {height} pixels"
            yield BadFile(f"is-{width}x{height}.{kind.lower()}", "image bombs", says, ATTACK, make)


def _lying_png(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    packed = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def _lying_tiff(width: int, height: int, next_ifd: int = 0) -> bytes:
    entries = [(256, width), (257, height), (258, 8), (259, 1), (262, 1), (273, 200), (278, height), (279, 64)]
    rows = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    head = b"II*\0" + struct.pack("<IH", 8, len(entries)) + rows + struct.pack("<I", next_ifd)
    return head.ljust(200, b"\0") + bytes(64)


def _lying_jpeg(width: int, height: int) -> bytes:
    good = bytearray(saved(Image.new("L", (16, 16), 200), "JPEG"))
    at = good.index(b"\xff\xc0")
    good[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(good)


def _blank(width: int, height: int, kind: str) -> bytes:
    options = {"compression": "tiff_deflate"} if kind == "TIFF" else {}
    return saved(Image.new("L", (width, height), 255), kind, **options)


def _frames() -> Iterator[BadFile]:
    for count in (2, 40):
        make = partial(_many_frames, count)
        yield BadFile(f"{count}-frames.tif", "frames", f"{count} pages in one image", READ, make, pages=count)
    for count in (501, 2_000):
        make = partial(_many_frames, count)
        yield BadFile(f"{count}-frames.tif", "frames", f"{count} pages in one image", ATTACK, make)
    for name, target in (("itself", 8), ("nowhere", 10**9), ("its-pixels", 200)):
        make = partial(_lying_tiff, 8, 8, target)
        yield BadFile(f"next-is-{name}.tif", "frames", "the next directory is a lie", ATTACK, make)


def _many_frames(count: int) -> bytes:
    first, *others = [Image.new("L", (20, 20), index % 256) for index in range(count)]
    return saved(first, "TIFF", save_all=True, append_images=others)


def _turned() -> Iterator[BadFile]:
    for turn in range(1, 9):
        says = f"EXIF orientation {turn}"
        yield BadFile(f"turn-{turn}.jpg", "turned", says, READ, partial(_turn, turn), pages=1, is_form=True)
    for turn in (0, 9, 65_535):
        make = partial(_turn, turn)
        yield BadFile(f"turn-{turn}.jpg", "turned", "no such turn", READ, make, pages=1, is_form=True)


def _turn(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = paper()
    if orientation in _TURNS:
        picture = picture.transpose(_TURNS[orientation])
    return saved(picture, "JPEG", exif=exif, quality=85)


def _odd() -> Iterator[BadFile]:
    grey = paper()
    pictures = {
        "cmyk.jpg": ("JPEG", grey.convert("CMYK"), {}),
        "progressive.jpg": ("JPEG", grey, {"progressive": True}),
        "colour-420.jpg": ("JPEG", grey.convert("RGB"), {"subsampling": 2}),
        "grey-16.png": ("PNG", _sixteen(), {}),
        "palette.png": ("PNG", grey.convert("P"), {}),
        "one-bit.png": ("PNG", grey.convert("1"), {}),
        "alpha.png": ("PNG", grey.convert("RGBA"), {}),
        "grey-alpha.png": ("PNG", grey.convert("LA"), {}),
        "clear-paper.png": ("PNG", _clear_paper(), {}),
        "grey-16.tif": ("TIFF", _sixteen(), {}),
        "cmyk.tif": ("TIFF", grey.convert("CMYK"), {}),
        "one-bit-g3.tif": ("TIFF", grey.convert("1"), {"compression": "group3"}),
        "one-bit-g4.tif": ("TIFF", grey.convert("1"), {"compression": "group4"}),
        "lzw.tif": ("TIFF", grey, {"compression": "tiff_lzw"}),
        "jpeg-in.tif": ("TIFF", grey, {"compression": "jpeg"}),
        "packbits.tif": ("TIFF", grey, {"compression": "packbits"}),
        "lossless.webp": ("WEBP", grey, {"lossless": True}),
        "lossy.webp": ("WEBP", grey, {"quality": 85}),
    }
    for name, (kind, picture, options) in pictures.items():
        make = partial(saved, picture, kind, **options)
        yield BadFile(name, "odd images", "an unusual but honest kind", READ, make, pages=1, is_form=True)
    yield BadFile("phone.heic", "odd images", "HEIC", READ, _heic, pages=1, is_form=True)


def _sixteen() -> Image.Image:
    return Image.fromarray(np.asarray(paper()).astype(np.uint16) * 257)


def _clear_paper() -> Image.Image:
    """Black ink on transparent paper: black on black when the alpha channel is thrown away."""
    ink = 255 - np.asarray(paper())
    return Image.fromarray(np.dstack([np.zeros_like(ink), ink]), "LA")


def _heic() -> bytes:
    target = io.BytesIO()
    pillow_heif.from_pillow(paper().convert("RGB")).save(target, quality=80)
    return target.getvalue()


def _cut_short() -> Iterator[BadFile]:
    for suffix in ("jpg", "png", "webp", "heic", "tif"):
        for share in (2, 30, 90):
            says = f"the first {share} % of an image"
            make = partial(_first, suffix, share)
            yield BadFile(f"first-{share}.{suffix}", "cut images", says, CUT_SHORT, make)


def _first(suffix: str, share: int) -> bytes:
    kinds = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "tif": "TIFF"}
    whole = _heic() if suffix == "heic" else saved(paper(), kinds[suffix])
    return whole[: len(whole) * share // 100]
