"""PDFs whose skeleton lies: page trees, fields, cross-references, object streams, numbers, fonts, actions, XFA.

Source: written here object by object. Purpose: no loop, lie or number may keep a reader busy or bring it down.
"""

import zlib
from collections.abc import Iterator, Mapping
from functools import partial

from tests.support.bad_files.model import ATTACK, DAMAGED, READ, REFUSED, BadFile
from tests.support.bad_files.pdf import CATALOG, PAGES, body, one_page, pdf, stream, table

_LEAF = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>"
_CONTENT = stream(b"0 0 m 9 9 l S")


def structure_files() -> Iterator[BadFile]:
    """All families of this module."""
    yield from _page_trees()
    yield from _fields()
    yield from _cross_references()
    yield from _object_streams()
    yield from _numbers()
    yield from _fonts()
    yield from _actions()
    yield from _xfa()


def _page_trees() -> Iterator[BadFile]:
    for depth in (10, 100, 1_000, 20_000):
        make = partial(_deep, depth)
        yield BadFile(f"deep-{depth}.pdf", "page trees", f"a page {depth} nodes deep", ATTACK, make)
    yield BadFile("wide-60.pdf", "page trees", "60 pages", READ, partial(_wide, 60), pages=60)
    long = partial(_wide, 5_000)
    yield BadFile("wide-5000.pdf", "page trees", "5,000 pages", READ, long, pages=5_000, is_long=True)
    for count in (5_001, 50_000):
        yield BadFile(f"wide-{count}.pdf", "page trees", f"{count} pages", REFUSED, partial(_wide, count))
    nodes = {
        "self": b"<</Type/Pages/Kids[2 0 R]/Count 1>>",
        "self-often": b"<</Type/Pages/Kids[2 0 R 2 0 R 2 0 R 3 0 R]/Count 9>>",
        "same-page": b"<</Type/Pages/Kids[%b]/Count 40>>" % (b"3 0 R " * 40),
        "none": b"<</Type/Pages/Kids[]/Count 0>>",
        "none-says-nine": b"<</Type/Pages/Kids[]/Count 9>>",
        "count-huge": b"<</Type/Pages/Kids[3 0 R]/Count 2147483647>>",
        "count-negative": b"<</Type/Pages/Kids[3 0 R]/Count -1>>",
        "count-name": b"<</Type/Pages/Kids[3 0 R]/Count/Many>>",
        "kids-number": b"<</Type/Pages/Kids 7/Count 1>>",
        "kids-null": b"<</Type/Pages/Kids[null 3 0 R null]/Count 3>>",
        "kids-missing": b"<</Type/Pages/Kids[99 0 R]/Count 1>>",
        "is-catalog": CATALOG,
        "is-null": b"null",
    }
    for name, node in nodes.items():
        make = partial(pdf, {1: CATALOG, 2: node, 3: _LEAF, 4: _CONTENT})
        yield BadFile(f"tree-{name}.pdf", "page trees", f"a page tree that lies: {name}", ATTACK, make)
    yield BadFile("no-root.pdf", "page trees", "no catalogue", ATTACK, partial(pdf, {1: b"null", 2: PAGES}))


def _deep(depth: int) -> bytes:
    nodes = {10 + level: b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (11 + level) for level in range(depth)}
    return pdf({1: b"<</Type/Catalog/Pages 10 0 R>>", 2: PAGES, 4: _CONTENT, **nodes, 10 + depth: _LEAF})


def _wide(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % (10 + index) for index in range(count))
    tree = b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, count)
    return pdf({1: CATALOG, 2: tree, 4: _CONTENT, **dict.fromkeys(range(10, 10 + count), _LEAF)})


def _fields() -> Iterator[BadFile]:
    widget = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/Rect[9 9 99 29]%b>>"
    numbers = range(6, 6 + 20_000)
    chain = {number: widget % (b"/Parent %d 0 R" % (number + 1)) for number in numbers}
    forms: dict[str, tuple[bytes, Mapping[int, bytes]]] = {
        "kids-self": (b"5 0 R", {5: widget % b"/Kids[5 0 R]/Parent 5 0 R"}),
        "kids-pair": (
            b"5 0 R",
            {5: widget % b"/Kids[6 0 R]/Parent 6 0 R", 6: widget % b"/Kids[5 0 R]/Parent 5 0 R"},
        ),
        "deep": (b"6 0 R", {**chain, 6 + len(numbers): widget % b""}),
        "rect-short": (b"5 0 R", {5: widget.replace(b"9 9 99 29", b"9 9") % b""}),
        "rect-names": (b"5 0 R", {5: widget.replace(b"9 9 99 29", b"/a/b/c/d") % b""}),
        "rect-huge": (b"5 0 R", {5: widget.replace(b"9 9 99 29", b"-1e38 -1e38 1e38 1e38") % b""}),
        "value-huge": (b"5 0 R", {5: widget % (b"/V(" + b"a" * 5_000_000 + b")")}),
        "value-self": (b"5 0 R", {5: widget % b"/V 5 0 R"}),
        "options": (b"5 0 R", {5: widget % (b"/Opt[" + b"(a)" * 200_000 + b"]")}),
        "flags-name": (b"5 0 R", {5: widget % b"/F/x/Ff(y)"}),
        "look-self": (b"5 0 R", {5: widget % b"/AP<</N 5 0 R>>"}),
        "null": (b"5 0 R null 7 (x)", {5: b"null"}),
    }
    for name, (listed, more) in forms.items():
        make = partial(_form, listed, more)
        yield BadFile(f"fields-{name}.pdf", "fields", f"a field that lies: {name}", ATTACK, make)
    for count in (1_000, 100_000):
        more = {6 + index: widget % b"" for index in range(count)}
        listed = b" ".join(b"%d 0 R" % number for number in more)
        make = partial(_form, listed, more)
        yield BadFile(f"fields-{count}.pdf", "fields", f"{count} widgets on a page", ATTACK, make)


def _form(listed: bytes, more: Mapping[int, bytes]) -> bytes:
    return one_page(
        page=b"/Annots[%b]" % listed, catalog=b"/AcroForm<</Fields[%b]/DA(/Helv 9 Tf)>>" % listed, more=more
    )


def _cross_references() -> Iterator[BadFile]:
    content, offsets = body({1: CATALOG, 2: PAGES, 3: _LEAF, 4: _CONTENT})
    start = len(content)
    true = table(offsets)
    moved = table({number: offset + 7 for number, offset in offsets.items()})
    swapped = table(dict(zip(offsets, reversed(offsets.values()), strict=True)))
    endings = {
        "prev-self": (true, b"/Prev %d" % start, start),
        "prev-zero": (true, b"/Prev 0", start),
        "prev-negative": (true, b"/Prev -1", start),
        "prev-far": (true, b"/Prev 99999999999", start),
        "stream-self": (true, b"/XRefStm %d" % start, start),
        "offsets-moved": (moved, b"", start),
        "offsets-swapped": (swapped, b"", start),
        "offsets-far": (table(dict.fromkeys(offsets, 9_999_999_999)), b"", start),
        "offsets-itself": (table(dict.fromkeys(offsets, start)), b"", start),
        "start-zero": (true, b"", 0),
        "start-far": (true, b"", 10**12),
        "start-object": (true, b"", 9),
        "rows-many": (b"xref\n0 2000000000\n0000000000 65535 f \n", b"", start),
        "rows-negative": (b"xref\n-5 10\n0000000000 65535 f \n", b"", start),
        "rows-garbage": (b"xref\n0 5\n" + b"\xff" * 100 + b"\n", b"", start),
        "none": (b"", b"", start),
    }
    for name, (rows, more, begins) in endings.items():
        end = b"trailer<</Size 5/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF\n" % (more, begins)
        make = partial(bytes.join, b"", [content, rows, end])
        yield BadFile(f"xref-{name}.pdf", "cross-references", f"a cross-reference that lies: {name}", ATTACK, make)
    for name, head in {
        "widths-huge": b"/W[9 99999999 9]",
        "widths-zero": b"/W[0 0 0]",
        "widths-negative": b"/W[-1 -1 -1]",
        "index-huge": b"/W[1 4 2]/Index[0 2000000000]",
        "index-negative": b"/W[1 4 2]/Index[-1 -1]",
        "prev-self": b"/W[1 4 2]/Prev %d" % start,
    }.items():
        row = stream(zlib.compress(bytes(70)), b"/Type/XRef/Size 9/Root 1 0 R/Filter/FlateDecode" + head)
        end = b"9 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (row, start)
        make = partial(bytes.join, b"", [content, end])
        says = f"a cross-reference stream that lies: {name}"
        yield BadFile(f"xref-stream-{name}.pdf", "cross-references", says, ATTACK, make)


def _object_streams() -> Iterator[BadFile]:
    inner = b"1 0 7 0 <</Type/Catalog/Pages 2 0 R>>"
    heads = {
        "true": b"/N 2/First 8",
        "many": b"/N 2000000000/First 8",
        "negative": b"/N -1/First -8",
        "first-far": b"/N 2/First 99999999",
        "extends-self": b"/N 2/First 8/Extends 5 0 R",
        "length-self": b"/N 2/First 8/Length 5 0 R",
        "filter-self": b"/N 2/First 8/Filter 5 0 R",
        "number-self": b"/N 5 0 R/First 5 0 R",
    }
    for name, head in heads.items():
        objects = {2: PAGES, 3: _LEAF, 4: _CONTENT, 5: stream(inner, b"/Type/ObjStm" + head)}
        content, offsets = body(objects)
        own = len(content)
        rows = b"".join(
            b"\2\0\0\0\5\0\0"
            if number in {1, 5 if name == "number-self" else 1}
            else b"\1" + offsets.get(number, own).to_bytes(4, "big") + b"\0\0"
            for number in range(10)
        )
        row = stream(rows, b"/Type/XRef/Size 10/Root 1 0 R/W[1 4 2]")
        make = partial(bytes.join, b"", [content, b"9 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (row, own)])
        acceptable = READ if name == "true" else ATTACK
        says = f"an object stream that tells of itself: {name}"
        yield BadFile(f"objects-{name}.pdf", "object streams", says, acceptable, make)


_NO_PAPER = ("wide", "large", "tiny", "crop-outside")
"""Sizes that can be drawn, but not as a page."""


def _numbers() -> Iterator[BadFile]:
    boxes = {
        "missing": b"",
        "zero": b"/MediaBox[0 0 0 0]",
        "nan": b"/MediaBox[nan nan nan nan]",
        "infinite": b"/MediaBox[-inf -inf inf inf]",
        "huge": b"/MediaBox[0 0 1e30 1e30]",
        "wide": b"/MediaBox[0 0 1000000 10]",
        "large": b"/MediaBox[0 0 14400 14400]",
        "tiny": b"/MediaBox[0 0 .0001 .0001]",
        "three": b"/MediaBox[0 0 612]",
        "names": b"/MediaBox[/a/b/c/d]",
        "self": b"/MediaBox 3 0 R",
        "far": b"/MediaBox[1e9 1e9 1000000612 1000000792]",
        "unit": b"/MediaBox[0 0 612 792]/UserUnit 1e9",
        "crop-outside": b"/MediaBox[0 0 612 792]/CropBox[9000 9000 9612 9792]",
        "turn-45": b"/MediaBox[0 0 612 792]/Rotate 45",
        "turn-huge": b"/MediaBox[0 0 612 792]/Rotate 99999999990",
        "turn-name": b"/MediaBox[0 0 612 792]/Rotate/Left",
    }
    for name, box in boxes.items():
        make = partial(one_page, box=box)
        acceptable = ATTACK if name in _NO_PAPER else READ
        yield BadFile(f"box-{name}.pdf", "numbers", f"a page of a size that lies: {name}", acceptable, make)
    inverted = partial(one_page, box=b"/MediaBox[612 792 0 0]")
    yield BadFile("box-inverted.pdf", "numbers", "a page told from the wrong corner", READ, inverted, pages=1)
    contents = {
        "matrix-huge": b"1e38 0 0 1e38 0 0 cm 0 0 9 9 re f",
        "matrix-zero": b"0 0 0 0 0 0 cm 0 0 9 9 re S",
        "line-huge": b"1e30 w -1e38 -1e38 m 1e38 1e38 l S",
        "dash-tiny": b"[.000001 .000001] 0 d 0 0 m 1e6 1e6 l S",
        "dash-zero": b"[0 0] 0 d 0 0 m 612 792 l S",
        "nan": b"nan inf m -inf nan l S",
        "font-huge": b"BT /F 1e30 Tf (aaaa) Tj ET",
    }
    font = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    for name, content in contents.items():
        make = partial(one_page, content, font)
        yield BadFile(f"coordinates-{name}.pdf", "numbers", f"coordinates: {name}", ATTACK, make)


def _fonts() -> Iterator[BadFile]:
    garbage = bytes(index * 97 % 256 for index in range(5_000))
    text = b"BT /F 20 Tf 72 700 Td (garbage) Tj ET"
    for key, kind in ((b"FontFile", b"Type1"), (b"FontFile2", b"TrueType"), (b"FontFile3", b"Type1C")):
        for name, data in (("garbage", garbage), ("empty", b""), ("header", b"\0\1\0\0\xff\xff" + garbage)):
            font = (
                b"<</Type/Font/Subtype/TrueType/BaseFont/A/FirstChar 0/LastChar 255/Widths[%b]/FontDescriptor"
                b"<</Type/FontDescriptor/FontName/A/Flags 4/FontBBox[0 0 1 1]/%b 6 0 R>>>>"
            ) % (b"99999999 " * 256, key)
            more = {5: font, 6: stream(data, b"/Subtype/%b/Length1 99999999" % kind)}
            make = partial(one_page, text, b"/Font<</F 5 0 R>>", more=more)
            says = f"{kind.decode()} font of {name} bytes"
            yield BadFile(f"font-{kind.decode()}-{name}.pdf", "fonts", says, ATTACK, make)
    cmap = (
        b"1 begincodespacerange <00> <ffffffff> endcodespacerange"
        b" 1 beginbfrange <00000000> <ffffffff> <0000> endbfrange"
    )
    more = {5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>", 6: stream(cmap)}
    make = partial(one_page, text, b"/Font<</F 5 0 R>>", more=more)
    yield BadFile("font-map-huge.pdf", "fonts", "a character map of four milliard entries", ATTACK, make)


def _actions() -> Iterator[BadFile]:
    actions = {
        "javascript": b"<</S/JavaScript/JS(while\\(true\\){app.alert\\(1\\)})>>",
        "launch": b"<</S/Launch/F(/bin/sh)/Win<</F(cmd.exe)>>>>",
        "uri": b"<</S/URI/URI(http://192.0.2.1/)>>",
        "submit": b"<</S/SubmitForm/F(http://192.0.2.1/)>>",
        "remote": b"<</S/GoToR/F(../../etc/passwd)/D[0/Fit]>>",
        "import": b"<</S/ImportData/F(/etc/passwd)>>",
        "next-self": b"<</S/Named/N/NextPage/Next 5 0 R>>",
    }
    for name, action in actions.items():
        make = partial(one_page, catalog=b"/OpenAction 5 0 R", page=b"/AA<</O 5 0 R>>", more={5: action})
        yield BadFile(f"action-{name}.pdf", "actions", f"an action at opening: {name}", READ, make, pages=1)
    attached = {5: b"<</Type/Filespec/F(a.exe)/EF<</F 6 0 R>>>>", 6: stream(b"MZ" + bytes(1_000))}
    make = partial(one_page, catalog=b"/Names<</EmbeddedFiles<</Names[(a) 5 0 R]>>>>", more=attached)
    yield BadFile("action-attachment.pdf", "actions", "a program attached", READ, make, pages=1)


def _xfa() -> Iterator[BadFile]:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha">%b]><x>&e9;</x>' % b"".join(
        b'<!ENTITY e%d "%b">' % (level, b"&e%d;" % (level - 1) * 10 if level else b"&a;" * 10)
        for level in range(10)
    )
    packets = {
        "garbage": b"\xff\xfe\0\0" * 1_000,
        "empty": b"",
        "laughs": laughs,
        "external": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
        "deep": b"<x>" * 100_000 + b"</x>" * 100_000,
        "open": b"<template><subform><field",
        "wide": b"<template>" + b"<field/>" * 300_000 + b"</template>",
        "utf-16": "<template/>".encode("utf-16"),
        "attributes": b"<x " + b" ".join(b'a%d="1"' % index for index in range(100_000)) + b"/>",
    }
    for name, packet in packets.items():
        make = partial(one_page, catalog=b"/AcroForm<</XFA[(template)5 0 R]/Fields[]>>", more={5: stream(packet)})
        yield BadFile(f"xfa-{name}.pdf", "xfa", f"an XFA packet: {name}", ATTACK, make)
        both = b"/AcroForm<</XFA[(template)5 0 R(datasets)6 0 R]/Fields[]>>"
        make = partial(one_page, catalog=both, more={5: stream(b"<template/>"), 6: stream(packet)})
        yield BadFile(f"xfa-data-{name}.pdf", "xfa", f"the data of an XFA form: {name}", ATTACK, make)
    for name, value in {"number": b"7", "odd": b"[(template)]", "null": b"[null null]", "self": b"1 0 R"}.items():
        make = partial(one_page, catalog=b"/AcroForm<</XFA %b/Fields[]>>" % value)
        yield BadFile(f"xfa-is-{name}.pdf", "xfa", f"XFA that is {name}", DAMAGED, make)
