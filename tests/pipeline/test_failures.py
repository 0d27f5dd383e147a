"""Whatever dies while a document is on its way, the document ends reviewed and its flags exist exactly once."""

import random

import pytest

from tests.support import forms
from tests.support.eventually import eventually
from tests.support.system import System

pytestmark = pytest.mark.kafka

EXPECTED = ["date_missing", "signature_missing"]


@pytest.mark.parametrize("name", ["intake", "ocr-1", "ocr-2", "text-1", "validator", "notifier"])
def test_a_service_killed_with_a_document_in_it_loses_and_doubles_nothing(system: System, name: str) -> None:
    case = system.open_case(f"KILL-{name}")
    pid = system.pid(name)
    documents = [
        system.upload(case, (f"form-{number}.pdf", forms.as_scan(forms.filled_form(), seed=number)))
        for number in range(3)
    ]
    system.kill(name)
    for document in documents:
        assert system.reviewed(document["id"])["status"] == "reviewed"
    eventually(lambda: system.is_ready() and system.pid(name) != pid, what=f"the return of {name}")
    assert [code for code, _ in system.codes(case)] == EXPECTED


def test_an_upload_while_kafka_is_down_is_answered_and_reviewed_when_it_is_back(system: System) -> None:
    case = system.open_case("NO-KAFKA")
    pid = system.pid("kafka")
    system.kill("kafka")
    document = system.upload(case, ("form.pdf", forms.filled_form()))
    assert document["status"] == "received"
    assert system.reviewed(document["id"], timeout_s=120)["status"] == "reviewed"
    assert [code for code, _ in system.codes(case)] == EXPECTED
    eventually(lambda: system.is_ready() and system.pid("kafka") != pid, what="Kafka's return")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_services_killed_at_random_moments_lose_and_double_nothing(system: System, seed: int) -> None:
    chance = random.Random(seed)
    name = chance.choice(["intake", "ocr-1", "ocr-2", "validator", "notifier", "kafka"])
    case = system.open_case(f"RANDOM-{seed}")
    documents = [
        system.upload(case, (f"form-{number}.pdf", forms.as_scan(forms.filled_form(), seed=number)))
        for number in range(6)
    ]
    progress = chance.randint(0, 17)

    def reached() -> bool:
        return sum(system.document(document["id"])["pages"]["read"] for document in documents) >= progress

    eventually(reached, what="the chosen moment")
    system.kill(name)
    for document in documents:
        assert system.reviewed(document["id"], timeout_s=120)["status"] == "reviewed"
    eventually(system.is_ready, what=f"the return of {name}")
    assert [code for code, _ in system.codes(case)] == EXPECTED


def test_two_versions_uploaded_at_once_end_as_the_later_one(system: System) -> None:
    signed = forms.as_scan(forms.filled_form(signed=("applicant",), dated=("applicant",)))
    for first, second, expected in [
        (forms.as_scan(forms.filled_form()), signed, []),
        (signed, forms.filled_form(), EXPECTED),  # the second one is read sooner
    ]:
        case = system.open_case("TWO-VERSIONS")
        documents = [system.upload(case, ("a.pdf", first)), system.upload(case, ("b.pdf", second))]
        for document in documents:
            system.reviewed(document["id"])
        assert [code for code, _ in system.codes(case)] == expected


def test_the_same_bytes_again_are_a_duplicate_and_flag_nothing_twice(system: System) -> None:
    case = system.open_case("TWICE")
    pdf = forms.filled_form()
    first = system.upload(case, ("form.pdf", pdf))
    system.reviewed(first["id"])
    again = system.upload(case, ("copy.pdf", pdf))
    assert again["id"] == first["id"]
    assert again["duplicate_of"] == first["id"]
    assert [code for code, _ in system.codes(case)] == EXPECTED
