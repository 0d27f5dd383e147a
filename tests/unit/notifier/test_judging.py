"""A judgement becomes flags, once, in the order of revisions."""

import pytest

from services.notifier import judging
from services.notifier.tables import feed, flags
from tests.support.notifier import House, finding
from wetink.contracts.events import CaseDeleted, DocumentFlagged, DocumentState
from wetink.errors import CaseDeletedError, PoisonError


@pytest.fixture
def house():
    return House()


def told(house):
    return [row.event_type for row in house.rows(feed)]


def test_each_finding_becomes_one_flag_and_intake_is_told(house):
    events = house.judge(finding(), finding("date_missing", slot="part-3.item-7.b.date"))
    assert len(house.rows(flags)) == 2
    assert [type(event) for event in events] == [DocumentFlagged]
    assert events[0].case_revision == 1
    assert told(house).count("flag.opened") == 2


def test_a_finding_said_twice_in_one_judgement_is_one_flag(house):
    house.judge(finding(), finding())
    assert len(house.rows(flags)) == 1


def test_the_same_judgement_again_changes_no_row(house):
    house.judge(finding())
    before = house.everything()
    assert house.judge(finding()) == []
    assert house.everything() == before


def test_an_older_revision_is_ignored(house):
    house.judge(revision=5)
    assert house.judge(finding(), revision=4) == []
    assert house.rows(flags) == []


def test_a_newer_revision_that_says_the_same_keeps_the_flag_as_it_is(house):
    house.judge(finding())
    before = house.rows(flags)
    house.judge(finding(), revision=2)
    assert house.rows(flags) == before


def test_what_is_seen_elsewhere_is_the_same_flag_in_a_new_version(house):
    house.judge(finding())
    house.judge(finding(document_id="doc_2", severity="high", found="A line"), revision=2)
    (row,) = house.rows(flags)
    assert (row.version, row.document_id, row.severity) == (2, "doc_2", "high")
    assert house.flag()["found"] == "A line"


def test_a_finding_that_is_gone_resolves_its_flag(house):
    house.judge(finding())
    house.judge(revision=2)
    flag = house.flag()
    assert (flag["status"], flag["resolved_by"], flag["version"]) == ("resolved", "wetink", 2)
    assert flag["resolved_at"]


def test_a_finding_that_comes_back_opens_its_flag_again(house):
    house.judge(finding())
    house.judge(revision=2)
    house.judge(finding(), revision=3)
    flag = house.flag()
    assert (flag["status"], flag["resolved_at"], flag["version"]) == ("open", None, 3)
    assert told(house).count("flag.opened") == 2


@pytest.mark.parametrize(
    ("decision", "status"), [("confirm", "confirmed"), ("dismiss", "dismissed"), ("duplicate", "duplicate")]
)
def test_what_a_person_decided_stays_while_the_finding_is_the_same(house, decision, status):
    house.judge(finding())
    house.client().post(f"/v1/flags/{house.flag()['id']}/decision", json={"decision": decision})
    house.judge(finding(title="Worded anew"), revision=2)
    flag = house.flag()
    assert (flag["status"], flag["title"]) == (status, "Worded anew")


def test_a_dismissal_returns_with_the_same_paper_but_not_with_another(house):
    house.judge(finding())
    house.client().post(f"/v1/flags/{house.flag()['id']}/decision", json={"decision": "dismiss"})
    house.judge(revision=2)
    house.judge(finding(), revision=3)
    assert house.flag()["status"] == "dismissed"
    house.judge(finding(document_id="doc_2"), revision=4)
    assert house.flag()["status"] == "open"


def test_a_case_is_told_clear_once_in_each_revision_and_reopened_when_it_is_not(house):
    house.judge(in_flight=1)
    assert "case.clear" not in told(house)
    house.judge(revision=2)
    house.judge(finding(), revision=3)
    manager, flag_id = house.client(), house.flag()["id"]
    for _ in range(2):
        manager.post(f"/v1/flags/{flag_id}/decision", json={"decision": "dismiss"})
        manager.post(f"/v1/flags/{flag_id}/decision/undo")
    about_case = [kind for kind in told(house) if kind.startswith("case.")]
    assert about_case == ["case.clear", "case.reopened", "case.clear", "case.reopened", "case.reopened"]


def test_documents_that_became_final_are_told_once(house):
    locked = DocumentState(document_id="doc_2", document_number=2, status="unreadable")
    reading = DocumentState(document_id="doc_2", document_number=2, status="reading")
    house.judge(documents=[judging_state("doc_1"), reading], in_flight=1)
    house.judge(documents=[judging_state("doc_1"), locked], revision=2)
    assert [kind for kind in told(house) if kind.startswith("document.")] == [
        "document.reviewed",
        "document.unreadable",
    ]


def judging_state(document_id):
    return DocumentState(document_id=document_id, document_number=1, status="reviewed")


def test_a_flag_is_due_with_its_case_unless_it_has_a_day_of_its_own(house):
    own = finding("date_stale", slot="d", due_on="2026-04-01")
    house.judge(finding(), own)
    house.handle_case(house.open_case("case_1", version=2, due_on="2026-05-02"))
    items = house.client().get("/v1/flags").json()["items"]
    assert [(item["code"], item["due_on"], item["version"]) for item in items] == [
        ("date_stale", "2026-04-01", 1),
        ("signature_missing", "2026-05-02", 2),
    ]


def test_nothing_of_the_paper_stands_in_the_database_in_plain(house):
    house.judge(finding(title="CANARY-TITLE", found="CANARY-FOUND"))
    assert "CANARY" not in str(house.everything())
    assert "Reference of" not in str(house.everything())


def test_a_deleted_case_is_forgotten_and_late_judgements_of_it_are_dropped(house):
    late = house.judgement(finding(), revision=2)
    judged = judging.prepare(late, house.ports)
    house.judge(finding())
    house.keystore.destroy_case_key(house.organisation_id, "case_1")
    house.handle_case(
        CaseDeleted(organisation_id=house.organisation_id, case_id="case_1", occurred_at=house.clock.now())
    )
    with house.database.transaction() as transaction:
        assert judging.apply(late, judged, transaction, house.ports) == []
    assert house.rows(flags) == house.rows(feed) == []
    with pytest.raises(CaseDeletedError):
        judging.prepare(late, house.ports)


def test_a_judgement_of_another_case_is_poison(house):
    event = house.judgement(finding())
    with pytest.raises(PoisonError, match="judgement_of_another_case"):
        judging.prepare(event.model_copy(update={"case_revision": 9}), house.ports)


def test_a_judgement_that_cannot_be_read_leaves_a_flag_and_ends_the_documents(house):
    house.judge(finding())
    event = house.judgement(revision=2)
    with house.database.transaction() as transaction:
        events = judging.apply_unread(event, transaction, house.ports)
    assert [event.documents[0].status for event in events] == ["reviewed"]
    codes = {item["code"] for item in house.client().get("/v1/flags").json()["items"]}
    assert codes == {"signature_missing", "document_unreadable"}
    house.judge(finding(), revision=3)
    assert {item["code"] for item in house.client().get("/v1/flags").json()["items"]} == {"signature_missing"}
