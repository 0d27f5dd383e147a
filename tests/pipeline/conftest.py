"""One running system for all pipeline tests, stopped after the last of them; each works in cases of its own."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.support import forms
from tests.support.system import CHECKOUT, System, running_system


def teach(system: System, blank: bytes) -> None:
    """Let the running system learn a form from its blank, as a firm would."""
    path = system.data.parent / "blank.pdf"
    path.write_bytes(blank)
    subprocess.run(
        [sys.executable, "-m", "wetink.cli", "learn", str(path)], cwd=CHECKOUT, env=system.environment, check=True
    )


@pytest.fixture(scope="package")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running_system(tmp_path_factory.mktemp("system")) as running:
        teach(running, forms.blank_form())
        yield running
