"""A real PostgreSQL for contract tests: a server of its own, reached through a socket in a private folder.

Fixtures: `postgres_url`, a new empty database for each test. When the tests run as root, which the server refuses
to be, it is started as user `postgres`.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

START_S = 60.0


@pytest.fixture(scope="session")
def postgres_socket() -> Iterator[Path]:
    """The folder with the socket of a server that lives as long as the tests."""
    binaries = _binaries()
    if binaries is None:
        if os.environ.get("WETINK_REQUIRE_ALL_PARTS") == "1":
            pytest.fail("PostgreSQL is not installed (Debian package postgresql)")
        pytest.skip("PostgreSQL is not installed (Debian package postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="wetink-postgres-"))
    as_user = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    if as_user:
        shutil.chown(folder, "postgres", "postgres")
    initdb = [
        binaries / "initdb",
        "-D",
        folder / "data",
        "-U",
        "wetink",
        "--auth=trust",
        "--no-sync",
        "-E",
        "UTF8",
    ]
    subprocess.run(initdb, check=True, capture_output=True, cwd=folder, **as_user)
    options = ["-c", "listen_addresses=", "-c", "fsync=off", "-c", f"unix_socket_directories={folder}"]
    server = subprocess.Popen(
        [binaries / "postgres", "-D", folder / "data", *options],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **as_user,
    )
    try:
        _wait_until_ready(folder, server)
        yield folder
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=START_S)
        shutil.rmtree(folder)


@pytest.fixture
def postgres_url(postgres_socket: Path) -> str:
    """The address of a new, empty database."""
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(
        host=str(postgres_socket), user="wetink", dbname="postgres", autocommit=True
    ) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"postgresql+psycopg://wetink@/{name}?host={postgres_socket}"


def _binaries() -> Path | None:
    """The folder with `initdb` and `postgres`, of the newest version that is installed."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if debian:
        return debian[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _wait_until_ready(folder: Path, server: "subprocess.Popen[bytes]") -> None:
    give_up_at = time.monotonic() + START_S
    while True:
        try:
            psycopg.connect(host=str(folder), user="wetink", dbname="postgres").close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > give_up_at:
                raise
            time.sleep(0.05)
        else:
            return
