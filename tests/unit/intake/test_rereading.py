"""Documents that are read again: under new numbers, in their order, once for each time it is asked for."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from services.intake.rereading import read_again
from services.intake.tables import documents
from tests.support.intake import PDF

FIRST, SECOND, THIRD = (PDF + letter for letter in (b"a", b"b", b"c"))


@pytest.fixture
async def sent(intake):
    """The ids of three documents of one case, reviewed all of them."""
    async with intake.browser(intake.key()) as caller:
        case = (await caller.post("/v1/cases", json={"reference": "x"})).json()
        url = f"/v1/cases/{case['id']}/documents"
        ids = [(await caller.post(url, content=content)).json()["id"] for content in (FIRST, SECOND, THIRD)]
    change(intake, *ids, status="reviewed")
    return ids


def change(intake, *ids, **values):
    with intake.database.transaction() as transaction:
        transaction.execute(update(documents).where(documents.c.document_id.in_(ids)).values(**values))


def reread(intake, *ids):
    with intake.database.transaction() as transaction:
        return read_again(transaction, ids, "intake", intake.clock.now())


def told(intake):
    events = intake.events("document.received")
    return [(event["document_id"], event["document_number"], event["is_reread"]) for event in events]


async def test_a_document_is_announced_anew_with_all_that_came_after_it(intake, sent):
    first, second, third = sent
    assert reread(intake, second) == [second]
    assert told(intake)[3:] == [(second, 4, True), (third, 5, False)]
    with intake.database.reading() as view:
        rows = view.execute(select(documents).order_by(documents.c.number)).all()
    assert [(row.document_id, row.status) for row in rows] == [
        (first, "reviewed"),
        (second, "received"),
        (third, "received"),
    ]


async def test_the_day_on_which_it_came_stays(intake, sent):
    days = [event["received_on"] for event in intake.events("document.received")]
    intake.clock.moment += timedelta(days=100)
    reread(intake, sent[0])
    assert [event["received_on"] for event in intake.events("document.received")][3:] == days


async def test_a_case_that_is_being_read_is_left_alone(intake, sent):
    assert reread(intake, sent[0]) == [sent[0]]
    assert reread(intake, sent[0]) == []
    assert len(told(intake)) == 6


async def test_what_was_superseded_is_not_read_again(intake, sent):
    change(intake, sent[0], is_superseded=True)
    assert reread(intake, sent[0], "doc_unknown") == []
    assert len(told(intake)) == 3
