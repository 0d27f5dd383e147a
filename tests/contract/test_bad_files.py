"""Hostile and odd files in the real sandbox: each ends in an outcome it may have, and nothing is left of it."""

import hashlib

import pytest

from tests.support.bad_files import bad_files
from tests.support.bad_files.trying import open_room, processes_of

SAMPLE = (
    *("says-30000x30000.png", "says-65500x65500.jpg", "says-100000x10.tif", "is-40000x20.png", "is-2x12000.tiff"),
    *("2000-frames.tif", "40-frames.tif", "next-is-itself.tif", "first-30.heic", "first-30.webp"),
    *(
        "flate-2-contents.pdf",
        "flate-2-xobject.pdf",
        "image-100000x100000-8.pdf",
        "fan-1-1000.pdf",
        "loop-pair.pdf",
    ),
    *("value-open-arrays.pdf", "deep-1000.pdf", "tree-self.pdf", "fields-kids-pair.pdf", "fields-1000.pdf"),
    *("xref-prev-self.pdf", "xref-rows-many.pdf", "objects-extends-self.pdf", "box-nan.pdf", "box-inverted.pdf"),
    *("font-TrueType-garbage.pdf", "action-javascript.pdf", "action-launch.pdf", "xfa-laughs.pdf"),
    *(
        "form-first-50.pdf",
        "form-flips-3.pdf",
        "photo-first-50.jpg",
        "pdf-zip.pdf",
        "jpeg-pdf.jpg",
        "html-pdf.html",
    ),
    *("form.jpg", "picture.pdf", "empty.pdf", "aes-256-locked.pdf", "aes-128-locked.pdf", "rc4-40-locked.pdf"),
    *("rc4-128-open.pdf", "aes-256-open.pdf", "turn-3.jpg", "turn-6.jpg", "cmyk.jpg", "grey-16.png", "phone.heic"),
    *("lossy.webp", "scan-jpx.pdf", "scan-jbig2.pdf", "scan-ccitt.pdf", "scan-dct-cmyk.pdf"),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("bad-files")


@pytest.fixture(scope="module")
def room(home):
    with open_room(home) as room:
        assert room.reads_the_good_form()
        yield room


@pytest.mark.parametrize("bad", [bad for bad in bad_files() if bad.name in SAMPLE], ids=lambda bad: bad.name)
def test_a_bad_file_ends_well_and_leaves_nothing(room, home, bad):
    _, problems = room.try_file(bad)
    assert problems == []
    assert len(processes_of(home)) == 1, "the template alone is left"


def test_an_ordinary_form_is_read_as_before_after_all_of_them(room):
    assert room.reads_the_good_form()


def test_there_are_at_least_three_hundred_files_each_with_a_name_of_its_own():
    files = bad_files()
    assert len({bad.name for bad in files}) == len(files) >= 300
    assert set(SAMPLE) <= {bad.name for bad in files}


@pytest.mark.slow
def test_at_least_three_hundred_contents_are_distinct():
    assert len({hashlib.sha256(bad.make()).digest() for bad in bad_files()}) >= 300
