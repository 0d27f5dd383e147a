"""A whole running Wetink for tests: the supervisor, a real Kafka and all services, on free ports.

Speaks to it through the public interfaces alone (HTTP, command line, first-run.env), as a portal would.
"""

import contextlib
import json
import os
import random
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.support.eventually import eventually

CHECKOUT = Path(__file__).resolve().parents[2]
_CHANCE = random.SystemRandom()
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Made once: httpx would read all of the machine's authorities for every client, and tests ask often."""


def free_ports(count: int, *, in_a_row: bool = False) -> list[int]:
    """Ports on loopback that nobody listens on just now; `in_a_row` gives neighbours.

    Not from the range of outgoing connections: one of those would take the port of a process that was killed.
    """
    while True:
        first = _CHANCE.randrange(10_000, 30_000)
        ports = [first + number if in_a_row else _CHANCE.randrange(10_000, 30_000) for number in range(count)]
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            for port in ports:
                stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return ports


@dataclass
class System:
    """One running copy; `environment` holds its settings, `data` all that it keeps."""

    data: Path
    environment: dict[str, str]
    supervisor: subprocess.Popen[bytes] | None = None
    keys: dict[str, str] = field(default_factory=dict)

    # --- starting and stopping ---------------------------------------------------------------

    def start(self, timeout_s: float = 90) -> None:
        """Start everything and wait until every process is ready."""
        log = (self.data.parent / f"{self.data.name}.up.log").open("ab")
        self.supervisor = subprocess.Popen(
            [sys.executable, "-m", "deploy.local.up"],
            cwd=CHECKOUT,
            env=self.environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        log.close()
        eventually(self.is_ready, timeout_s=timeout_s, what="the system's start")
        self.keys = dict(
            line.split("=", 1) for line in (self.data / "first-run.env").read_text().splitlines() if "=" in line
        )

    def stop(self) -> None:
        """Stop everything as Ctrl-C does."""
        if self.supervisor is not None and self.supervisor.poll() is None:
            self.supervisor.send_signal(signal.SIGTERM)
            self.supervisor.wait(60)

    def status(self) -> dict[str, Any]:
        """What `wetink status --json` prints."""
        done = subprocess.run(
            [sys.executable, "-m", "wetink.cli", "status", "--json"],
            cwd=CHECKOUT,
            env=self.environment,
            capture_output=True,
            check=False,
            timeout=30,
        )
        return json.loads(done.stdout) if done.stdout.strip().startswith(b"{") else {}

    def is_ready(self) -> bool:
        """Whether every process says that it is ready."""
        assert self.supervisor is not None
        assert self.supervisor.poll() is None, "the system ended while starting: see its up.log"
        processes = self.status().get("processes", [])
        return bool(processes) and all(process["ready"] for process in processes)

    def pid(self, name: str) -> int:
        """The process id behind a name of `status`."""
        return next(int(process["pid"]) for process in self.status()["processes"] if process["name"] == name)

    def kill(self, name: str, signal_number: int = signal.SIGKILL) -> None:
        """Send a signal (default: kill -9) to one process."""
        os.kill(self.pid(name), signal_number)

    # --- what a portal and a case manager do -------------------------------------------------

    def intake(self, key: str = "WETINK_CLIENT_KEY") -> httpx.Client:
        """A client of intake with that key of first-run.env."""
        return self._client("WETINK_INTAKE_URL", key)

    def queue(self, key: str = "WETINK_MANAGER_KEY") -> httpx.Client:
        """A client of the queue with that key of first-run.env."""
        return self._client("WETINK_QUEUE_URL", key)

    def _client(self, address: str, key: str) -> httpx.Client:
        return httpx.Client(
            base_url=self.keys[address],
            headers={"Authorization": f"Bearer {self.keys[key]}"},
            timeout=60,
            trust_env=False,
            verify=_NO_TLS,
        )

    def open_case(self, reference: str = "TEST-1", **details: object) -> str:
        """A new case's id."""
        with self.intake() as intake:
            answer = intake.post("/v1/cases", json={"reference": reference, **details})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def upload(self, case_id: str, *files: tuple[str, bytes], **form: str) -> dict[str, Any]:
        """Upload files as one document; the answer's body."""
        with self.intake() as intake:
            answer = intake.post(
                f"/v1/cases/{case_id}/documents",
                files=[("file", (name, content)) for name, content in files],
                data=form,
            )
        assert answer.status_code == 202, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def document(self, document_id: str) -> dict[str, Any]:
        """A document as intake tells of it."""
        with self.intake() as intake:
            body: dict[str, Any] = intake.get(f"/v1/documents/{document_id}").json()
        return body

    def reviewed(self, document_id: str, timeout_s: float = 90) -> dict[str, Any]:
        """The document once its status is final."""

        def final() -> dict[str, Any] | None:
            with contextlib.suppress(httpx.TransportError):
                document = self.document(document_id)
                if document.get("status") in {"reviewed", "unreadable"}:
                    return document
            return None

        return eventually(final, timeout_s=timeout_s, what=f"the review of {document_id}")

    def flags(self, case_id: str, status: str = "") -> list[dict[str, Any]]:
        """The case's open flags (or those of `status`)."""
        with self.queue() as queue:
            answer = queue.get("/v1/flags", params={"case_id": case_id, "status": status, "limit": 200})
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    def codes(self, case_id: str) -> list[tuple[str, str | None]]:
        """Code and slot of each open flag, sorted."""
        return sorted((flag["code"], flag["slot"]) for flag in self.flags(case_id))


@contextlib.contextmanager
def running_system(folder: Path, **settings: str) -> Iterator[System]:
    """A system that is started for the block and stopped after it."""
    intake_port, queue_port = free_ports(2)
    kafka_port = free_ports(2, in_a_row=True)[0]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("WETINK_", "KAFKA_"))}
    environment |= {
        "WETINK_DATA": str(folder / "data"),
        "WETINK_INTAKE_PORT": str(intake_port),
        "WETINK_QUEUE_PORT": str(queue_port),
        "WETINK_KAFKA_PORT": str(kafka_port),
        "WETINK_WEBHOOK_ALLOW": "127.0.0.0/8",
    }
    system = System(folder / "data", environment | settings)
    try:
        system.start()
        yield system
    finally:
        system.stop()
