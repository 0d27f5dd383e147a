"""A real intake process on a free port, with disk and SQLite but without Kafka, for contract tests."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.support.eventually import eventually
from tests.support.system import CHECKOUT, free_ports
from wetink.keystore.opening import open_keystore
from wetink.settings import SharedSettings


@dataclass
class IntakeProcess:
    """The process, its folder, its local address and a client's key."""

    process: subprocess.Popen[bytes]
    data: Path
    url: str
    key: str

    def caller(self) -> httpx.Client:
        """Somebody with the client's key."""
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {self.key}"}, timeout=60)

    def log(self) -> str:
        """What it has logged so far."""
        return (self.data / "intake.log").read_text()

    def stop(self) -> int:
        """Ask it to end; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=15)


@contextlib.contextmanager
def intake_process(data: Path, **environment: str) -> Iterator[IntakeProcess]:
    """A started intake that answers; `environment` are further settings."""
    port, kafka_port = free_ports(2)
    settings = SharedSettings(data=data)
    keystore = open_keystore(settings)
    organisation = keystore.create_organisation("Ours", "UTC")
    key, _ = keystore.create_access_key(organisation.id, "client")
    keystore.close()
    own = {"DATA": str(data), "INTAKE_PORT": str(port), "KAFKA_PORT": str(kafka_port), "PROCESS": "intake"}
    with (data / "intake.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "services.intake"],
            cwd=CHECKOUT,
            env=os.environ | {f"WETINK_{name}": value for name, value in own.items()} | environment,
            stderr=log,
        )
    started = IntakeProcess(process, data, f"http://127.0.0.1:{port}", key)
    try:
        eventually(lambda: process.poll() is not None or _answers(started.url), what="intake's start")
        yield started
    finally:
        process.kill()
        process.wait()


def _answers(url: str) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return httpx.get(f"{url}/openapi.json").status_code == 200
    return False
