"""Files that cannot be read end as flags in their case, never in silence."""

import io

import pikepdf
import pytest

from tests.support import forms
from tests.support.system import System

pytestmark = pytest.mark.kafka


def locked(pdf: bytes) -> bytes:
    """The same document behind a user password."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(out, encryption=pikepdf.Encryption(owner="owner", user="a password", R=6))
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("locked.pdf", locked(forms.blank_form()), "document_locked"),
        ("garbage.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 40, "document_unreadable"),
        ("stub.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "document_unreadable"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_flag(system: System, name: str, content: bytes, code: str) -> None:
    case = system.open_case()
    document = system.upload(case, (name, content))
    assert system.reviewed(document["id"])["status"] == "unreadable"
    assert [found for found, _ in system.codes(case)] == [code]


def test_a_truncated_form_ends_with_a_flag(system: System) -> None:
    whole = forms.as_scan(forms.filled_form())
    case = system.open_case()
    document = system.upload(case, ("cut-off.pdf", whole[: len(whole) // 2]))
    assert system.reviewed(document["id"])["status"] == "reviewed"
    (illegible,) = [flag for flag in system.flags(case) if flag["code"] == "page_illegible"]
    assert "file cut short" in illegible["found"]


def test_a_photo_that_is_cut_short_ends_with_a_flag(system: System) -> None:
    photo = forms.as_photo(forms.filled_form(), 2)
    case = system.open_case()
    document = system.upload(case, ("cut-off.jpg", photo[: len(photo) // 2]))
    assert system.reviewed(document["id"], timeout_s=400)["status"] == "reviewed"
    (flag,) = system.flags(case)
    assert flag["code"] == "page_illegible"
    assert "picture cut short" in flag["found"]


def test_an_empty_file_and_a_foreign_type_are_refused(system: System) -> None:
    case = system.open_case()
    with system.intake() as intake:
        empty = intake.post(
            f"/v1/cases/{case}/documents", content=b"", headers={"Content-Type": "application/pdf"}
        )
        foreign = intake.post(
            f"/v1/cases/{case}/documents",
            content=b"PK\x03\x04 not a form",
            headers={"Content-Type": "application/pdf"},
        )
    assert empty.status_code == 400
    assert foreign.status_code == 415
    assert foreign.headers["content-type"].startswith("application/problem+json")
