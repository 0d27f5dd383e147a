"""What a translator states on a page: the six things that 8 CFR 103.2(b)(3) asks for.

Place in the pipeline: called by `paper`. Trust level: untrusted words. Residual risk: a statement in unusual words
is not found, and then a person looks.

The text around the statement is searched for name, date and contact, so that those of a translated certificate
above it do not count for it.
"""

import re
from collections.abc import Sequence

from services.ocr.reading.papers.cues import TITLES
from services.ocr.reading.papers.days import names_day
from services.ocr.reading.papers.lines import Line
from wetink.contracts.reading import LineToSign, TranslatorStatement

_TRANSLATION = re.compile(r"translat|tradu[cz]|ubersetz")
_WHOLE = r"(?:complete|entire|full|whole|complet[ae]?|integrale?|integra|vollstandig)"
_RIGHT = (
    r"(?:accurate|correct[ae]?|exact[ae]?|faithful|true|fidele|fiel|accurat[ae]|fedele|richtig|correta|genaue?)"
)
_COMPLETE_AND_ACCURATE = re.compile(
    rf"\b{_WHOLE}(?:ly)?\b.{{0,30}}\b{_RIGHT}(?:ly)?\b|\b{_RIGHT}(?:ly)?\b.{{0,30}}\b{_WHOLE}(?:ly)?\b"
)
_COMPETENT = re.compile(
    r"\b(?:competent|competence|competency|fluent|fluently|proficient|qualified|well versed|conversant|bilingual"
    r"|(?:sworn|certified|licensed) translator|court certified|competente|competent[ae]s"
    r"|traducteur (?:agree|assermente|certifie)|perito traductor|traductor (?:oficial|jurado)"
    r"|tradutor (?:juramentado|publico)|traduttore giurato|vereidigter?|beeidigter?|ermachtigter?)\b"
)
_DENIED = re.compile(r"\b(?:not|neither|non|nicht|incompletely)\b.{0,15}$")
_NAMED = re.compile(
    r"(?:\bi|[|1l])\s*,?\s*(?!the undersigned|hereby|am\b|certify|have\b|do\b)"
    r"[a-z][a-z.'-]+(?: [a-z][a-z.'-]*){1,4}\s*,"
)
_NAME_LABEL = re.compile(
    r"\b(?:printed name|print name|typed name|translator's name|name of translator|full name|name|nombre|nom|nome)"
    r"(?: \(?(?:printed|print|typed|of translator)\)?)?\s*:?\s*_*\s*[a-z][a-z.'-]+ [a-z]"
)
_CONTACT = re.compile(
    r"\S@\S+\.\w\w|\(?\d{3}\)?[ .-]{0,2}\d{3}[ .-]\d{4}\b|\+\d[\d ().-]{7,}\d"
    r"|\b(?:tel|phone|telephone|telefono)\b\W*\d"
    r"|\b[a-z]{2}\.? \d{5}(?:-\d{4})?\b|\b[a-z]\d[a-z] ?\d[a-z]\d\b"
    r"|\b\d{1,5} (?:\w+ ){1,3}(?:street|st|avenue|ave|road|rd|drive|dr|lane|ln|boulevard|blvd|way|court|ct)\b"
)
_LINES_BEFORE = 3
_LINES_AFTER = 25
_NEAR_CHARACTERS = 250


def statements_of(lines: Sequence[Line], to_sign: Sequence[LineToSign]) -> list[TranslatorStatement]:
    """What the page states as a translator's certificate; empty when it does not speak as one."""
    place = _statement(lines)
    if place is None:
        return []
    around = lines[_begin(lines, place) : place + _LINES_AFTER]
    text = " ".join(line.folded for line in around)
    top, bottom = around[0].top, around[-1].bottom
    signed = [
        one
        for one in to_sign
        if one.ink == "present" and one.box_px[1] + one.box_px[3] > top and one.box_px[1] < bottom
    ]
    found: dict[TranslatorStatement, bool] = {
        "complete_and_accurate": _says(_COMPLETE_AND_ACCURATE, text),
        "competent": _says(_COMPETENT, text),
        "name": bool(_NAMED.search(text) or _NAME_LABEL.search(text)),
        "contact": bool(_CONTACT.search(text)),
        "date": any(names_day(line.text) for line in around) or any(one.date for one in signed),
        "signature": bool(signed),
    }
    return [statement for statement, is_made in found.items() if is_made]


def _statement(lines: Sequence[Line]) -> int | None:
    """The number of the line with which the certificate begins."""
    for place, line in enumerate(lines):
        text = " ".join(other.folded for other in lines[place : place + 6])
        is_heading = any(
            title in line.folded and 2 * len(title) >= len(line.folded)
            for title in TITLES["translation_certificate"]
        )
        if is_heading or (
            _TRANSLATION.search(line.folded) and (_COMPLETE_AND_ACCURATE.search(text) or _COMPETENT.search(text))
        ):
            return place
    return None


def _begin(lines: Sequence[Line], place: int) -> int:
    """The number of the line with which the paragraph begins, a few lines up at most."""
    first = place
    while (
        first > max(0, place - _LINES_BEFORE) and lines[first].top - lines[first - 1].bottom < lines[first].height
    ):
        first -= 1
    return first


def _says(pattern: re.Pattern[str], text: str) -> bool:
    """Whether it is said of a translation, and not denied."""
    return any(
        not _DENIED.search(text[: found.start()])
        and _TRANSLATION.search(text[max(0, found.start() - _NEAR_CHARACTERS) : found.end() + _NEAR_CHARACTERS])
        for found in pattern.finditer(text)
    )
