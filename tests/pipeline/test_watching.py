"""What an administrator sees of a reviewed document: in `wetink status` and at the /metrics of each process."""

import httpx
import pytest

from tests.support import forms
from tests.support.eventually import eventually
from tests.support.system import System
from wetink.stream.admin import GROUPS

pytestmark = pytest.mark.kafka
OF_ONE_SERVICE = {
    "intake": {"wetink_lag{", "wetink_documents_in_flight{", "wetink_flag_seconds_bucket{"},
    "ocr": {"wetink_oldest_waiting_page_seconds{", "wetink_pages_waiting{", "wetink_sandbox_jobs_total"},
    "notifier": {"wetink_webhook_attempts_total"},
}
OF_ALL_WITH_A_DATABASE = {"wetink_outbox_waiting{", "wetink_dead_letters{", "wetink_retries_waiting{"}


def test_a_reviewed_document_shows_in_the_status(system: System) -> None:
    case = system.open_case("WATCHED")
    system.reviewed(system.upload(case, ("form.pdf", forms.filled_form()))["id"])
    status = system.status()
    assert status["flag_times"]["documents"] >= 1
    assert status["sandbox"]["done"] >= 3
    assert set(status["lag_by_partition"]) == set(GROUPS)
    assert status["lag"] == {group: sum(parts.values()) for group, parts in status["lag_by_partition"].items()}
    assert set(status["waiting"]) == {"pages", "text"}


def test_every_process_is_healthy_and_tells_its_numbers(system: System) -> None:
    eventually(system.is_ready, what="readiness")
    processes = [one for one in system.status()["processes"] if one["name"] not in {"supervisor", "kafka"}]
    for process in processes:
        assert httpx.get(process["url"] + "/healthz").status_code == 200
        text = httpx.get(process["url"] + "/metrics").text
        service = process["name"].partition("-")[0]
        wanted = OF_ONE_SERVICE.get(service, set()) | (OF_ALL_WITH_A_DATABASE if service != "text" else set())
        assert {name for name in wanted if name not in text} == set()
