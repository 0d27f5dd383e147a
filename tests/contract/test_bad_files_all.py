"""Every third of the hostile and odd files, in two processes at once; `make bench-bad-files` tries all."""

import pytest

from tests.support.bad_files import bad_files
from tests.support.bad_files.trying_all import try_all


@pytest.mark.slow
def test_bad_files_end_well_and_leave_nothing():
    trials = try_all(every=3)
    assert len(bad_files()) >= 300
    assert len(trials) >= len(bad_files()) / 3
    assert {trial.name: trial.problems for trial in trials if trial.problems} == {}
