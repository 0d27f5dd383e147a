"""A running system is backed up and restored elsewhere; the copy goes on with work in hand and with new papers."""

import dataclasses
import subprocess
import sys

import pytest

from tests.support import forms
from tests.support.system import CHECKOUT, System, free_ports, running_system

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

MISSING = [("date_missing", "part-2.item-2.b.date"), ("signature_missing", "part-2.item-2.a.signature")]


def command(system: System, *words: str) -> None:
    subprocess.run([sys.executable, "-m", "wetink.cli", *words], cwd=CHECKOUT, env=system.environment, check=True)


def elsewhere(system: System, folder) -> System:
    """A system with other ports and another data folder, not started."""
    intake_port, queue_port = free_ports(2)
    settings = {
        "WETINK_DATA": str(folder),
        "WETINK_INTAKE_PORT": str(intake_port),
        "WETINK_QUEUE_PORT": str(queue_port),
        "WETINK_KAFKA_PORT": str(free_ports(2, in_a_row=True)[0]),
    }
    return dataclasses.replace(
        system, data=folder, environment=system.environment | settings, supervisor=None, keys={}
    )


def test_a_backup_made_under_work_is_restored_elsewhere_and_goes_on(tmp_path) -> None:
    with running_system(tmp_path) as first:
        (tmp_path / "blank.pdf").write_bytes(forms.blank_form())
        command(first, "learn", str(tmp_path / "blank.pdf"))
        reviewed, doomed, in_work = (first.open_case(reference) for reference in ("R-1", "R-2", "R-3"))
        for case in (reviewed, doomed):
            first.reviewed(first.upload(case, ("form.pdf", forms.filled_form()))["id"])
        waiting = first.upload(in_work, ("form.pdf", forms.as_scan(forms.filled_form())))["id"]
        command(first, "backup", str(tmp_path / "backup"), "--with-root-key")
        with first.intake("WETINK_ADMIN_KEY") as admin:
            assert admin.delete(f"/v1/cases/{doomed}").status_code == 202
    second = elsewhere(first, tmp_path / "second")
    command(second, "restore", str(tmp_path / "backup"))
    try:
        second.start()
        assert second.codes(reviewed) == MISSING
        assert second.reviewed(waiting)["status"] == "reviewed"
        assert second.codes(in_work) == MISSING
        with second.intake() as intake:
            assert intake.get(f"/v1/cases/{doomed}").status_code == 404
        assert second.flags(doomed, status="all") == []
        corrected = forms.filled_form(signed=("applicant",), dated=("applicant",))
        second.reviewed(second.upload(reviewed, ("signed.pdf", forms.as_scan(corrected)))["id"])
        assert second.codes(reviewed) == []
        command(second, "audit", "verify")
    finally:
        second.stop()
