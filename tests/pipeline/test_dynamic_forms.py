"""A dynamic XFA form through the public interfaces: its places are flagged although nothing can be drawn."""

from datetime import UTC, datetime

import pytest

from tests.pipeline.conftest import teach
from tests.support.eventually import eventually
from tests.support.forms.dynamic import DATES, dynamic_form
from tests.support.system import System

pytestmark = pytest.mark.kafka


def test_an_unsigned_dynamic_form_is_flagged_and_its_signed_version_closes_its_flags(system: System) -> None:
    teach(system, dynamic_form())
    case = system.open_case("DYNAMIC", jurisdiction="CA", channel="online")
    first = system.upload(case, ("form.pdf", dynamic_form()))
    system.reviewed(first["id"])
    flags = {(flag["code"], flag["party"]): flag for flag in system.flags(case)}
    assert set(flags) == {
        (code, party)
        for code in ("signature_missing", "date_missing")
        for party in ("sponsor", "cosigner", "applicant")
    }
    flag = flags["signature_missing", "sponsor"]
    assert (flag["form"], flag["edition"], flag["form_page"], flag["evidence_url"]) == (
        "IMM 9999",
        "2025-01",
        None,
        None,
    )
    with system.queue() as queue:
        assert queue.get(f"/v1/flags/{flag['id']}/evidence.png").status_code == 404
        page = f"/v1/documents/{first['id']}/pages/1.webp"
        eventually(lambda: queue.get(page).is_success, what="the note in place of the page")
    today = {DATES["applicant"]: datetime.now(UTC).date().isoformat()}
    signed = dynamic_form(today, signed=["Part2.Signing.Consent.Inner.Text2"])
    system.reviewed(system.upload(case, ("signed.pdf", signed))["id"])
    assert {flag["party"] for flag in system.flags(case)} == {
        "sponsor",
        "cosigner",
    }
