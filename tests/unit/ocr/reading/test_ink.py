"""What is taken for ink in a place: drawn crops of a box with its label, at 200 dpi."""

import cv2
import numpy as np
import pytest

from services.ocr.reading import ink
from services.ocr.reading.filled import is_filled_in, is_ticked
from services.ocr.reading.place import BoxPx
from wetink.contracts.reading import SlotKind

BOX = BoxPx(84, 84, 684, 134)
BELOW = BoxPx(384, 180, 684, 226)
SHAPE = (226, 768)
PAPER, INK, PALE = 250, 40, 222


def _form() -> np.ndarray:
    """Two boxes and a label above the first, on white paper."""
    page = np.full(SHAPE, 255, np.uint8)
    for box in (BOX, BELOW):
        cv2.rectangle(page, (box.left, box.top), (box.right, box.bottom), 0, 2)
    cv2.putText(page, "Applicant's Signature", (84, 76), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 0, 2)
    return page


def _sheet(seed: int = 1) -> np.ndarray:
    """The form as a scanner sees it."""
    noise = np.random.default_rng(seed).normal(0, 2, SHAPE)
    return np.clip(np.minimum(_form(), PAPER) + noise, 0, 255).astype(np.uint8)


def _line(sheet: np.ndarray, *points: tuple[int, int], shade: int = INK, width: int = 3) -> np.ndarray:
    cv2.polylines(sheet, [np.array(points, np.int32)], isClosed=False, color=shade, thickness=width, lineType=16)
    return sheet


def _decide(sheet: np.ndarray, kind: SlotKind = "signature") -> tuple[str, str | None]:
    verdict = ink.decide(ink.measure(ink.darkness(sheet), _form() < ink.DARK, BOX, kind, [BELOW]))
    return verdict.ink, verdict.reason


def _cross(sheet: np.ndarray, size: int = 24, **pen: int) -> np.ndarray:
    _line(sheet, (200, 96), (200 + size, 96 + size), **pen)
    return _line(sheet, (200 + size, 96), (200, 96 + size), **pen)


def _signature(sheet: np.ndarray, left: int, top: int, high: int, **pen: int) -> np.ndarray:
    zigzag = [(left + 12 * step, top + (high if step % 2 else 0)) for step in range(16)]
    return _line(sheet, *zigzag, **pen)


def test_an_empty_place_is_empty() -> None:
    assert _decide(_sheet()) == ("absent", None)


def test_an_x_is_a_signature() -> None:
    assert _decide(_cross(_sheet())) == ("present", None)


def test_a_short_mark_of_a_felt_pen_is_a_signature() -> None:
    assert _decide(_line(_sheet(), (200, 124), (214, 96), (240, 122), width=16)) == ("present", None)


def test_a_pale_pen_is_seen() -> None:
    assert _decide(_signature(_sheet(), 150, 92, 36, shade=PALE)) == ("present", None)


def test_colour_that_is_light_in_grey_is_ink_in_colour() -> None:
    sheet = cv2.cvtColor(_sheet(), cv2.COLOR_GRAY2BGR)
    cv2.line(sheet, (200, 96), (260, 124), (235, 190, 120), 3, cv2.LINE_AA)
    cv2.line(sheet, (260, 96), (200, 124), (235, 190, 120), 3, cv2.LINE_AA)
    assert _decide(sheet) == ("present", None)


def test_specks_of_a_copier_are_no_signature() -> None:
    sheet = _sheet()
    for x, y in np.random.default_rng(3).integers((90, 90), (680, 130), (15, 2)):
        cv2.circle(sheet, (int(x), int(y)), 2, 60, -1)
    assert _decide(sheet)[0] != "present"


def test_highlighter_is_no_ink_and_hides_none() -> None:
    sheet = cv2.cvtColor(_sheet(), cv2.COLOR_GRAY2BGR)
    sheet[80:140, 100:600] = cv2.min(sheet[80:140, 100:600], np.full((60, 500, 3), (90, 255, 255), np.uint8))
    assert _decide(sheet) == ("absent", None)
    cv2.line(sheet, (200, 96), (240, 124), (120, 40, 20), 3, cv2.LINE_AA)
    cv2.line(sheet, (240, 96), (200, 124), (120, 40, 20), 3, cv2.LINE_AA)
    assert _decide(sheet) == ("present", None)


@pytest.mark.parametrize("width", [1, 3, 5])
def test_a_scratch_through_the_whole_page_is_no_ink(width: int) -> None:
    assert _decide(_line(_sheet(), (300, 0), (303, 225), width=width)) == ("absent", None)


def test_a_crease_is_no_ink() -> None:
    sheet = _sheet().astype(np.float32)
    distance = np.abs(np.arange(SHAPE[0]) - 110)[:, None]
    sheet *= 1 - 0.25 * np.exp(-distance / 6)
    assert _decide(sheet.astype(np.uint8)) == ("absent", None)


def test_lines_of_the_form_a_little_beside_where_they_should_be_are_no_ink() -> None:
    printed = _form() < ink.DARK
    moved = np.full(SHAPE, PAPER, np.uint8)
    moved[6:] = np.minimum(_form(), PAPER)[:-6]
    verdict = ink.decide(ink.measure(ink.darkness(moved), printed, BOX, "date", [BELOW]))
    assert verdict.ink == "absent"


def test_a_signature_just_above_its_box_is_one_and_says_so() -> None:
    assert _decide(_signature(_sheet(), 400, 28, 44)) == ("present", "mark_outside_box")


def test_ink_beside_a_box_that_the_crop_cuts_off_may_be_anybodys() -> None:
    assert _decide(_signature(_sheet(), 400, -40, 90)) == ("unsure", "ink_beside_box")


def test_a_signature_in_the_place_below_is_not_this_places() -> None:
    assert _decide(_signature(_sheet(), 420, 184, 36))[0] == "absent"


def test_what_hangs_into_a_place_from_the_one_below_does_not_sign_it() -> None:
    assert _decide(_signature(_sheet(), 420, 116, 90))[0] != "present"


def test_a_date_is_not_what_comes_down_from_a_signature_above_it() -> None:
    assert _decide(_signature(_sheet(), 200, 10, 90), "date")[0] != "present"
    assert _decide(_signature(_sheet(), 200, 92, 36), "date")[0] == "present"


def test_a_place_blackened_all_over_is_not_called_signed() -> None:
    sheet = _sheet()
    sheet[88:130, 90:680] = 30
    assert _decide(sheet)[0] == "unsure"


def test_letters_alone_are_enough_where_a_one_bit_scan_lost_the_lines() -> None:
    dark = np.full(SHAPE, 255, np.uint8)
    dark[:80] = _form()[:80]
    assert ink.find_again(dark, _form() < ink.DARK) >= ink.GATE


def test_the_shade_of_a_heading_that_the_crop_cuts_through_does_not_pull_the_form_to_the_wrong_place() -> None:
    printed = np.full(SHAPE, 255, np.uint8)
    cv2.line(printed, (84, 130), (684, 130), 0, 2)
    cv2.putText(printed, "Date (mm/dd/yyyy)", (250, 156), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 0, 2)
    pad = ink.PAD_PX
    scene = cv2.copyMakeBorder(printed, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=255)
    cv2.putText(scene, "Declaration of Person Preparing Form", (84, 226), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 6)
    printed[208:] = 0
    mask = printed < ink.DARK
    assert ink.find_again(ink.align(scene, mask), mask) >= ink.GATE


def test_a_form_that_lies_elsewhere_is_not_found() -> None:
    assert ink.find_again(np.roll(_form(), (12, 20), (0, 1)), _form() < ink.DARK) < ink.GATE


def test_a_short_word_fills_a_box_and_a_speck_does_not() -> None:
    printed = _form() < ink.DARK
    sheet = _sheet()
    cv2.circle(sheet, (300, 110), 3, 60, -1)
    assert is_filled_in(ink.darkness(sheet), printed, BOX) is False
    cv2.putText(sheet, "Li", (100, 124), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 30, 2)
    assert is_filled_in(ink.darkness(sheet), printed, BOX) is True


def test_a_box_is_ticked_by_a_stroke_and_not_by_its_shade() -> None:
    box, page = BoxPx(20, 20, 53, 53), np.full((80, 90), 255, np.uint8)
    cv2.rectangle(page, (20, 20), (53, 53), 0, 2)
    printed = page < ink.DARK
    shaded = page.copy()
    shaded[24:50, 24:50] = 210
    assert is_ticked(shaded, printed, box) is False
    ticked = _line(shaded, (26, 36), (34, 46), (52, 14), shade=30, width=3)
    assert is_ticked(ticked, printed, box) is True
