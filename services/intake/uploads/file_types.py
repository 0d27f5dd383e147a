"""What kind of file it is, told by its first bytes, whatever its name says.

Place in the pipeline: asked before anything of a file is stored; only what the reader can open is let in.
Trust level: hostile bytes, compared with constants. Residual risk: the rest of the file may be anything.
"""

HEAD_BYTES = 1024
"""So many first bytes suffice; PDF readers accept that much rubbish before the header."""

_SIGNATURES = (
    b"\xff\xd8\xff",  # JPEG
    b"\x89PNG\r\n\x1a\n",
    b"II*\x00",  # TIFF, little-endian
    b"MM\x00*",  # TIFF, big-endian
    b"II+\x00",  # BigTIFF
    b"MM\x00+",
)
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})


def is_accepted(head: bytes) -> bool:
    """Whether a file beginning with `head` (1024 bytes, or all) is PDF, JPEG, PNG, TIFF, HEIC or WebP."""
    return (
        b"%PDF-" in head[:HEAD_BYTES]
        or head.startswith(_SIGNATURES)
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
        or _is_heic(head)
    )


def _is_heic(head: bytes) -> bool:
    """ISO 14496-12: a box `ftyp`, its length first, with the main brand, then the compatible ones."""
    if head[4:8] != b"ftyp":
        return False
    end = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12]} | {head[at : at + 4] for at in range(16, end, 4)}
    return head[8:12] != b"avif" and bool(brands & _HEIC_BRANDS)
