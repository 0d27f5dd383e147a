"""What the trusted side makes of a reply, and what it refuses."""

import pytest

from services.ocr.sandbox.results import Pixels, cut_result, learn_result, page_result, text_result
from services.ocr.sandbox.wire import BadReplyError, Reply

READING = {"number": 1, "source": "scan", "seconds": 0.1}
PICTURE = {"slot": "part-1.item-2.date", "width": 2, "height": 2, "channels": 3}
CUT = {"outcome": "read", "reason": None, "pages_total": 2, "numbers": [1], "failed": {"2": "page_damaged"}}
REFUSED = (BadReplyError, ValueError)


def test_a_cut_maps_pages_to_blobs_and_failures_to_codes():
    result = cut_result(Reply(CUT, [b"page"]))
    assert (result.pages, result.failed) == ({1: b"page"}, {2: "page_damaged"})


@pytest.mark.parametrize(
    "change",
    [
        {"numbers": [1, 2]},
        {"numbers": [0]},
        {"pages_total": 10**9},
        {"outcome": "fine"},
        {"reason": "Maria Garcia"},
        {"failed": {"2": "not a code"}},
        {"more": 1},
    ],
)
def test_a_cut_of_another_shape_is_refused(change):
    with pytest.raises(REFUSED):
        cut_result(Reply(CUT | change, [b"page"]))


def test_a_page_has_its_pictures_by_slot():
    result = page_result(Reply({"reading": READING, "pictures": [PICTURE]}, [bytes(12)]))
    assert result.pictures == {PICTURE["slot"]: Pixels(2, 2, 3, bytes(12))}


@pytest.mark.parametrize(
    "change", [{"width": 3}, {"channels": 4}, {"slot": "../../key"}, {"slot": ""}, {"height": 10**6}]
)
def test_a_picture_that_lies_is_refused(change):
    with pytest.raises(REFUSED):
        page_result(Reply({"reading": READING, "pictures": [PICTURE | change]}, [bytes(12)]))


def test_a_picture_of_a_page_must_be_webp():
    head = {"text": {"number": 1, "outcome": "read"}, "has_picture": True}
    assert text_result(Reply(head, [b"RIFF\0\0\0\0WEBPVP8 "])).picture is not None
    with pytest.raises(REFUSED):
        text_result(Reply(head, [b"<svg onload=alert(1)>"]))


def test_a_learned_entry_is_saved_below_its_folder(tmp_path):
    result = learn_result(Reply({"form": "IMM 5257", "edition": "2023-09"}, [b"{}", b"npz"]))
    path = result.save(tmp_path)
    assert path == tmp_path / "IMM5257" / "2023-09.json"
    assert path.with_suffix(".npz").read_bytes() == b"npz"


@pytest.mark.parametrize(("form", "edition"), [("../x", "2023-09"), ("I-1", "../../2023"), ("", "2023-09")])
def test_a_learned_name_that_leaves_the_folder_is_refused(form, edition):
    with pytest.raises(REFUSED):
        learn_result(Reply({"form": form, "edition": edition}, [b"{}", b"npz"]))
