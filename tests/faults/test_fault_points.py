"""At every fault point of every service the process is killed once, and a case ends as if nothing had happened."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest

from tests.pipeline.conftest import teach
from tests.support import forms
from tests.support.eventually import eventually
from tests.support.orders import LONG_ONLY, Orders, places
from tests.support.portal import MISSING, Paper, Portal
from tests.support.receiver import Receiver, webhook_receiver
from tests.support.system import System, running_system
from wetink.faults import POINTS

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

QUICK = {"WETINK_QUIET_SECONDS": "1", "WETINK_REANNOUNCE_AFTER_S": "5", "WETINK_START_PAUSE_S": "0.1"}
EVENT_POINTS = [point for point in POINTS if point.startswith("event.")]
EACH_POINT = [
    *EVENT_POINTS,
    *(pytest.param(point, marks=pytest.mark.by_hand) for point in POINTS if point not in EVENT_POINTS),
]
DELETION = {"case.deleted", "case.forgotten"}
IN_SANDBOX = "sandbox.working"
"""What fails there is the file's fault, and ends as such."""
FORM_AND_LETTER = Paper((forms.as_scan(forms.filled_form()), forms.letter()), MISSING)
LONE_PAGE = Paper(
    (forms.as_photo(forms.filled_form(), 2),), [*MISSING, ("page_missing", None), ("page_missing", None)]
)


@dataclass
class Place:
    """A running system, the orders for its processes, and a receiver of its webhooks."""

    system: System
    orders: Orders
    receiver: Receiver


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("points")
    orders = Orders(folder / "orders")
    with (
        webhook_receiver() as receiver,
        running_system(folder, WETINK_FAULTS=str(orders.folder), **QUICK) as system,
    ):
        teach(system, forms.blank_form())
        with system.queue("WETINK_ADMIN_KEY") as admin:
            hook = {"url": receiver.url, "event_types": ["flag.opened"]}
            assert admin.post("/v1/webhooks", json=hook).status_code == 201
        yield Place(system, orders, receiver)


def opened_flags(receiver: Receiver, case: str) -> set[str]:
    """Flags of the case that the receiver was told of."""
    told = [json.loads(sent.body)["data"] for sent in list(receiver.deliveries)]
    return {data["flag_id"] for data in told if data["case_id"] == case}


def goes_its_way(place: Place, paper: Paper, *, is_deleted: bool) -> None:
    """The paper is sent, reviewed, flagged, told of, and its case perhaps deleted."""
    portal = Portal(place.system)
    sent = portal.send(paper)
    for document in sent.documents:
        assert place.system.reviewed(document)["status"] == "reviewed"
    eventually(lambda: place.system.codes(sent.case) == sorted(sent.flags), what="the flags")
    flags = {flag["id"] for flag in place.system.flags(sent.case, status="all")}
    assert len(flags) == len(sent.flags)
    eventually(lambda: opened_flags(place.receiver, sent.case) == flags, what="webhooks")
    if is_deleted:
        portal.delete(sent.case)
        eventually(lambda: portal.is_deleted(sent.case), what="the deletion")


def goes_past(place: Place, points: Iterable[str], action: str) -> None:
    """A case goes its way past `points`, where every service that comes there has the order `action`."""
    orders = [(service, point, subject) for point in points for service, subject in places(point)]
    for service, point, subject in orders:
        place.orders.give(service, point, subject, action)
    is_deleted = any(point.startswith("deletion.") or subject in DELETION for _, point, subject in orders)
    is_due = any(point.startswith("due.") for _, point, _ in orders)
    goes_its_way(place, FORM_AND_LETTER, is_deleted=is_deleted)
    if is_due:
        goes_its_way(place, LONE_PAGE, is_deleted=False)
    eventually(lambda: not place.orders.waiting(), what="obedience")
    eventually(place.system.is_ready, what="the return of all")


@pytest.mark.parametrize("point", EACH_POINT)
def test_a_case_ends_the_same_when_every_service_dies_there(place: Place, point: str) -> None:
    goes_past(place, [point], "die")


@pytest.mark.parametrize("point", ["event.prepared", "event.applied", "event.committed"])
def test_a_case_ends_the_same_when_events_fail_there(place: Place, point: str) -> None:
    goes_past(place, [point], "fail")


@pytest.mark.by_hand
def test_a_case_ends_the_same_when_everything_else_fails_once(place: Place) -> None:
    goes_past(place, [point for point in POINTS if not point.startswith("event.") and point != IN_SANDBOX], "fail")


@pytest.mark.by_hand
def test_a_long_document_is_cut_on_when_the_worker_dies_at_every_point_of_the_next_cut(place: Place) -> None:
    for point in EVENT_POINTS:
        place.orders.give("ocr", point, LONG_ONLY)
    sent = Portal(place.system).send(Paper((forms.letter(36),), []))
    assert place.system.reviewed(sent.documents[0])["pages"] == {"total": 36, "read": 36}
    eventually(lambda: not place.orders.waiting(), what="obedience")
