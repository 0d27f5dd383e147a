"""A page that kills its worker again and again is given up after ten times, and read when somebody replays it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.conftest import teach
from tests.support import forms
from tests.support.eventually import eventually
from tests.support.orders import Orders
from tests.support.portal import MISSING
from tests.support.system import CHECKOUT, System, running_system

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

QUICK = {"WETINK_QUIET_SECONDS": "1", "WETINK_START_PAUSE_S": "0.02"}
DEADLY = ("ocr", "sandbox.asked", "read")
PAGE_2_ALONE = [*MISSING, ("page_missing", None), ("page_missing", None)]


def dead_letters(system: System, *line: str) -> str:
    command = [sys.executable, "-m", "wetink.cli", "dead-letters", *line]
    done = subprocess.run(
        command, cwd=CHECKOUT, env=system.environment, capture_output=True, check=True, text=True
    )
    return done.stdout


def kill_until_given_up(system: System, orders: Orders) -> tuple[int, dict[str, Any]]:
    """Kill whoever reads a page, until there is a dead letter; how often, and the dead letter."""
    deaths = 0

    def given_up() -> str:
        nonlocal deaths
        if not orders.waiting():
            deaths += 1
            orders.give(*DEADLY)
        return dead_letters(system, "list", "--json")

    (line,) = eventually(given_up, timeout_s=180, what="the dead letter").splitlines()
    orders.take_back(*DEADLY)
    return deaths, json.loads(dead_letters(system, "show", json.loads(line)["event_id"]))


def test_a_page_that_kills_its_worker_ten_times_is_a_flag_until_it_is_replayed(tmp_path: Path) -> None:
    orders = Orders(tmp_path / "orders")
    with running_system(tmp_path, WETINK_FAULTS=str(orders.folder), **QUICK) as system:
        teach(system, forms.blank_form())
        case = system.open_case("DEADLY")
        orders.give(*DEADLY)
        document = system.upload(case, ("page.jpg", forms.as_photo(forms.filled_form(), 2)))
        deaths, letter = kill_until_given_up(system, orders)
        assert (deaths, letter["attempts"], letter["reason"]) == (10, 10, "worker_died")
        assert letter["topic"] == "page.requested"
        assert letter["partition"] >= 0
        assert letter["offset"] >= 0
        assert system.reviewed(document["id"])["status"] == "unreadable"
        assert [code for code, _ in system.codes(case)] == ["document_unreadable"]

        assert dead_letters(system, "replay", letter["event_id"]) == "1 to be tried again\n"
        assert dead_letters(system, "replay", "--all") == "0 to be tried again\n"
        eventually(lambda: system.codes(case) == sorted(PAGE_2_ALONE), what="the flags of the page")
        assert [flag["code"] for flag in system.flags(case, "resolved")] == ["document_unreadable"]
        eventually(lambda: system.document(document["id"])["status"] == "reviewed", what="the review")
        assert system.document(document["id"])["pages"] == {"total": 1, "read": 1}
        assert dead_letters(system, "replay", letter["event_id"]) == "0 to be tried again\n"
