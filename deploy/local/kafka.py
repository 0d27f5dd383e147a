"""The local broker: Apache Kafka's jars from Maven Central, its settings, and how it is started.

Place in the pipeline: under all services on one machine; used by `make setup`, `make up` and the tests that need a
real broker. Trust level: the jars run as us, so each is compared with `deploy/kafka/jars.sha256`.
Residual risk: one node keeps one copy; what it loses the services' outboxes send again.

    python -m deploy.local.kafka install     copy and check the jars (needs Maven)
    python -m deploy.local.kafka list        print the sums of what the pom names now (`make kafka-jars`)
    python -m deploy.local.kafka run FOLDER PORT    become the broker that keeps its log in FOLDER
"""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

CHECKOUT = Path(__file__).resolve().parents[2]
RECIPE = CHECKOUT / "deploy" / "kafka"
JARS = CHECKOUT / ".venv" / "share" / "wetink" / "kafka"
"""Where the checked jars lie."""


class JarsError(Exception):
    """The jars are not those of the list; the message says which and what to do."""


def expected_jars(listing: Path = RECIPE / "jars.sha256") -> dict[str, str]:
    """File name to SHA-256 (hex) of every jar the broker needs."""
    pairs = (line.split(maxsplit=1) for line in listing.read_text().splitlines() if line.strip())
    return {name.strip(): digest for digest, name in pairs}


def jar_sums(folder: Path) -> dict[str, str]:
    """File name to SHA-256 (hex) of everything in `folder`."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def check_jars(folder: Path, expected: Mapping[str, str]) -> None:
    """Raise `JarsError` unless `folder` holds exactly the expected files with exactly these sums."""
    found = jar_sums(folder) if folder.is_dir() else {}
    wrong = {
        "missing": sorted(expected.keys() - found.keys()),
        "unknown": sorted(found.keys() - expected.keys()),
        "changed": sorted(name for name in expected.keys() & found.keys() if expected[name] != found[name]),
    }
    complaints = [f"{what}: {', '.join(names)}" for what, names in wrong.items() if names]
    if complaints:
        raise JarsError(
            f"Kafka's jars in {folder} do not agree with deploy/kafka/jars.sha256 ({'; '.join(complaints)}). "
            "Remove that folder and run `make setup` again; if that does not help, do not use them."
        )


def copy_jars(target: Path) -> None:
    """Let Maven copy what the pom names, with all it depends on, into `target`; raises `JarsError`."""
    done = subprocess.run(
        ["mvn", "-B", "-q", "-f", str(RECIPE / "pom.xml"), "dependency:copy-dependencies",
         "-DincludeScope=runtime", f"-DoutputDirectory={target}"],
        check=False,
        capture_output=True,
        text=True,
    )  # fmt: skip
    if done.returncode:
        raise JarsError(f"Maven could not copy Kafka's jars:\n{done.stdout}{done.stderr}")


def install_jars(target: Path = JARS) -> None:
    """Make sure that `target` holds the checked jars; copies them only when they are not there yet.

    Raises `JarsError` when what was copied, or what lies there already, is not what the list says.
    """
    expected = expected_jars()
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix="kafka-", dir=target.parent))
        try:
            copy_jars(fresh)
            check_jars(fresh, expected)
            fresh.rename(target)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    check_jars(target, expected)


def server_properties(folder: Path, port: int) -> str:
    """Kafka's settings for one KRaft node on loopback that keeps its log in `folder`/log.

    The controller listens on `port` + 1.
    """
    settings: dict[str, object] = {
        "process.roles": "broker,controller",
        "node.id": 1,
        "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{port + 1}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name": "PLAINTEXT",
        "controller.listener.names": "CONTROLLER",
        "controller.quorum.voters": f"1@127.0.0.1:{port + 1}",
        "log.dirs": (folder / "log").resolve(),
        # One node keeps one copy.
        "default.replication.factor": 1,
        "min.insync.replicas": 1,
        "offsets.topic.replication.factor": 1,
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "share.coordinator.state.topic.replication.factor": 1,
        "share.coordinator.state.topic.min.isr": 1,
        "offsets.topic.num.partitions": 4,
        # A killed broker fences its former self until this has passed.
        "broker.session.timeout.ms": 3000,
        "broker.heartbeat.interval.ms": 500,
        "group.initial.rebalance.delay.ms": 0,
        "auto.create.topics.enable": "false",
        # The topics name their own retention; this is for what they do not name.
        "log.retention.hours": 168,
        "log.segment.bytes": 64 * 1024 * 1024,
        # The cleaner's buffer would take a third of the heap.
        "log.cleaner.dedupe.buffer.size": 8 * 1024 * 1024,
    }
    return "".join(f"{name}={value}\n" for name, value in settings.items())


def new_cluster_id() -> str:
    """A random id as Kafka writes it: 16 bytes, base64url, no padding, no dash in front."""
    while True:
        text = base64.urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode()
        if not text.startswith("-"):
            return text


def java_line(folder: Path, jars: Path, main: str, *arguments: str) -> list[str]:
    """A command line that runs class `main` of `jars`: small, quick to start, writing into `folder` alone."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else "java"
    options = ["-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"]
    log = f"-Dlog4j2.configurationFile={RECIPE / 'log4j2.properties'}"
    temporary = f"-Djava.io.tmpdir={folder / 'tmp'}"
    return [java, *options, log, temporary, "-cp", f"{jars}/*", main, *arguments]


def prepare_broker(folder: Path, port: int, jars: Path = JARS) -> list[str]:
    """Write the settings into `folder`, format its log once, and return the broker's command line.

    `folder` is made when it is new; the broker itself is not started.
    """
    for part in (folder, folder / "tmp"):
        part.mkdir(mode=0o700, parents=True, exist_ok=True)
    properties = folder / "server.properties"
    properties.write_text(server_properties(folder, port))
    if not (folder / "log" / "meta.properties").exists():
        arguments = ("format", "--ignore-formatted", "-t", new_cluster_id(), "-c", str(properties))
        line = java_line(folder, jars, "kafka.tools.StorageTool", *arguments)
        subprocess.run(line, check=True, stdout=subprocess.DEVNULL)
    return java_line(folder, jars, "kafka.Kafka", str(properties))


def broker_line(folder: Path, port: int) -> list[str]:
    """The command line of `run_broker`."""
    return [sys.executable, "-m", "deploy.local.kafka", "run", str(folder.resolve()), str(port)]


def run_broker(folder: Path, port: int) -> NoReturn:
    """Become the broker; a folder that was lost or emptied meanwhile is made anew, with empty topics."""
    line = prepare_broker(folder, port)
    os.execvp(line[0], line)  # noqa: S606 - the supervisor must hold Java's own process


def _print_sums() -> None:
    with tempfile.TemporaryDirectory() as folder:
        copy_jars(Path(folder))
        for name, digest in jar_sums(Path(folder)).items():
            print(f"{digest}  {name}")


def main(arguments: list[str]) -> int:
    """Install or list the jars; returns the exit status."""
    try:
        if arguments == ["install"]:
            install_jars()
        elif arguments == ["list"]:
            _print_sums()
        elif arguments[:1] == ["run"] and len(arguments) == 3:
            run_broker(Path(arguments[1]), int(arguments[2]))
        else:
            print(__doc__, file=sys.stderr)
            return 2
    except JarsError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
