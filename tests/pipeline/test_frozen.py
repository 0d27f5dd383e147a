"""A process that is frozen, and so cannot end itself, is ended and started again; its documents end reviewed."""

import signal

import pytest

from tests.support import forms
from tests.support.eventually import eventually
from tests.support.system import System

pytestmark = [pytest.mark.kafka, pytest.mark.slow]


@pytest.mark.parametrize("names", [("intake", "ocr-1", "ocr-2", "validator", "notifier"), ("kafka",)])
def test_a_frozen_process_comes_back_and_its_documents_end_reviewed(
    system: System, names: tuple[str, ...]
) -> None:
    case = system.open_case(f"FROZEN-{'-'.join(names)}")
    frozen = {name: system.pid(name) for name in names}
    documents = [
        system.upload(case, (f"form-{number}.pdf", forms.as_scan(forms.filled_form(), seed=number)))
        for number in range(3)
    ]
    for name in names:
        system.kill(name, signal.SIGSTOP)
    for document in documents:
        assert system.reviewed(document["id"], timeout_s=120)["status"] == "reviewed"
    eventually(system.is_ready, what="the return of all")
    assert not {name for name, pid in frozen.items() if system.pid(name) == pid}
    assert [code for code, _ in system.codes(case)] == ["date_missing", "signature_missing"]
