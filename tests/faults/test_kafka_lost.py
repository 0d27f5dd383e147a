"""Kafka's whole disk is lost, with documents at every hop: nothing else is, and no flag exists twice."""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.pipeline.conftest import teach
from tests.support import forms
from tests.support.eventually import eventually
from tests.support.kafka import Kafka, lose_disk, running_kafka
from tests.support.orders import LONG_ONLY, Orders
from tests.support.portal import MISSING, Paper, Portal, papers, settled
from tests.support.system import System, running_system
from wetink.running import supervised

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

QUICK = {"WETINK_REANNOUNCE_AFTER_S": "4", "WETINK_SEND_AGAIN_AFTER_S": "1", "WETINK_START_PAUSE_S": "0.1"}
FORM_AND_LETTER = Paper((forms.as_scan(forms.filled_form()), forms.letter()), MISSING)
LONG_LETTER = Paper((forms.letter(36),), [])
HOPS = (
    {
        "intake": "document.flagged",
        "notifier": "document.reviewed",
        "validator": "page.read",
        "text": "text.requested",
        "ocr": "page.requested",
    },
    {
        "intake": "page.read",
        "notifier": "case.changed",
        "validator": "case.changed",
        "text": "text.requested",
        "ocr": "document.received",
    },
    {"intake": "document.opened", "validator": "document.flagged", "ocr": LONG_ONLY},
)
"""Service to topic: events that are in Kafka alone when it goes. The last services come first, so that each is
reached by a case of its own before the ones behind it stand still."""


EACH_HOPS = [HOPS[0], *(pytest.param(hops, marks=pytest.mark.by_hand) for hops in HOPS[1:])]


@dataclass
class Place:
    """A running system, its broker, and the orders for its processes."""

    system: System
    broker: Kafka
    orders: Orders

    def hang(self, service: str, topic: str) -> None:
        """The next event of `topic` stays in Kafka: the process that gets it does nothing more."""
        self.orders.give(service, "event.received", topic, action="hang")

    def lose_kafka(self) -> None:
        """End broker and services, empty the broker's disk, start it again; the supervisor starts the services."""
        self.broker.stop()
        self.broker.wipe()
        for name, pid in supervised(self.system.data).items():
            if name.partition("-")[0] in {"intake", "ocr", "text", "validator", "notifier"}:
                os.kill(pid, signal.SIGKILL)
        self.broker.start()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("lost")
    orders = Orders(folder / "orders")
    settings = {**QUICK, "WETINK_FAULTS": str(orders.folder)}
    with (
        running_kafka() as broker,
        running_system(folder, KAFKA_BOOTSTRAP=broker.bootstrap, **settings) as system,
    ):
        teach(system, forms.blank_form())
        yield Place(system, broker, orders)


@pytest.mark.parametrize("hops", EACH_HOPS, ids=lambda hops: "+".join(hops.values()))
def test_what_only_kafka_held_is_announced_again(place: Place, hops: dict[str, str]) -> None:
    portal = Portal(place.system)
    for service, topic in hops.items():
        place.hang(service, topic)
        portal.send(LONG_LETTER if topic == LONG_ONLY else FORM_AND_LETTER)
        eventually(lambda: not place.orders.waiting(), what=f"{topic} at {service}")
    place.lose_kafka()
    found = settled(place.system, portal.sent)
    assert found.is_clean, found


@pytest.mark.by_hand
def test_a_deletion_that_only_kafka_knew_of_is_finished(place: Place) -> None:
    portal = Portal(place.system)
    sent = portal.send(FORM_AND_LETTER)
    assert settled(place.system, [sent]).is_clean
    place.hang("notifier", "case.deleted")
    place.hang("intake", "case.forgotten")
    portal.delete(sent.case)
    eventually(lambda: not place.orders.waiting(), what="the deletion on its way")
    place.lose_kafka()
    eventually(lambda: portal.is_deleted(sent.case), timeout_s=90, what="the deletion")


@pytest.mark.by_hand
def test_fifty_documents_in_flight_survive_the_loss_of_the_running_kafkas_disk(tmp_path: Path) -> None:
    with running_system(tmp_path, **QUICK) as system:
        teach(system, forms.blank_form())
        portal = Portal(system)
        for paper in papers()[:2] * 25:
            portal.send(paper)
        assert system.status()["documents_in_flight"] > 10
        lose_disk(system)
        found = settled(system, portal.sent, timeout_s=180)
        assert found.is_clean, found
        assert found.documents == 50
