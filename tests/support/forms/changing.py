"""Changes a blank form as the world does: without its fields, in one file with another, cut short, locked."""

import io

import pikepdf


def without_fields(pdf: bytes) -> bytes:
    """The same pages, with nothing on them but what is printed."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            if "/Annots" in page:
                del page["/Annots"]
        if "/AcroForm" in document.Root:
            del document.Root["/AcroForm"]
        return _saved(document)


def pages_of(*pdfs: bytes, without: int | None = None) -> bytes:
    """The pages of several files in one; `without` is the number of a page to leave out."""
    with pikepdf.new() as document:
        for pdf in pdfs:
            with pikepdf.open(io.BytesIO(pdf)) as other:
                document.add_pages_from(other)
        if without is not None:
            del document.pages[without - 1]
        return _saved(document)


def locked(pdf: bytes) -> bytes:
    """The same, opened with a password alone."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return _saved(document, pikepdf.Encryption(owner="owner", user="user"))


def _saved(document: pikepdf.Pdf, encryption: pikepdf.Encryption | None = None) -> bytes:
    target = io.BytesIO()
    document.save(target, encryption=encryption or False)
    return target.getvalue()
