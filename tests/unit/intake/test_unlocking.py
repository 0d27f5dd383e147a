"""The password of a locked document: encrypted on its way to ocr, held by nothing else; it is read again."""

import pytest
from sqlalchemy import select, update

from services.intake.tables import documents, metadata
from tests.support.intake import PDF
from wetink.blobs import names
from wetink.blobs.port import BlobRef


@pytest.fixture
async def client(intake):
    async with intake.browser(intake.key()) as client:
        yield client


async def locked(intake, client):
    """A document that ended as unreadable."""
    case_id = (await client.post("/v1/cases", json={"reference": "x"})).json()["id"]
    document = (await client.post(f"/v1/cases/{case_id}/documents", content=PDF)).json()
    with intake.database.transaction() as transaction:
        ours = documents.c.document_id == document["id"]
        transaction.execute(update(documents).where(ours).values(status="unreadable"))
    return document


async def unlock(client, document, password="open sesame"):  # noqa: S107 - of no document
    return await client.post(f"/v1/documents/{document['id']}/password", json={"password": password})


async def test_the_document_is_announced_again_and_its_password_lies_ready(intake, client):
    document = await locked(intake, client)
    answer = await unlock(client, document)
    assert (answer.status_code, answer.json()["status"]) == (202, "received")
    assert [event["document_number"] for event in intake.events("document.received")] == [1, 2]
    ref = BlobRef(intake.ours, document["case_id"], names.password(document["id"]))
    assert intake.blobs.get(ref) == b"open sesame"


async def test_no_row_and_no_event_holds_it(intake, client):
    document = await locked(intake, client)
    await unlock(client, document)
    with intake.database.reading() as connection:
        rows = [tuple(row) for table in metadata.sorted_tables for row in connection.execute(select(table))]
    assert "sesame" not in repr(rows)
    assert "sesame" not in repr(intake.events("document.received"))


async def test_a_document_that_is_not_locked_is_left_alone(intake, client):
    document = await locked(intake, client)
    await unlock(client, document)
    assert (await unlock(client, document)).status_code == 409
    assert len(intake.events("document.received")) == 2


@pytest.mark.parametrize("password", ["", "x" * 128, None, 5])
async def test_what_is_no_password_is_refused_and_not_repeated(intake, client, password):
    answer = await unlock(client, await locked(intake, client), password)
    assert answer.status_code == 422
    assert "xxxx" not in answer.text


async def test_another_client_has_no_such_document(intake, client):
    document = await locked(intake, client)
    async with intake.browser(intake.key()) as other:
        assert (await unlock(other, document)).status_code == 404
