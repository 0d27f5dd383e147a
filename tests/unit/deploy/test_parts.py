"""The parts of the system that tests need are there, so that no test is skipped for want of one unnoticed."""

import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[3]
LINES = [
    line.split(maxsplit=1)
    for line in (CHECKOUT / "tests" / "debian-packages.txt").read_text().splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("package", "probe"), LINES)
def test_what_make_setup_tests_installs_is_there(package, probe):
    done = subprocess.run(["/bin/bash", "-c", probe], stdout=subprocess.DEVNULL, check=False)
    assert done.returncode == 0, f"{package} is missing: make setup-tests"
