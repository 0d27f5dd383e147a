"""Processes and broker are killed, ended and frozen under load: nothing is lost, flagged twice or stuck."""

from pathlib import Path

import pytest

from benchmarks.chaos import SETTINGS, chaos_on
from tests.support.portal import settled
from tests.support.system import running_system

pytestmark = pytest.mark.kafka


@pytest.mark.parametrize(
    ("seconds", "kills"),
    [pytest.param(30, 6, id="short"), pytest.param(120, 20, id="long", marks=pytest.mark.slow)],
)
def test_nothing_is_lost_flagged_twice_or_stuck(tmp_path: Path, seconds: float, kills: int) -> None:
    with running_system(tmp_path, **SETTINGS) as system:
        chaos = chaos_on(system)
        chaos.pull_plugs(seconds, kills, seed=kills)
        found = settled(system, chaos.portal.sent, timeout_s=150)
        assert found.is_clean, (found, chaos.done)
