"""Each service installs and starts with its own extra alone, from its lock, as a container of it would."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.support.eventually import eventually
from tests.support.system import CHECKOUT, free_ports

pytestmark = pytest.mark.slow

FOREIGN = {
    "intake": {"faust-streaming", "httpx", "jinja2", "numpy", "pypdf", "pypdfium2", "pytesseract", "supervisor"},
    "ocr": {"fastapi", "httpx", "jinja2", "uvicorn", "supervisor"},
    "validator": {"fastapi", "httpx", "jinja2", "numpy", "pypdf", "pypdfium2", "uvicorn", "supervisor"},
    "notifier": {"numpy", "pypdf", "pypdfium2", "pytesseract", "supervisor"},
}
"""For each extra, packages that only other extras need."""


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """What is built: a copy, so that the build leaves nothing in the checkout."""
    copy = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(CHECKOUT / name, copy)
    for package in ("wetink", "services"):
        shutil.copytree(CHECKOUT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def install(extra: str, source: Path, target: Path) -> Path:
    """A fresh environment with the project and its one extra; returns its Python."""
    subprocess.run([sys.executable, "-m", "venv", str(target)], check=True)
    python = target / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", str(CHECKOUT / "deploy/locks" / f"{extra}.txt")], check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", str(source)], check=True)
    return python


def installed(python: Path) -> set[str]:
    listing = subprocess.run(
        [str(python), "-m", "pip", "list", "--format=json"], check=True, capture_output=True, text=True
    )
    return {package["name"].lower() for package in json.loads(listing.stdout)}


def is_alive(process: subprocess.Popen[bytes], data: Path, name: str) -> bool:
    assert process.poll() is None, f"{name} ended while starting"
    note = data / "run" / f"{name}.json"
    if not note.exists():
        return False
    with contextlib.suppress(httpx.TransportError):
        return httpx.get(json.loads(note.read_text())["url"] + "/healthz", trust_env=False).status_code == 200
    return False


def starts(python: Path, module: str, folder: Path) -> None:
    """The process answers /healthz although there is no Kafka, and ends on SIGTERM."""
    data, name = folder / "data", module.rpartition(".")[2]
    intake, queue, nobody = free_ports(3)
    environment = os.environ | {
        "WETINK_DATA": str(data),
        "WETINK_PROCESS": name,
        "WETINK_INTAKE_PORT": str(intake),
        "WETINK_QUEUE_PORT": str(queue),
        "KAFKA_BOOTSTRAP": f"127.0.0.1:{nobody}",
    }
    with (folder / "process.log").open("wb") as log:
        process = subprocess.Popen(
            [str(python), "-m", module], env=environment, cwd=folder, stdout=log, stderr=log
        )
    try:
        eventually(lambda: is_alive(process, data, name), what=f"{module}'s /healthz")
    finally:
        process.terminate()
        process.wait(30)


@pytest.mark.parametrize("extra", FOREIGN)
def test_a_service_needs_no_other_services_packages(extra, source, tmp_path):
    python = install(extra, source, tmp_path / "venv")
    assert installed(python) & FOREIGN[extra] == set()
    starts(python, f"services.{extra}", tmp_path)


@pytest.mark.parametrize("lock", sorted((CHECKOUT / "deploy" / "locks").glob("*.txt")), ids=lambda lock: lock.stem)
def test_a_lock_names_hashes_and_no_index(lock):
    text = lock.read_text()
    assert "--hash=sha256:" in text
    assert "://" not in text
    assert "--index-url" not in text
