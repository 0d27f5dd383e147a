"""Reads one page: which page of which form it is, and what is in each of its places.

Place in the pipeline: the heart of ocr, run in the sandbox child on one page blob. Trust level: hostile blob in,
a `PageReading` (text, numbers) and pictures (pixels) out. Residual risk: the same bytes and versions always give
the same reading; `seconds` alone differs.

Decision order: what the page says in data (fields, text) before what it shows (barcode, or on a second look its
layout and footer), places last.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
import pypdfium2 as pdfium

from services.ocr.catalogue.model import Catalogue, Entry
from services.ocr.reading import ENGINE_VERSION, digital, scan, xfa_places
from services.ocr.reading.blob import Header, read_blob
from services.ocr.reading.content import hash_of_text, hash_of_values
from services.ocr.reading.cut_short import is_picture_cut_short
from services.ocr.reading.identity import Identity, SeveralPagesError, find_only_footer, read_barcode_text
from services.ocr.reading.marks import NOTHING, PutOn, put_on
from services.ocr.reading.marks_drawn import lift_remarks
from services.ocr.reading.raster import Pixels, decode, open_page, render
from services.ocr.reading.result import Findings, Named, SlotPicture
from wetink.contracts.reading import PageReading, Source

__all__ = ["SlotPicture", "read_page"]

_SCAN_DPI = 200

NamePicture = Callable[[Pixels, Catalogue], Named | None]
"""Tells which page of which form a picture shows."""


class _Seen(NamedTuple):
    source: Source
    named: Named | None
    findings: Findings
    is_cut_short: bool = False
    content: str | None = None


def read_page(
    untrusted_page_blob: bytes,
    number: int,
    catalogue: Catalogue,
    name_picture: NamePicture = scan.name_by_barcode,
) -> tuple[PageReading, list[SlotPicture]]:
    """The reading of page `number` of a document, and a picture of every slot on it.

    `name_picture` is asked where the page's data name no form.
    A page that cannot be opened is a reading too, with the outcome `unreadable`.
    """
    started = time.process_time()
    try:
        header, payload = read_blob(untrusted_page_blob)
        seen = _read(header, payload, catalogue, name_picture)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # a page may provoke any error of a decoder; all mean the same
        failed = PageReading(
            number=number,
            outcome="unreadable",
            reason="several_pages_on_one_sheet" if isinstance(error, SeveralPagesError) else "page_damaged",
            source="scan",
            seconds=time.process_time() - started,
            engine_version=ENGINE_VERSION,
            catalogue_version=catalogue.version,
        )
        return failed, []
    named = seen.named
    reading = PageReading(
        number=number,
        outcome="partial" if seen.is_cut_short else "read",
        reason="picture_cut_short" if seen.is_cut_short else None,
        source=seen.source,
        form=named.identity.form if named else None,
        edition=named.identity.edition if named else None,
        form_page=named.identity.form_page if named else None,
        form_pages=_pages_known(named),
        is_learned=_is_learned(seen.source, named),
        identified_by=named.identified_by if named else None,
        seconds=round(time.process_time() - started, 6),
        slots=seen.findings.slots,
        fields=seen.findings.fields,
        content=seen.content,
        engine_version=ENGINE_VERSION,
        catalogue_version=catalogue.version,
    )
    return reading, seen.findings.pictures


def _pages_known(named: Named | None) -> int | None:
    """How many pages the catalogue knows; a dynamic form has none of its own."""
    return len(named.entry.plan.pages) or None if named and named.entry else None


def _is_learned(source: Source, named: Named | None) -> bool:
    """Whether its slots were looked at: those of a page, or of a dynamic form itself, not of its print-out."""
    if source == "xfa":
        return bool(named and named.entry and named.entry.plan.slots)
    return _pages_known(named) is not None


def _read(header: Header, payload: bytes, catalogue: Catalogue, name_picture: NamePicture) -> _Seen:
    if header.kind == "xfa":
        return _read_xfa(header, catalogue)
    if header.kind == "image":
        source: Source = "photo" if header.is_photo else "scan"
        grey, is_cut_short = decode(payload, header.orientation, in_colour=False)
        named = name_picture(grey, catalogue)

        def colour() -> Pixels:
            return decode(payload, header.orientation, in_colour=True).pixels

        return _read_picture(grey, colour, source, named)._replace(is_cut_short=is_cut_short)
    return _read_pdf(header, payload, catalogue, name_picture)


def _read_xfa(header: Header, catalogue: Catalogue) -> _Seen:
    """A dynamic form, which has no pages: its places are nodes of its data."""
    if header.form is None:
        return _Seen("xfa", None, Findings())
    entry = catalogue.find(header.form, header.edition)
    named = Named(Identity(header.form, header.edition, None), "xfa", entry)
    findings = xfa_places.read_places(header, entry) if entry else Findings()
    return _Seen("xfa", named, findings, content=hash_of_values(header))


def _read_pdf(header: Header, payload: bytes, catalogue: Catalogue, name_picture: NamePicture) -> _Seen:
    named = _name_by_field(header, catalogue)
    if named and not (named.entry and _has_places(named.entry, named.identity.form_page)):
        return _Seen("digital", named, Findings(), content=hash_of_values(header))
    with open_page(payload) as page:
        lift_remarks(page)
        there = put_on(page, header, _SCAN_DPI)
        image = digital.whole_picture(page) if there.is_scan else None
        is_cut_short = image is not None and is_picture_cut_short(page, image)
        seen = _read_drawn(header, page, catalogue, name_picture, there)
        content = None
        if seen.source == "digital":
            content = hash_of_values(header) or hash_of_text(digital.text_of(page))
        return seen._replace(is_cut_short=is_cut_short, content=content)


def _read_drawn(
    header: Header, page: pdfium.PdfPage, catalogue: Catalogue, name_picture: NamePicture, there: PutOn
) -> _Seen:
    source: Source = "scan" if there.is_scan else "digital"
    named = _name_by_field(header, catalogue) or _name_by_text(page, catalogue)
    if named and named.entry is None:
        return _Seen(source, named, Findings())
    if named and named.entry and not there.is_scan:
        findings = digital.read_places(page, header, there, named.entry, named.identity.form_page or 0)
        if findings is not None:
            return _Seen(source, named, findings)
    if named is None and not there.is_scan and digital.has_text(page):
        return _Seen(source, None, Findings())
    grey = render(page, _SCAN_DPI)
    named = named or name_picture(grey, catalogue)
    return _read_picture(grey, partial(render, page, _SCAN_DPI, in_colour=True), source, named, there)


def _has_places(entry: Entry, form_page: int | None) -> bool:
    return bool(form_page and (entry.slots(form_page) or entry.fields(form_page)))


def _name_by_field(header: Header, catalogue: Catalogue) -> Named | None:
    values = [widget.value for widget in header.widgets if widget.kind == "Tx" and widget.value]
    found = {identity for value in values if (identity := read_barcode_text(value))}
    if len(found) > 1:
        raise SeveralPagesError
    return next((Named(one, "barcode", catalogue.find(one.form, one.edition)) for one in found), None)


def _name_by_text(page: pdfium.PdfPage, catalogue: Catalogue) -> Named | None:
    identity = find_only_footer(digital.footer_text(page))
    return Named(identity, "footer", catalogue.find(identity.form, identity.edition)) if identity else None


def _read_picture(
    grey: Pixels, colour: Callable[[], Pixels], source: Source, named: Named | None, there: PutOn = NOTHING
) -> _Seen:
    if named is None or named.entry is None or named.identity.form_page is None:
        return _Seen(source, named, Findings())
    findings, registration = scan.read_places(
        np.ascontiguousarray(grey), colour, named.entry, named.identity.form_page, there
    )
    if source == "scan" and registration is not None and not registration.is_flat:
        source = "photo"
    return _Seen(source, named, findings)
