"""Uploads: what is accepted, what is refused, what is the same document again."""

import asyncio

import pytest
from sqlalchemy import update

from services.intake.tables import documents
from tests.support.intake import JPEG, PDF, Intake
from wetink.blobs.port import BlobRef
from wetink.http.bodies import Pace


async def open_case(caller):
    return (await caller.post("/v1/cases", json={"reference": "A-17"})).json()["id"]


async def test_an_upload_is_stored_numbered_and_announced(intake):
    async with intake.browser(intake.key()) as caller:
        case_id = await open_case(caller)
        sent = await caller.post(f"/v1/cases/{case_id}/documents", files={"file": ("form.pdf", PDF)})
        looked = await caller.get(sent.headers["Location"])
    assert sent.status_code == 202
    document = sent.json()
    assert (
        document.items()
        >= {
            "case_id": case_id,
            "filename": "form.pdf",
            "size_bytes": len(PDF),
            "status": "received",
            "duplicate_of": None,
        }.items()
    )
    assert looked.json() == document | {"pages": {"total": None, "read": 0}}
    [event] = intake.events("document.received")
    assert event["document_number"] == 1
    assert event["received_on"] == "2026-11-25", "the day in the organisation's time zone"
    assert intake.blobs.get(BlobRef(intake.ours, case_id, event["blob"])) == PDF
    assert "form.pdf" not in str(event)


async def test_raw_bytes_are_a_document_too(intake):
    headers = {
        "Content-Type": "application/pdf",
        "Content-Disposition": "attachment; filename*=UTF-8''f%C3%B6rm.pdf",
    }
    async with intake.browser(intake.key()) as caller:
        case_id = await open_case(caller)
        sent = await caller.post(f"/v1/cases/{case_id}/documents", content=PDF, headers=headers)
    assert sent.status_code == 202
    assert sent.json()["filename"] == "förm.pdf"


async def test_several_files_are_one_document_in_their_order(intake):
    async with intake.browser(intake.key()) as caller:
        case_id = await open_case(caller)
        files = [("file", ("2.jpg", JPEG)), ("file", ("1.pdf", PDF))]
        sent = await caller.post(f"/v1/cases/{case_id}/documents", files=files)
    [event] = intake.events("document.received")
    blobs = [event["blob"], *event["parts"]]
    assert [intake.blobs.get(BlobRef(intake.ours, case_id, blob)) for blob in blobs] == [JPEG, PDF]
    assert sent.json()["size_bytes"] == len(JPEG) + len(PDF) == event["size_bytes"]


HEIC = b"\0\0\0\x18ftypmsf1\0\0\0\0heic" + b"x" * 100
WEBP = b"RIFF\x10\0\0\0WEBPVP8 " + b"x" * 100


@pytest.mark.parametrize(
    "content",
    [
        PDF,
        b"junk before\n%PDF-1.4",
        JPEG,
        b"\x89PNG\r\n\x1a\n",
        b"II*\0",
        b"MM\0*...",
        HEIC,
        WEBP,
        b"\xff\xd8\xff",
    ],
)
async def test_the_content_tells_the_type_also_when_it_is_cut_short(intake, content):
    async with intake.browser(intake.key()) as caller:
        case_id = await open_case(caller)
        sent = await caller.post(
            f"/v1/cases/{case_id}/documents", files={"file": ("x.txt", content, "text/plain")}
        )
    assert sent.status_code == 202


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04" + b"x" * 5000,
        b"hello",
        b"\0\0\0\x18ftypmp42\0\0\0\0isom",
        b"RIFF\x10\0\0\0WAVEfmt ",
        b"<html>",
    ],
)
async def test_other_content_is_refused_before_anything_is_stored(intake, content):
    async with intake.browser(intake.key()) as caller:
        case_id = await open_case(caller)
        before = dict(intake.blobs.contents)
        sent = await caller.post(
            f"/v1/cases/{case_id}/documents", files={"file": ("form.pdf", content, "application/pdf")}
        )
    assert sent.status_code == 415
    assert "PDF, JPEG, PNG, TIFF, HEIC or WebP" in sent.json()["detail"]
    assert intake.blobs.contents == before


@pytest.mark.parametrize(
    "body",
    [
        {"content": b"", "headers": {"Content-Type": "application/pdf"}},
        {"files": {"file": ("form.pdf", b"")}},
        {"files": {"other": (None, "x")}},
        {"content": b"", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        {"content": b"--y--", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        {"content": b"x", "headers": {"Content-Type": "multipart/form-data"}},
    ],
)
async def test_an_empty_or_broken_body_is_refused(intake, body):
    async with intake.browser(intake.key()) as caller:
        case_id = await open_case(caller)
        sent = await caller.post(f"/v1/cases/{case_id}/documents", **body)
    assert sent.status_code == 400
    assert intake.events("document.received") == []


async def test_an_upload_that_breaks_off_leaves_nothing(intake):
    async with intake.browser(intake.key()) as caller:
        case_id = await open_case(caller)
        before = dict(intake.blobs.contents)
        whole = caller.build_request(
            "POST", "/", files=[("file", ("a.pdf", PDF)), ("file", ("b.pdf", PDF * 3))]
        ).read()
        kind = "multipart/form-data; boundary=" + whole.split(b"\r\n")[0][2:].decode()
        sent = await caller.post(
            f"/v1/cases/{case_id}/documents", content=whole[:-20], headers={"Content-Type": kind}
        )
    assert sent.status_code == 400
    assert intake.blobs.contents == before


async def test_too_much_is_refused_announced_or_not(intake):
    async def unannounced():
        for _ in range(11):
            yield b"%PDF-" + b"x" * 10_000

    async with intake.browser(intake.key()) as caller:
        case_id = await open_case(caller)
        before = dict(intake.blobs.contents)
        for content in (b"%PDF-" + b"x" * 200_000, unannounced()):
            sent = await caller.post(f"/v1/cases/{case_id}/documents", content=content)
            assert sent.status_code == 413
    assert intake.blobs.contents == before


async def test_the_same_bytes_in_the_same_case_are_the_first_document(intake):
    async with intake.browser(intake.key()) as caller:
        case_id = await open_case(caller)
        url = f"/v1/cases/{case_id}/documents"
        answers = await asyncio.gather(*(caller.post(url, content=PDF) for _ in range(4)))
        again = (await caller.post(url, files={"file": ("other name.pdf", PDF)})).json()
    assert {answer.status_code for answer in answers} == {202}
    [first_id] = {answer.json()["id"] for answer in answers}
    assert sorted(answer.json()["duplicate_of"] or "" for answer in answers) == ["", *[first_id] * 3]
    assert again["duplicate_of"] == again["id"] == first_id
    assert len(intake.events("document.received")) == 1


async def test_the_same_bytes_in_another_case_are_another_document(intake):
    async with intake.browser(intake.key()) as caller:
        ids = {
            (await caller.post(f"/v1/cases/{await open_case(caller)}/documents", content=PDF)).json()["id"]
            for _ in range(2)
        }
    assert len(ids) == 2


async def test_bytes_that_could_not_be_read_are_read_again_when_they_come_again(intake):
    async with intake.browser(intake.key()) as caller:
        url = f"/v1/cases/{await open_case(caller)}/documents"
        first = (await caller.post(url, content=PDF)).json()
        with intake.database.transaction() as transaction:
            transaction.execute(update(documents).values(status="unreadable", pages_total=3, pages_read=3))
        again = (await caller.post(url, content=PDF)).json()
    assert again["id"] == first["id"] == again["duplicate_of"]
    assert again["status"] == "received"
    assert [event["document_number"] for event in intake.events("document.received")] == [1, 2]


async def test_a_superseded_document_becomes_current_again(intake):
    async with intake.browser(intake.key()) as caller:
        url = f"/v1/cases/{await open_case(caller)}/documents"
        first = (await caller.post(url, content=PDF)).json()
        second = (await caller.post(url, content=JPEG, params={"replaces": first["id"]})).json()
        again = (await caller.post(url, content=PDF)).json()
        once_more = (await caller.post(url, content=PDF)).json()
    assert again["id"] == once_more["id"] == first["id"]
    events = intake.events("document.received")
    assert [event["document_number"] for event in events] == [1, 2, 3]
    assert [event["replaces_document_id"] for event in events] == [None, first["id"], second["id"]]


async def test_replaces_may_be_a_field_and_must_be_a_document_of_the_case(intake):
    async with intake.browser(intake.key()) as caller:
        other = (await caller.post(f"/v1/cases/{await open_case(caller)}/documents", content=PDF)).json()
        url = f"/v1/cases/{await open_case(caller)}/documents"
        first = (await caller.post(url, content=PDF)).json()
        good = await caller.post(url, files={"file": ("b.jpg", JPEG)}, data={"replaces": first["id"]})
        bad = await caller.post(url, content=JPEG + b"!", params={"replaces": other["id"]})
    assert good.status_code == 202
    assert intake.events("document.received")[-1]["replaces_document_id"] == first["id"]
    assert bad.status_code == 404


async def test_an_idempotency_key_gives_the_first_answer_again(intake):
    key = {"Idempotency-Key": "once"}
    async with intake.browser(intake.key()) as caller:
        url = f"/v1/cases/{await open_case(caller)}/documents"
        answers = await asyncio.gather(*(caller.post(url, content=PDF, headers=key) for _ in range(4)))
        other = await caller.post(url, content=JPEG, headers=key)
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].json()["duplicate_of"] is None
    assert other.status_code == 409
    assert len(intake.events("document.received")) == 1


async def test_an_upload_after_complete_takes_it_back(intake):
    async with intake.browser(intake.key()) as caller:
        case_id = await open_case(caller)
        await caller.post(f"/v1/cases/{case_id}/documents", content=PDF)
        await caller.post(f"/v1/cases/{case_id}/complete")
        await caller.post(f"/v1/cases/{case_id}/documents", content=PDF)
        unchanged = (await caller.get(f"/v1/cases/{case_id}")).json()
        await caller.post(f"/v1/cases/{case_id}/documents", content=JPEG)
        case = (await caller.get(f"/v1/cases/{case_id}")).json()
    assert unchanged["completed_at"] is not None, "the same bytes are nothing new"
    assert case["completed_at"] is None
    assert case["version"] == 3


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.pdf", "etcpasswd.pdf"),
        ("a\\b.pdf", "ab.pdf"),
        ("inv\u202efdp.exe", "invfdp.exe"),
        ("\u0645\u06cc\u200c\u0631\u0648\u0645.pdf", "\u0645\u06cc\u200c\u0631\u0648\u0645.pdf"),
        ("a%0D%0Ab\x07.pdf", "ab.pdf"),
        ("..", "document"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
async def test_file_names_lose_what_deceives(intake, sent, kept):
    async with intake.browser(intake.key()) as caller:
        case_id = await open_case(caller)
        answer = await caller.post(f"/v1/cases/{case_id}/documents", files={"file": (sent, PDF)})
    assert answer.json()["filename"] == kept


async def test_a_slow_sender_is_cut():
    intake = Intake(pace=Pace(idle_s=0.05))

    async def dawdling():
        yield PDF
        await asyncio.Event().wait()

    async with intake.browser(intake.key()) as caller:
        case_id = await open_case(caller)
        before = dict(intake.blobs.contents)
        sent = await caller.post(f"/v1/cases/{case_id}/documents", content=dawdling())
    assert sent.status_code == 408
    assert intake.blobs.contents == before
