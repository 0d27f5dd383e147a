"""Papers of all kinds through the public interfaces: photos, parts, other editions, letters, bundles."""

import io
import time

import pytest
from PIL import Image
from pillow_heif import register_heif_opener

from tests.pipeline.conftest import teach
from tests.support import forms
from tests.support.eventually import eventually
from tests.support.system import System

pytestmark = pytest.mark.kafka
register_heif_opener()


def photo(pdf: bytes, page: int, kind: str) -> bytes:
    """A photo of one page as a picture file of that kind."""
    target = io.BytesIO()
    Image.open(io.BytesIO(forms.as_photo(pdf, page))).convert("RGB").save(target, kind, quality=95)
    return target.getvalue()


@pytest.mark.parametrize(
    "kind", ["JPEG", "HEIF", *(pytest.param(kind, marks=pytest.mark.slow) for kind in ("PNG", "TIFF", "WEBP"))]
)
def test_a_photo_of_one_signed_page_leaves_the_other_pages_missing_once_all_is_said_to_be_sent(
    system: System, kind: str
) -> None:
    signed = forms.filled_form(signed=("applicant",), dated=("applicant",))
    case = system.open_case(f"PHOTO-{kind}")
    document = system.upload(case, (f"photo.{kind.lower()}", photo(signed, 2, kind)))
    assert system.reviewed(document["id"])["pages"] == {"total": 1, "read": 1}
    assert system.flags(case) == []
    with system.intake() as intake:
        assert intake.post(f"/v1/cases/{case}/complete").is_success
    flags = eventually(lambda: system.flags(case), what="the judgement of what is missing")
    assert sorted((flag["code"], flag["form_page"]) for flag in flags) == [
        ("page_missing", 1),
        ("page_missing", 3),
    ]


def test_several_files_of_one_upload_are_one_document(system: System) -> None:
    unsigned = forms.filled_form()
    parts = [(f"{page}.jpg", photo(unsigned, page, "JPEG")) for page in (1, 2, 3)]
    case = system.open_case("PARTS")
    document = system.upload(case, *parts)
    assert system.reviewed(document["id"])["pages"] == {"total": 3, "read": 3}
    assert [code for code, _ in system.codes(case)] == ["date_missing", "signature_missing"]


def test_another_edition_of_a_known_form_is_flagged_as_unknown(system: System) -> None:
    case = system.open_case("EDITION")
    document = system.upload(case, ("form.pdf", forms.as_scan(forms.blank_form(edition="03/09/27"))))
    system.reviewed(document["id"])
    assert {(flag["code"], flag["form"], flag["edition"]) for flag in system.flags(case)} == {
        ("edition_unknown", forms.FORM, "2027-03-09")
    }


def test_a_scan_whose_barcode_is_stuck_over_is_judged_by_its_printed_footer(system: System) -> None:
    case = system.open_case("NO-BARCODE")
    document = system.upload(case, ("scan.pdf", forms.as_scan(forms.filled_form(), has_barcode=False)))
    system.reviewed(document["id"])
    assert system.codes(case) == [
        ("date_missing", "part-2.item-2.b.date"),
        ("signature_missing", "part-2.item-2.a.signature"),
    ]


def test_without_its_barcode_too_another_edition_is_named_as_such(system: System) -> None:
    case = system.open_case("NO-BARCODE-EDITION")
    scan = forms.as_scan(forms.blank_form(edition="03/09/27"), has_barcode=False)
    system.reviewed(system.upload(case, ("scan.pdf", scan))["id"])
    assert {(flag["code"], flag["form"], flag["edition"]) for flag in system.flags(case)} == {
        ("edition_unknown", forms.FORM, "2027-03-09")
    }


def test_an_officers_place_that_is_signed_already_is_flagged_and_an_empty_one_is_not(system: System) -> None:
    teach(system, forms.officers_form())
    by: list[tuple[forms.Party, ...]] = [("applicant",), ("applicant", "officer")]
    codes = []
    for signed in by:
        case = system.open_case("OFFICER")
        paper = forms.as_scan(forms.officers_form(signed, dated=("applicant",)))
        system.reviewed(system.upload(case, ("form.pdf", paper))["id"])
        # The pen of the tests draws the same signature in all of their cases, which is told as well.
        codes.append([code for code in system.codes(case) if code[0] != "signature_reused"])
    assert codes == [[], [("signature_must_be_empty", "part-4.item-2.a.signature")]]


def test_a_letter_is_reviewed_and_needs_no_flag(system: System) -> None:
    case = system.open_case("LETTER")
    document = system.upload(case, ("letter.pdf", forms.letter()))
    # Its review waits for its text, on the slow lane, behind the texts of the tests before.
    assert system.reviewed(document["id"], timeout_s=400)["status"] == "reviewed"
    assert system.flags(case) == []
    with system.queue() as queue:
        picture = eventually(
            lambda: (
                answer
                if (answer := queue.get(f"/v1/documents/{document['id']}/pages/1.webp")).is_success
                else None
            ),
            timeout_s=400,
            what="the picture of the page",
        )
        original = queue.get(f"/v1/documents/{document['id']}/original")
    assert picture.content[8:12] == b"WEBP"
    assert original.content == forms.letter()
    assert original.headers["content-disposition"].startswith("attachment")


def test_a_form_that_comes_after_a_bundle_does_not_wait_for_its_end(system: System) -> None:
    case = system.open_case("BUNDLE")
    bundle = system.upload(case, ("bundle.pdf", forms.as_scan(forms.letter(80), dpi=72)))
    other = system.open_case("SMALL")
    start = time.monotonic()
    small = system.upload(other, ("form.pdf", forms.filled_form()))
    system.reviewed(small["id"])
    progress = system.document(bundle["id"])
    assert progress["status"] != "reviewed", f"the bundle was done within {time.monotonic() - start:.1f} s"
    assert [code for code, _ in system.codes(other)] == ["date_missing", "signature_missing"]
