"""The full text of a page, and the picture of it that people look at.

Place in the pipeline: the text lane, in a sandbox child, at the lowest priority; no verdict waits for it. Trust
level: a client's page in, words and a WebP picture out. Residual risk: that of `recognition`.
"""

import time
from itertools import groupby

import cv2
import numpy as np
import pypdfium2 as pdfium
import pytesseract

from services.ocr.catalogue.printed import read_runs
from services.ocr.reading import ENGINE_VERSION
from services.ocr.reading.blob import Header, read_blob
from services.ocr.reading.digital import whole_picture
from services.ocr.reading.identity import find_recognised_footer
from services.ocr.reading.ink import darkness
from services.ocr.reading.papers.legibility import advice_for
from services.ocr.reading.papers.paper import look_at
from services.ocr.reading.raster import Pixels, decode, open_page, render
from services.ocr.reading.recognition import TooSlowError, make_sense, read_words, turns_needed
from services.ocr.reading.xfa_card import draw_card
from wetink.contracts.reading import PageText, Word

_OCR_DPI = 200
_OCR_WIDTH_PX = 1_700
_PICTURE_WIDTH_PX = 935
"""110 dpi of a letter page."""
_WEBP_QUALITY = 70
_FEWEST_LETTERS = 40
"""A text layer with fewer letters is not believed to be the page's text."""


def page_text(untrusted_page_blob: bytes, number: int, timeout_s: float = 50.0) -> tuple[PageText, bytes | None]:
    """The words of page `number` with their boxes on its picture, and the picture as WebP (null when damaged).

    The text layer of a digital page is taken as it is, other pages are read by Tesseract (sparse text); when that
    takes longer than `timeout_s`, the text has the outcome `unreadable` and the reason `ocr_too_slow`.
    """
    try:
        header, payload = read_blob(untrusted_page_blob)
        if header.kind == "xfa":
            card = draw_card(header)
            return _text(number, [], card.shape[1], card.shape[0]), _picture(card)
        return _read(header, payload, number, timeout_s)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # a page may provoke any error of a decoder; all mean the same
        return _failed(number, "page_damaged"), None


def _read(header: Header, payload: bytes, number: int, timeout_s: float) -> tuple[PageText, bytes | None]:
    if header.kind == "image":
        pixels = decode(payload, header.orientation, in_colour=True).pixels
        return _recognise(pixels, number, timeout_s)
    with open_page(payload) as page:
        width_pt, height_pt = page.get_size()
        scale = _PICTURE_WIDTH_PX / width_pt
        words = [] if whole_picture(page) else _layer_words(page, height_pt, scale)
        if sum(len(word.text) for word in words) < _FEWEST_LETTERS:
            return _recognise(render(page, _OCR_DPI, in_colour=True), number, timeout_s)
        drawn = render(page, scale * 72, in_colour=True)
        words += [
            _word(widget.value, widget.box_pt, height_pt, scale)
            for widget in header.widgets
            if widget.value and widget.kind in {"Tx", "Ch"}
        ]
        text = _text(number, words, round(width_pt * scale), round(height_pt * scale))
        return look_at(text, drawn), _picture(drawn)


def _layer_words(page: pdfium.PdfPage, height_pt: float, scale: float) -> list[Word]:
    """The text layer's runs as words; a run's box is shared among its words by their length."""
    words = []
    for run in read_runs(page):
        step = (run.right - run.left) / max(1, len(run.text))
        start = 0
        for text in run.text.split(" "):
            left = run.left + start * step
            if text:
                box = (left, run.bottom, left + len(text) * step, run.top)
                words.append(_word(text, box, height_pt, scale))
            start += len(text) + 1
    return words


def _word(text: str, box: tuple[float, float, float, float], height_pt: float, scale: float) -> Word:
    left, bottom, right, top = box
    place = (left * scale, (height_pt - top) * scale, (right - left) * scale, (top - bottom) * scale)
    return Word(text=text, box_px=tuple(round(number) for number in place), confidence=100)


def _recognise(pixels: Pixels, number: int, timeout_s: float) -> tuple[PageText, bytes | None]:
    """The words on the picture; where they make no sense, they are read once more, upright and in even light."""
    until = time.monotonic() + timeout_s
    small = _shrunk(pixels, _PICTURE_WIDTH_PX)
    page = _shrunk(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY).astype("uint8"), _OCR_WIDTH_PX)
    scale = small.shape[1] / page.shape[1]
    try:
        words = read_words(page, scale, timeout_s)
        if not make_sense(words) and time.monotonic() < until - timeout_s / 2:
            turns = turns_needed(darkness(page), timeout_s / 4)
            small, page = (np.ascontiguousarray(np.rot90(one, turns)) for one in (small, page))
            words = read_words(darkness(page), scale, until - time.monotonic())
    except TooSlowError:
        return _failed(number, "ocr_too_slow"), _picture(small)
    except pytesseract.TesseractNotFoundError:
        return _failed(number, "ocr_missing"), _picture(small)
    except RuntimeError:
        return _failed(number, "ocr_failed"), _picture(small)
    text = _text(number, words, small.shape[1], small.shape[0])
    return look_at(text, small, advice_for(words, page, 1 / scale)), _picture(small)


def _shrunk(pixels: Pixels, width: int) -> Pixels:
    scale = width / min(pixels.shape[:2])
    if scale >= 1:
        return pixels
    return cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype("uint8", copy=False)


def _picture(pixels: Pixels) -> bytes:
    _, data = cv2.imencode(".webp", pixels, [cv2.IMWRITE_WEBP_QUALITY, _WEBP_QUALITY])
    return bytes(data)


def _text(number: int, words: list[Word], width: int, height: int) -> PageText:
    """The text with what its last lines say of the page."""
    footer = _footer(words, height)
    identity = find_recognised_footer(footer)
    return PageText(
        number=number,
        outcome="read",
        width_px=width,
        height_px=height,
        words=words,
        form=identity.form if identity else None,
        edition=identity.edition if identity else None,
        form_page=identity.form_page if identity else None,
        engine_version=ENGINE_VERSION,
    )


def _footer(words: list[Word], height: int) -> str:
    """The words of the lowest tenth of the page, line by line."""
    low = sorted(
        (word for word in words if word.box_px[1] > height * 0.9),
        key=lambda word: (word.box_px[1] // 12, word.box_px[0]),
    )
    lines = groupby(low, key=lambda word: word.box_px[1] // 12)
    return " ".join(word.text for _, line in lines for word in line)


def _failed(number: int, reason: str) -> PageText:
    return PageText(number=number, outcome="unreadable", reason=reason, engine_version=ENGINE_VERSION)
