"""SIGTERM while something hangs: the process ends within ten seconds, and what it had in work comes again."""

import signal
from collections.abc import Iterator

import psutil
import pytest

from tests.pipeline.conftest import teach
from tests.support import forms
from tests.support.eventually import eventually
from tests.support.orders import Orders
from tests.support.system import System, running_system

pytestmark = [pytest.mark.kafka, pytest.mark.slow]
END_WITHIN_S = 10
HANGS = {
    "ocr cuts": ("ocr", "sandbox.working", "cut"),
    "ocr reads": ("ocr", "sandbox.working", "read"),
    "text reads": ("text", "sandbox.working", "text"),
    "ocr has prepared": ("ocr", "event.prepared", "page.requested"),
    "validator": ("validator", "event.received", "page.read"),
    "notifier": ("notifier", "event.received", "document.reviewed"),
    "intake": ("intake", "event.received", "document.opened"),
}


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Orders:
    return Orders(tmp_path_factory.mktemp("stopping") / "orders")


@pytest.fixture(scope="module")
def system(orders: Orders, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running_system(tmp_path_factory.mktemp("system"), WETINK_FAULTS=str(orders.folder)) as running:
        teach(running, forms.blank_form())
        yield running


def processes_of(system: System, service: str) -> list[psutil.Process]:
    return [
        psutil.Process(one["pid"])
        for one in system.status()["processes"]
        if one["name"].partition("-")[0] == service
    ]


@pytest.mark.parametrize("hang", HANGS)
def test_a_process_that_hangs_ends_in_time_and_its_event_comes_again(
    system: System, orders: Orders, hang: str
) -> None:
    service, point, subject = HANGS[hang]
    orders.give(service, point, subject, action="hang")
    case = system.open_case(f"STOP-{hang}")
    documents = [
        system.upload(case, ("form.pdf", forms.filled_form())),
        system.upload(case, ("a.pdf", forms.letter())),
    ]
    eventually(lambda: orders.waiting() == [], what="the hang")
    processes = processes_of(system, service)
    for process in processes:
        process.send_signal(signal.SIGTERM)
    _gone, alive = psutil.wait_procs(processes, timeout=END_WITHIN_S)
    assert alive == []
    for document in documents:
        assert system.reviewed(document["id"])["status"] == "reviewed"
    assert [code for code, _ in system.codes(case)] == ["date_missing", "signature_missing"]
    eventually(system.is_ready, what="the return of all")
