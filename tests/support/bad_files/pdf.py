"""Writes small PDFs object by object, so that each may lie as it likes."""

from collections.abc import Mapping

CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


def stream(data: bytes, head: bytes = b"") -> bytes:
    """A stream object with its true length; `head` is more of its dictionary."""
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (head, len(data), data)


def body(objects: Mapping[int, bytes]) -> tuple[bytes, dict[int, int]]:
    """Header and objects, and where each object begins."""
    parts, offsets, length = [b"%PDF-1.7\n"], {}, 9
    for number, content in objects.items():
        part = b"%d 0 obj\n%b\nendobj\n" % (number, content)
        offsets[number] = length
        length += len(part)
        parts.append(part)
    return b"".join(parts), offsets


def table(offsets: Mapping[int, int]) -> bytes:
    """The cross-reference table of those objects."""
    rows = [b"xref\n0 1\n0000000000 65535 f \n"]
    rows += [b"%d 1\n%010d 00000 n \n" % (number, offset) for number, offset in offsets.items()]
    return b"".join(rows)


def pdf(objects: Mapping[int, bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects, the first of which is the catalogue; `trailer` is more of the trailer."""
    content, offsets = body(objects)
    end = b"trailer<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF\n"
    return content + table(offsets) + end % (max(objects) + 1, trailer, len(content))


def one_page(
    content: bytes = b"0 0 m 9 9 l S",
    resources: bytes = b"",
    *,
    page: bytes = b"",
    box: bytes = b"/MediaBox[0 0 612 792]",
    catalog: bytes = b"",
    more: Mapping[int, bytes] | None = None,
) -> bytes:
    """A PDF of one page; `page` and `catalog` are more of their dictionaries, `more` are objects from 5 on."""
    return pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R%b>>" % catalog,
            2: PAGES,
            3: b"<</Type/Page/Parent 2 0 R%b/Contents 4 0 R/Resources<<%b>>%b>>" % (box, resources, page),
            4: stream(content),
            **(more or {}),
        }
    )


def picture_page(image: bytes) -> bytes:
    """A PDF of one letter page that is nothing but the image object `image`."""
    return one_page(b"q 612 0 0 792 0 0 cm /I Do Q", b"/XObject<</I 5 0 R>>", more={5: image})
