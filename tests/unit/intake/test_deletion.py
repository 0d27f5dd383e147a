"""Deleting a case at intake: the key, the rows, the blobs, the tombstone, and when it is done."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from services.intake.deletion import SERVICES, delete_case, finish_deletions, forgotten_handler
from services.intake.retention import Retention, delete_due_cases
from services.intake.tables import audit, cases, deletions, documents, metadata
from tests.support.intake import PDF, Intake
from wetink.audit import broken_links
from wetink.contracts.events import CaseForgotten
from wetink.errors import CaseDeletedError
from wetink.stream.tables import outbox, stream_metadata


@pytest.fixture
def intake():
    return Intake()


async def a_case_with_a_document(intake, key=None):
    async with intake.browser(key or intake.key("manager")) as browser:
        case_id = (await browser.post("/v1/cases", json={"reference": "Ana"})).json()["id"]
        sent = await browser.post(
            f"/v1/cases/{case_id}/documents",
            files={"file": ("ana.pdf", PDF)},
            headers={"Idempotency-Key": "one"},
        )
        assert sent.status_code == 202
        await browser.post(f"/v1/cases/{case_id}/upload-links")
    return case_id


async def delete(intake, case_id, role="admin", organisation_id=None):
    async with intake.browser(intake.key(role, organisation_id)) as browser:
        return (await browser.delete(f"/v1/cases/{case_id}")).status_code


def rows_that_name(intake, case_id):
    found = []
    with intake.database.reading() as connection:
        for table in (*metadata.sorted_tables, *stream_metadata.sorted_tables):
            if "case_id" in table.c:
                query = select(func.count()).select_from(table).where(table.c.case_id == case_id)
                found += [table.name] * connection.execute(query).scalar_one()
    return found


def say_forgotten(intake, case_id, service):
    event = CaseForgotten(
        organisation_id=intake.ours, case_id=case_id, occurred_at=intake.clock.now(), service=service
    )
    with intake.database.transaction() as transaction:
        forgotten_handler().handle(event, None, transaction)


def is_done(intake, case_id):
    finish_deletions(intake.ports)
    with intake.database.reading() as connection:
        row = connection.execute(select(deletions).where(deletions.c.case_id == case_id)).one()
    return row.done_at is not None


async def test_a_deleted_case_is_gone_with_its_key_rows_and_blobs(intake):
    case_id = await a_case_with_a_document(intake)
    assert await delete(intake, case_id) == 202
    assert await delete(intake, case_id) == 404
    with pytest.raises(CaseDeletedError):
        intake.keystore.case_key(intake.ours, case_id)
    assert intake.blobs.contents == {}
    assert sorted(rows_that_name(intake, case_id)) == ["deletions", "inbox", "outbox"]
    assert [event["case_id"] for event in intake.events("case.deleted")] == [case_id]
    with intake.database.reading() as connection:
        tags = [row.tag for row in connection.execute(select(audit).order_by(audit.c.sequence))]
        assert tags == ["intake:case:open", "intake:link:create", "intake:case:delete"]
        assert list(broken_links(connection, audit)) == []


async def test_only_an_administrator_of_its_organisation_deletes_a_case(intake):
    case_id = await a_case_with_a_document(intake)
    assert await delete(intake, case_id, "manager") == 403
    assert await delete(intake, case_id, "client") == 404
    assert await delete(intake, case_id, "admin", intake.theirs) == 404
    assert rows_that_name(intake, case_id).count("documents") == 1


async def test_a_case_on_hold_is_not_deleted_until_it_is_released(intake):
    case_id = await a_case_with_a_document(intake)
    assert intake.keystore.hold_case(case_id, is_held=True)
    assert await delete(intake, case_id) == 409
    assert intake.keystore.case_key(intake.ours, case_id)
    intake.keystore.hold_case(case_id, is_held=False)
    assert await delete(intake, case_id) == 202


async def test_a_deletion_is_done_when_every_service_has_said_so(intake):
    case_id = await a_case_with_a_document(intake)
    await delete(intake, case_id)
    for service in sorted(SERVICES):
        assert not is_done(intake, case_id)
        say_forgotten(intake, case_id, service)
        say_forgotten(intake, case_id, service)
    assert is_done(intake, case_id)


async def test_a_deletion_that_ended_with_the_key_is_finished_later(intake):
    case_id = await a_case_with_a_document(intake)
    intake.keystore.destroy_case_key(intake.ours, case_id)
    finish_deletions(intake.ports)
    assert sorted(rows_that_name(intake, case_id)) == ["deletions", "inbox", "outbox"]
    assert intake.blobs.contents == {}


async def test_deleting_twice_tells_once(intake):
    case_id = await a_case_with_a_document(intake)
    delete_case(intake.ports, intake.ours, case_id, by="key_1")
    delete_case(intake.ports, intake.ours, case_id, by="key_1")
    with intake.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(outbox)).scalar_one() == 1
        deleted = select(func.count()).select_from(audit).where(audit.c.tag == "intake:case:delete")
        assert connection.execute(deleted).scalar_one() == 1


async def test_cases_are_kept_until_their_organisation_says_for_how_long(intake):
    resting = await a_case_with_a_document(intake)
    held = await a_case_with_a_document(intake, intake.key("manager"))
    intake.keystore.hold_case(held, is_held=True)
    intake.clock.moment += timedelta(days=40)
    busy = await a_case_with_a_document(intake, intake.key("manager"))
    delete_due_cases(intake.ports)
    assert left(intake) == {resting, held, busy}
    intake.keystore.keep_cases(intake.ours, 30)
    delete_due_cases(intake.ports)
    assert left(intake) == {held, busy}


async def test_a_clock_that_jumps_makes_no_case_old(intake):
    ticks = [0.0]
    retention = Retention(intake.ports, lambda: ticks[0])
    intake.keystore.keep_cases(intake.ours, 30)
    case_id = await a_case_with_a_document(intake)

    def pass_by(time, of_the_clock):
        ticks[0] += time.total_seconds()
        intake.clock.moment += of_the_clock
        retention.run()

    retention.run()
    pass_by(timedelta(hours=1), timedelta(days=400))
    pass_by(timedelta(hours=1), timedelta(days=-399))
    assert left(intake) == {case_id}
    pass_by(timedelta(days=31), timedelta(days=31))
    assert left(intake) == set()


def left(intake):
    with intake.database.reading() as connection:
        return {row.case_id for row in connection.execute(select(cases))} & {
            row.case_id for row in connection.execute(select(documents))
        }
