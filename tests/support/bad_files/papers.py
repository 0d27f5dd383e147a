"""What becomes of good papers: damaged, disguised, locked.

Source: the fictional form of `tests.support.forms`; damage and keys come from fixed seeds. Purpose: what can
still be read is read, what is locked says so, and neither a name nor a second format inside a file misleads.
"""

import io
import random
import zipfile
from collections.abc import Iterator
from functools import partial
from unittest.mock import patch

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, ByteStringObject

from tests.support.bad_files.model import ANY, ATTACK, CUT_SHORT, DAMAGED, LOCKED, READ, REFUSED, BadFile
from tests.support.bad_files.pdf import one_page
from tests.support.bad_files.sheet import form, paper, saved, scan, second_page

_CIPHERS = ("RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256")


def paper_files() -> Iterator[BadFile]:
    """All families of this module."""
    yield from _damaged()
    yield from _disguised()
    yield from _locked()


def _damaged() -> Iterator[BadFile]:
    for source in ("form", "scan", "photo"):
        suffix = "jpg" if source == "photo" else "pdf"
        for share in (1, 10, 50, 90, 97, 99):
            says = f"the first {share} % of a {source}"
            acceptable = DAMAGED if source == "form" else CUT_SHORT  # what a form loses first are its tables
            yield BadFile(
                f"{source}-first-{share}.{suffix}", "truncated", says, acceptable, partial(_cut, source, share)
            )
        for seed in range(12):
            flips = 4 ** (seed % 4)
            says = f"{flips} flipped bits in a {source}"
            make = partial(_flipped, source, seed, flips)
            yield BadFile(f"{source}-flips-{seed}.{suffix}", "bit-flipped", says, ANY, make)
        for seed in range(3):
            make = partial(_holed, source, seed)
            yield BadFile(f"{source}-hole-{seed}.{suffix}", "bit-flipped", "a block of zeros", ANY, make)


def _source(name: str) -> bytes:
    return {"form": form, "scan": scan, "photo": partial(saved, paper(), "JPEG")}[name]()


def _cut(source: str, share: int) -> bytes:
    whole = _source(source)
    return whole[: len(whole) * share // 100]


def _flipped(source: str, seed: int, flips: int) -> bytes:
    chance = random.Random(f"{source}-{seed}")
    data = bytearray(_source(source))
    for _ in range(flips):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def _holed(source: str, seed: int) -> bytes:
    data = bytearray(_source(source))
    start = random.Random(f"{source}-{seed}").randrange(len(data) - 512)
    data[start : start + 512] = bytes(512)
    return bytes(data)


def _disguised() -> Iterator[BadFile]:
    for name in ("form.jpg", "form.png", "form.exe", "form", "form.pdf.docx", "..-form.pdf"):
        yield BadFile(name, "disguised", "a PDF by another name", READ, second_page, pages=1, is_form=True)
    picture = partial(saved, paper(), "PNG")
    for name in ("picture.pdf", "picture.jpg", "picture.txt"):
        yield BadFile(name, "disguised", "a PNG by another name", READ, picture, pages=1, is_form=True)
    html = b"<html><script>alert(1)</script><body>"
    mixed = {
        "pdf-zip.pdf": lambda: second_page() + _zip(),
        "html-pdf.html": lambda: html + second_page(),
        "spaces-pdf.pdf": lambda: b" " * 900 + second_page(),
        "twice.pdf": lambda: second_page() + second_page(),
        "png-then-html.png": lambda: saved(paper(), "PNG") + html,
        "jpeg-then-zip.jpg": lambda: saved(paper(), "JPEG") + _zip(),
    }
    for name, make in mixed.items():
        yield BadFile(name, "polyglots", "two formats in one file", READ, make, pages=1, is_form=True)
    yield BadFile("jpeg-pdf.jpg", "polyglots", "a PDF in a JPEG's comment", ATTACK, _jpeg_with_pdf)
    yield BadFile("zip-pdf.zip", "polyglots", "a PDF after an archive", ATTACK, lambda: _zip() + second_page())
    others = {
        "archive.pdf": _zip,
        "web.pdf": lambda: html,
        "empty.pdf": bytes,
        "zeros.pdf": lambda: bytes(100_000),
        "noise.pdf": lambda: random.Random(1).randbytes(100_000),
        "header.pdf": lambda: b"%PDF-1.7\n",
        "svg.png": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" width="9e9" height="9e9"/>',
        "postscript.pdf": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n{} loop\n",
        "gif.jpg": lambda: saved(paper(), "GIF"),
        "bmp.jpg": lambda: saved(paper(), "BMP"),
        "program.pdf": lambda: b"\x7fELF" + bytes(1_000),
    }
    for name, make in others.items():
        yield BadFile(name, "disguised", "no document of a kind that is read", REFUSED, make)


def _zip() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.txt"), "a" * 1_000)
    return target.getvalue()


def _jpeg_with_pdf() -> bytes:
    picture, hidden = saved(paper(), "JPEG"), one_page()
    return picture[:2] + b"\xff\xfe" + (len(hidden) + 2).to_bytes(2, "big") + hidden + picture[2:]


def _locked() -> Iterator[BadFile]:
    for cipher in _CIPHERS:
        name = cipher.lower()
        shut, open_ = partial(_encrypted, cipher, "secret"), partial(_encrypted, cipher, "")
        yield BadFile(f"{name}-locked.pdf", "locked", f"{cipher}, a user password", LOCKED, shut)
        says = f"{cipher}, no user password"
        yield BadFile(f"{name}-open.pdf", "encrypted", says, READ, open_, pages=1, is_form=True)
        for key in (b"/O", b"/U", b"/P", b"/V", b"/R"):
            make = partial(_broken_key, cipher, key)
            says = f"{cipher} without {key.decode()}"
            yield BadFile(f"{name}-no-{key[1:].decode()}.pdf", "broken encryption", says, ANY, make)


def _encrypted(cipher: str, password: str) -> bytes:
    writer = PdfWriter(PdfReader(io.BytesIO(second_page())))
    writer._ID = ArrayObject([ByteStringObject(bytes(16))] * 2)
    with patch("secrets.token_bytes", random.Random(cipher).randbytes):
        writer.encrypt(password, "owner", algorithm=cipher)
        target = io.BytesIO()
        writer.write(target)
    return target.getvalue()


def _broken_key(cipher: str, key: bytes) -> bytes:
    data = _encrypted(cipher, "")
    at = data.rindex(b"/Standard")
    start = data.rfind(b"obj", 0, at)
    head, tail = data[:start], data[start:]
    return head + tail.replace(key + b" ", b"/" + b"Z" * (len(key) - 1) + b" ", 1)
