"""All the hostile and odd files, in two processes at once."""

import pytest

from tests.support.bad_files.trying_all import try_all


@pytest.mark.slow
def test_every_bad_file_ends_well_and_leaves_nothing():
    trials = try_all()
    assert len(trials) >= 300
    assert {trial.name: trial.problems for trial in trials if trial.problems} == {}
