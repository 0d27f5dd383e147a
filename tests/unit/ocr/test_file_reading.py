"""Files read without a running system."""

import pytest

from services.ocr.file_reading import read_file
from tests.support.fake_sandbox import FakeSandbox


@pytest.mark.parametrize(
    ("content", "status", "reason", "pages"),
    [
        ("known unknown", "read", None, 2),
        ("known damaged", "partial", "page_damaged", 2),
        ("known slow", "partial", "out_of_time", 2),
        ("known half", "partial", "picture_cut_short", 2),
        ("half", "partial", "picture_cut_short", 1),
        ("slow", "unreadable", "out_of_time", 1),
        ("crashing", "unreadable", "sandbox_crashed", 1),
        ("locked", "locked", "password_needed", 0),
        ("bomb", "unreadable", "out_of_memory", 0),
        ("known " * 150, "read", None, 150),
    ],
)
def test_a_file_ends_in_one_status(content, status, reason, pages):
    reading = read_file("scan.pdf", [content.encode()], FakeSandbox())
    assert (reading.file, reading.status, reading.reason) == ("scan.pdf", status, reason)
    assert [page.number for page in reading.pages] == list(range(1, pages + 1))


def test_the_texts_of_pages_that_are_no_known_form_are_read_where_they_are_wanted():
    pages, texts = FakeSandbox(), FakeSandbox()
    reading = read_file("scan.pdf", [b"known unknown damaged half slow"], pages, texts)
    assert [text.number for text in reading.texts] == [2, 4]
    assert [job for job in texts.jobs if job[0] != "text"] == []
    assert read_file("scan.pdf", [b"unknown"], pages).texts == []


def test_a_text_that_cannot_be_read_says_so():
    texts = FakeSandbox()
    texts.crashes_left = 3
    (text,) = read_file("scan.pdf", [b"unknown"], FakeSandbox(), texts).texts
    assert (text.outcome, text.reason) == ("unreadable", "sandbox_crashed")
