"""A web server whose port is another program's says so at once, and never passes for that program."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from starlette.applications import Starlette

from tests.support.served import free_port
from tests.support.system import CHECKOUT
from wetink.http.server import WebServer


def test_a_port_that_is_taken_is_refused_at_the_start():
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(OSError, match="in use"):
        WebServer(Starlette(), other.getsockname()[1]).start()


def test_a_service_whose_port_is_taken_ends_and_leaves_no_address(tmp_path: Path):
    environment = os.environ | {
        "WETINK_DATA": str(tmp_path),
        "WETINK_PROCESS": "intake",
        "KAFKA_BOOTSTRAP": f"127.0.0.1:{free_port()}",
    }
    with socket.create_server(("127.0.0.1", 0)) as other:
        done = subprocess.run(
            [sys.executable, "-m", "services.intake"],
            cwd=CHECKOUT,
            env=environment | {"WETINK_INTAKE_PORT": str(other.getsockname()[1])},
            capture_output=True,
            check=False,
            timeout=60,
            text=True,
        )
    assert done.returncode == 1
    assert "port_taken" in done.stderr
    assert not (tmp_path / "run" / "intake.json").exists()
