"""Cutting a document into page blobs."""

import io

import pypdf
import pytest
from PIL import Image
from pypdf.generic import ArrayObject, NameObject, NumberObject, PdfObject, TextStringObject

from services.ocr.reading.blob import read_blob
from services.ocr.reading.pages import count_and_cut
from services.ocr.reading.raster import open_page, render
from tests.support import forms


def _encrypted(user_password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(forms.blank_form()))
    writer.encrypt(user_password, "owner", algorithm="AES-128")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _with_a_value_nobody_drew(value: str) -> bytes:
    """The blank form with `value` in its name field, whose look is left to the program that shows it."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(forms.blank_form()))
    name = next(
        field for item in writer.pages[0]["/Annots"] if "Family" in str((field := item.get_object()).get("/TU"))
    )
    name[NameObject("/V")] = TextStringObject(value)
    name.pop("/AP", None)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _ink_in_first_name_box(pdf: bytes) -> int:
    header, payload = read_blob(count_and_cut([pdf]).pages[0].blob or b"")
    box = next(widget.box_pt for widget in header.widgets if "Family" in widget.tooltip)
    with open_page(payload) as page:
        return int((render(page, 100, box)[4:-4, 4:-4] < 128).sum())


def _tiff(frames: int) -> bytes:
    target = io.BytesIO()
    first, *others = [Image.new("L", (85, 110), 255 - number) for number in range(frames)]
    first.save(target, "TIFF", save_all=True, append_images=others)
    return target.getvalue()


def test_a_digital_page_keeps_its_fields_with_their_values() -> None:
    cut = count_and_cut([forms.filled_form(dated=("applicant",))])
    header, payload = read_blob(cut.pages[1].blob or b"")
    assert (cut.outcome, cut.pages_total, header.kind) == ("read", 3, "pdf")
    assert forms.EDITION[:4] in {(widget.value or "")[-4:] for widget in header.widgets}
    assert len(pypdf.PdfReader(io.BytesIO(payload)).pages) == 1


def test_a_value_without_a_look_is_drawn_on_the_page_that_is_cut() -> None:
    assert _ink_in_first_name_box(_with_a_value_nobody_drew("Marianne")) > 50
    assert _ink_in_first_name_box(forms.blank_form()) == 0


def test_a_scanned_page_becomes_its_image_stream() -> None:
    cut = count_and_cut([forms.as_scan(forms.blank_form())])
    header, payload = read_blob(cut.pages[0].blob or b"")
    assert header.kind == "image"
    assert payload.startswith(b"\xff\xd8")
    assert header.width_pt == pytest.approx(612, abs=1)


def test_only_the_pages_asked_for_are_cut_but_all_are_counted() -> None:
    cut = count_and_cut([forms.blank_form(), _tiff(4)], 3, 5)
    assert cut.pages_total == 7
    assert [page.number for page in cut.pages] == [3, 4, 5]


def test_an_empty_user_password_is_no_hindrance() -> None:
    assert count_and_cut([_encrypted("")]).outcome == "read"


def test_a_user_password_makes_a_document_locked() -> None:
    cut = count_and_cut([_encrypted("secret")])
    assert (cut.outcome, cut.reason, cut.pages_total) == ("locked", "password_needed", 0)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 garbage", b"hello", b"\xff\xd8\xff\xe0 truncated"])
def test_what_is_no_document_is_unreadable(content: bytes) -> None:
    cut = count_and_cut([content])
    assert (cut.outcome, cut.pages) == ("unreadable", [])


def test_one_damaged_file_of_several_leaves_the_others_readable() -> None:
    cut = count_and_cut([b"%PDF-1.7 garbage", _tiff(1)])
    assert (cut.outcome, cut.pages_total) == ("partial", 2)
    assert [page.blob is None for page in cut.pages] == [True, False]


@pytest.mark.parametrize("is_scan", [True, False])
def test_cutting_gives_the_same_blobs_each_time(is_scan: bool) -> None:
    pdf = forms.as_scan(forms.blank_form()) if is_scan else forms.filled_form()
    assert count_and_cut([pdf]) == count_and_cut([pdf])
    assert b"(D:20" not in (count_and_cut([pdf]).pages[0].blob or b"")


def _cut_short(document: bytes, share: float) -> bytes:
    return document[: int(len(document) * share)]


def test_of_a_pdf_that_is_cut_short_the_pages_that_are_there_are_cut_and_the_rest_is_said_to_be_lost() -> None:
    cut = count_and_cut([_cut_short(forms.as_scan(forms.blank_form()), 0.9)])
    assert (cut.outcome, cut.reason, cut.pages_total) == ("partial", "file_cut_short", 3)
    assert [page.reason for page in cut.pages] == [None, None, "file_cut_short"]


def test_a_pdf_that_lost_only_its_tables_is_whole() -> None:
    cut = count_and_cut([_cut_short(forms.blank_form(), 0.99)])
    assert (cut.outcome, cut.pages_total) == ("read", 3)


def test_a_picture_that_is_cut_short_is_cut_all_the_same() -> None:
    target = io.BytesIO()
    Image.linear_gradient("L").save(target, "PNG")
    assert count_and_cut([_cut_short(target.getvalue(), 0.5)]).outcome == "read"


def _bent(key: str, value: PdfObject) -> bytes:
    """The blank form with a lie in its first page."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(forms.blank_form()))
    writer.pages[0][NameObject(key)] = value
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("/MediaBox", ArrayObject([NumberObject(0), NumberObject(0), NumberObject(612)])),
        ("/MediaBox", NameObject("/Letter")),
        ("/CropBox", ArrayObject([NameObject("/a")] * 4)),
        ("/Rotate", NameObject("/Left")),
        ("/Annots", NumberObject(7)),
    ],
)
def test_a_lie_in_a_pages_numbers_costs_no_page(key: str, value: PdfObject) -> None:
    cut = count_and_cut([_bent(key, value)])
    header, _ = read_blob(cut.pages[0].blob or b"")
    assert (cut.outcome, header.width_pt, header.height_pt) == ("read", 612, 792)


def test_a_broken_field_costs_itself_alone() -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(forms.blank_form()))
    fields = [item.get_object() for item in writer.pages[0]["/Annots"]]
    fields[0][NameObject("/Rect")] = ArrayObject([NumberObject(1)])
    target = io.BytesIO()
    writer.write(target)
    header, _ = read_blob(count_and_cut([target.getvalue()]).pages[0].blob or b"")
    assert len(header.widgets) == len(fields) - 1


def test_a_locked_document_opens_with_its_password_alone() -> None:
    locked = _encrypted("open sesame")
    opened, refused = (count_and_cut([locked], password=word) for word in ("open sesame", "wrong"))
    assert (opened.outcome, len(opened.pages)) == ("read", 3)
    assert (refused.outcome, refused.reason) == ("locked", "password_needed")
