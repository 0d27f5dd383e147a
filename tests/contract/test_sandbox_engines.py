"""The sandbox with the real engines in it, on a page drawn here."""

import io
import shutil

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfgen.canvas import Canvas

from services.ocr.file_reading import read_file
from services.ocr.sandbox import box
from services.ocr.sandbox.box import Sandbox
from services.ocr.sandbox.results import CutResult, PageResult, TextResult
from tests.support import forms
from tests.support.bad_files.trying import open_room, shows_form
from wetink.logs import Log

WORDS = "A letter of no form at all, with enough words on it to be believed by whoever reads the text layer"


@pytest.fixture(scope="module")
def letter():
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(612, 792), invariant=True)
    for _ in range(3):
        canvas.drawString(72, 700, WORDS[:60])
        canvas.drawString(72, 680, WORDS[60:])
        canvas.showPage()
    canvas.save()
    return file.getvalue()


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    sandbox = Sandbox(tmp_path_factory.mktemp("pages") / "ocr-1")
    yield sandbox
    sandbox.close()


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    sandbox = Sandbox(tmp_path_factory.mktemp("text") / "text-1", lane="text")
    yield sandbox
    sandbox.close()


def test_a_range_of_pages_is_cut(pages, letter):
    result = pages.cut([[letter[:100], letter[100:]]], 2, 3)
    assert isinstance(result, CutResult)
    assert (result.outcome, result.pages_total, sorted(result.pages)) == ("read", 3, [2, 3])


def test_a_cut_page_is_read(pages, letter):
    cut = pages.cut([[letter]], 1, 1)
    result = pages.read_page(cut.pages[1], 1)
    assert isinstance(result, PageResult)
    assert (result.reading.outcome, result.reading.form, result.pictures) == ("read", None, {})


def test_the_text_of_a_digital_page_comes_with_a_picture(pages, text, letter):
    cut = pages.cut([[letter]], 1, 1)
    result = text.page_text(cut.pages[1], 1)
    assert isinstance(result, TextResult)
    assert " ".join(word.text for word in result.text.words).startswith("A letter of no form")
    assert result.picture is not None


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_the_text_of_a_scan_is_read_by_tesseract_inside_the_walls(pages, text):
    cut = pages.cut([[_picture_of("SIGNATURE OF APPLICANT")]], 1, 1)
    result = text.page_text(cut.pages[1], 1)
    assert isinstance(result, TextResult)
    assert {"SIGNATURE", "APPLICANT"} <= {word.text for word in result.text.words}


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_a_scan_whose_barcode_is_stuck_over_is_named_by_its_footer_and_judged(tmp_path):
    with open_room(tmp_path) as room:
        scan = forms.as_scan(forms.filled_form(signed=("applicant",)), has_barcode=False)
        page = read_file("scan.pdf", [scan], room.sandbox).pages[1]
    assert (page.identified_by, page.edition) == ("footer", forms.EDITION)
    assert shows_form(page)


@pytest.mark.parametrize("content", [b"", b"not a document", b"%PDF-1.7\ngarbage"])
def test_what_is_no_document_is_unreadable(pages, content):
    reading = read_file("x", [content], pages)
    assert (reading.status, reading.pages) == ("unreadable", [])


def _picture_of(words):
    page = Image.new("L", (1700, 2200), 255)
    font = ImageFont.load_default(60)
    ImageDraw.Draw(page).text((200, 400), words, fill=0, font=font)
    file = io.BytesIO()
    page.save(file, "PNG", dpi=(200, 200))
    return file.getvalue()


class Told(Log):
    """Keeps what it is told, whatever other tests did to the process's logging."""

    def __init__(self) -> None:
        self.said = []

    def info(self, code, **ids):
        self.said.append((code, ids))

    def warning(self, code, *, error=None, **ids):
        self.said.append((code, ids))


def test_a_broken_entry_of_the_catalogue_is_logged_and_stops_nothing(tmp_path, letter, monkeypatch):
    told = Told()
    monkeypatch.setattr(box, "log", told)
    broken = tmp_path / "catalogue" / "WT-100" / "2026-01-15.json"
    broken.parent.mkdir(parents=True)
    broken.write_text("{ a comma is missing")
    sandbox = Sandbox(tmp_path / "ocr-1", [tmp_path / "catalogue"])
    try:
        assert isinstance(sandbox.cut([[letter]], 1, 1), CutResult)
    finally:
        sandbox.close()
    assert ("catalogue_entry_broken", {"entry": "WT-100/2026-01-15"}) in told.said
