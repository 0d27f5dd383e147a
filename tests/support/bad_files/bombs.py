"""PDFs that are small and cost much: streams, images, recursion, tokens.

Source: written here object by object. Purpose: memory and CPU seconds must end at the limits of one child.
"""

import zlib
from collections.abc import Iterator
from functools import cache, partial

from tests.support.bad_files.model import ATTACK, BadFile
from tests.support.bad_files.pdf import one_page, picture_page, stream

_MIB = 1 << 20


def bomb_files() -> Iterator[BadFile]:
    """All families of this module."""
    yield from _streams()
    yield from _pictures()
    yield from _recursions()
    yield from _tokens()


@cache
def _nested(depth: int, size_mib: int) -> bytes:
    packer = zlib.compressobj(9)
    block = b"0 0 m 9 9 l S\n" * (_MIB // 14)
    data = b"".join([*(packer.compress(block) for _ in range(size_mib)), packer.flush()])
    for _ in range(depth - 1):
        data = zlib.compress(data, 9)
    return data


def _packed(depth: int, size_mib: int, head: bytes = b"") -> bytes:
    return stream(_nested(depth, size_mib), head + b"/Filter[" + b"/FlateDecode" * depth + b"]")


def _streams() -> Iterator[BadFile]:
    def make(place: str, depth: int, size_mib: int) -> bytes:
        bomb = _packed(depth, size_mib, _STREAM_HEADS.get(place, b""))
        return one_page(more={5: bomb}, **_STREAM_PLACES[place])  # type: ignore[arg-type]

    for place in _STREAM_PLACES:
        for depth, size_mib in ((1, 60), (2, 600), (3, 1_000)):
            says = f"{size_mib} MiB in {depth} Flate layers as {place}"
            yield BadFile(
                f"flate-{depth}-{place}.pdf", "stream bombs", says, ATTACK, partial(make, place, depth, size_mib)
            )
    for name in ("LZWDecode", "RunLengthDecode", "ASCIIHexDecode", "ASCII85Decode"):
        says = f"40 layers of {name} over zeros"
        head = b"/Filter[" + f"/{name}".encode() * 40 + b"]"
        bomb = partial(one_page, page=b"/Contents 5 0 R", more={5: stream(bytes(100_000), head)})
        yield BadFile(f"layers-{name}.pdf", "stream bombs", says, ATTACK, bomb)


_STREAM_PLACES: dict[str, dict[str, bytes]] = {
    "contents": {"page": b"/Contents 5 0 R"},
    "xobject": {"content": b"/X Do", "resources": b"/XObject<</X 5 0 R>>"},
    "font": {
        "content": b"BT /F 9 Tf 9 9 Td (a) Tj ET",
        "resources": b"/Font<</F<</Type/Font/Subtype/TrueType/BaseFont/A/FontDescriptor"
        b"<</Type/FontDescriptor/FontName/A/Flags 4/FontFile2 5 0 R>>>>>>",
    },
    "to-unicode": {
        "content": b"BT /F 9 Tf 9 9 Td (a) Tj ET",
        "resources": b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 5 0 R>>>>",
    },
    "metadata": {"catalog": b"/Metadata 5 0 R"},
    "icc": {"content": b"/C cs 0 sc 0 0 9 9 re f", "resources": b"/ColorSpace<</C[/ICCBased 5 0 R]>>"},
}
_STREAM_HEADS = {"xobject": b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "icc": b"/N 3"}


def _pictures() -> Iterator[BadFile]:
    for width, height in ((100_000, 100_000), (30_000, 30_000), (7_000, 7_000), (2**31 - 1, 1), (0, 0), (-5, -5)):
        for bits in (1, 8):
            head = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent %d" % (width, height, bits)
            image = stream(zlib.compress(bytes(_MIB)), head + b"/ColorSpace/DeviceGray/Filter/FlateDecode")
            says = f"an image that says {width} x {height} pixels of {bits} bits"
            name = f"image-{width}x{height}-{bits}.pdf"
            yield BadFile(name, "picture bombs", says, ATTACK, partial(picture_page, image))


def _form_x(content: bytes, resources: bytes) -> bytes:
    head = b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<<%b>>" % resources
    return stream(content, head)


def _fan(width: int, depth: int) -> bytes:
    levels = {
        5 + level: _form_x(b"/X Do " * width, b"/XObject<</X %d 0 R>>" % (6 + level)) for level in range(depth)
    }
    levels[5 + depth] = _form_x(b"0 0 9 9 re f", b"")
    return one_page(b"/X Do", b"/XObject<</X 5 0 R>>", more=levels)


def _recursions() -> Iterator[BadFile]:
    for width, depth in ((1, 1_000), (2, 30), (10, 3), (10, 6), (10, 9), (100, 5)):
        says = f"form XObjects {depth} deep, each drawing the next {width} times"
        yield BadFile(f"fan-{width}-{depth}.pdf", "recursion", says, ATTACK, partial(_fan, width, depth))
    x = b"/XObject<</X 5 0 R>>"
    loops = {
        "self": {5: _form_x(b"/X Do", x)},
        "pair": {5: _form_x(b"/X Do", b"/XObject<</X 6 0 R>>"), 6: _form_x(b"/X Do", x)},
        "twice": {5: _form_x(b"/X Do /X Do", x)},
    }
    for name, more in loops.items():
        make = partial(one_page, b"/X Do", x, more=more)
        yield BadFile(f"loop-{name}.pdf", "recursion", "form XObjects that draw themselves", ATTACK, make)
    pattern = stream(
        b"/Pattern cs /P scn 0 0 9 9 re f",
        b"/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep .01/YStep .01"
        b"/Resources<</Pattern<</P 5 0 R>>>>",
    )
    fill = partial(one_page, b"/Pattern cs /P scn 0 0 612 792 re f", b"/Pattern<</P 5 0 R>>", more={5: pattern})
    yield BadFile("loop-pattern.pdf", "recursion", "a tiling of itself in tiny steps", ATTACK, fill)
    font = (
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/CharProcs<</a 6 0 R>>"
        b"/Encoding<</Differences[97/a]>>/FirstChar 97/LastChar 97/Widths[9]/Resources<</Font<</F 5 0 R>>>>>>"
    )
    glyph = stream(b"BT /F 1 Tf (aaaaaaaaaa) Tj ET")
    text = partial(one_page, b"BT /F 9 Tf (a) Tj ET", b"/Font<</F 5 0 R>>", more={5: font, 6: glyph})
    yield BadFile("loop-type3.pdf", "recursion", "a glyph written with itself", ATTACK, text)
    mask = b"<</Type/ExtGState/SMask<</Type/Mask/S/Luminosity/G 6 0 R>>>>"
    group = stream(
        b"/G gs 0 0 9 9 re f",
        b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Group<</S/Transparency/CS/DeviceGray>>"
        b"/Resources<</ExtGState<</G 5 0 R>>>>",
    )
    masked = partial(one_page, b"/G gs 0 0 612 792 re f", b"/ExtGState<</G 5 0 R>>", more={5: mask, 6: group})
    yield BadFile("loop-mask.pdf", "recursion", "a soft mask behind itself", ATTACK, masked)


def _tokens() -> Iterator[BadFile]:
    many = 300_000
    values = {
        "string": b"(" + b"a" * (20 * _MIB) + b")",
        "open-string": b"(" * many,
        "hex": b"<" + b"41" * (5 * _MIB) + b">",
        "arrays": b"[" * many + b"]" * many,
        "open-arrays": b"[" * many,
        "dictionaries": b"<</A" * many + b"0" + b">>" * many,
        "digits": b"9" * _MIB,
        "name": b"/" + b"A" * (5 * _MIB),
        "hashes": b"/" + b"#41" * _MIB,
        "comment": b"%" + b"a" * (5 * _MIB) + b"\n0",
        "nulls": b"[" + b"null " * _MIB + b"]",
        "references": b"[" + b"5 0 R " * many + b"]",
    }
    for name, value in values.items():
        make = partial(one_page, catalog=b"/X 5 0 R", more={5: value})
        yield BadFile(f"value-{name}.pdf", "tokens", f"an endless {name} in an object", ATTACK, make)
        inside = partial(one_page, value)
        yield BadFile(f"content-{name}.pdf", "tokens", f"an endless {name} in a page's content", ATTACK, inside)
    operators = {"q": b"q " * many, "cm": b"9 0 0 9 0 0 cm " * many, "curves": b"0 0 m 9 9 8 8 7 7 c S\n" * many}
    for name, content in operators.items():
        make = partial(one_page, content)
        yield BadFile(f"operator-{name}.pdf", "tokens", f"{many} times {name}", ATTACK, make)
