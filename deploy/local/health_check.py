"""The supervisor's health check: kills a process that no longer answers, so that a new one is started.

Place in the pipeline: an event listener of supervisord, one for all processes; at every tick it asks each service
for /healthz and Kafka for its versions. A process that is unwell and knows it ends itself (the stream's watchdog);
this is for those that cannot: stopped by a signal, or stuck as a whole.
Trust level: our own processes; only children of our own supervisor are ever killed.
Residual risk: nobody looks after this process when it is frozen itself; killed, it comes back like any other.

    python -m deploy.local.health_check DATA_FOLDER KAFKA_PORT     started by supervisord, speaks its protocol
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from wetink import logs
from wetink.probes import http_status, is_broker

TICK_S = 5
MISSES_MAX = 4
"""Ticks in a row without an answer after which a process that has answered before is killed: after 15 to 20 s."""
MISSES_AT_START_MAX = 120
"""The same for one that has not answered yet: ten minutes, for a database may change to a new version, and Kafka
may have a long log to go through."""
ANSWER_TIMEOUT_S = 2.0
_log = logs.Log(__name__)


class HealthCheck:
    """Counts for each process how often in a row it gave no answer.

    `children` tells name to pid of what runs now, `answers` whether a process does, `kill` ends one.
    """

    def __init__(
        self,
        children: Callable[[], Mapping[str, int]],
        answers: Callable[[str, int], bool],
        kill: Callable[[int], None],
    ) -> None:
        self._children = children
        self._answers = answers
        self._kill = kill
        self._misses: dict[int, int] = {}
        self._has_answered: set[int] = set()

    def tick(self) -> None:
        """Ask all, kill those that have been silent for too long."""
        running = self._children()
        self._misses = {pid: self._misses.get(pid, 0) for pid in running.values()}
        self._has_answered &= self._misses.keys()
        for name, pid in running.items():
            if self._answers(name, pid):
                self._misses[pid] = 0
                self._has_answered.add(pid)
            else:
                self._miss(name, pid)

    def _miss(self, name: str, pid: int) -> None:
        self._misses[pid] += 1
        if self._misses[pid] >= (MISSES_MAX if pid in self._has_answered else MISSES_AT_START_MAX):
            _log.error("killed_without_answer", name=name, pid=pid)
            self._kill(pid)


def supervised_children(own_name: str) -> dict[str, int]:
    """Name to pid of the supervisor's other children, from what the kernel keeps about them."""
    supervisor = os.getppid()
    names = {}
    for pid in Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split():
        name = _name_of(int(pid))
        if name and name != own_name:
            names[name] = int(pid)
    return names


def _name_of(pid: int) -> str:
    """What the supervisor called that process; empty when it is gone."""
    try:
        variables = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return ""
    wanted = b"WETINK_PROCESS="
    return next((one.removeprefix(wanted).decode() for one in variables if one.startswith(wanted)), "")


def answers(data: Path, kafka_port: int, name: str, pid: int) -> bool:
    """Whether a process answers at the address that it wrote into its run file, well or unwell."""
    if name == "kafka":
        return is_broker(kafka_port, ANSWER_TIMEOUT_S)
    try:
        note = json.loads((data / "run" / f"{name}.json").read_text())
    except (OSError, ValueError):
        return False
    port = int(note["url"].rpartition(":")[2])
    return note["pid"] == pid and http_status(port, "/healthz", ANSWER_TIMEOUT_S) is not None


def kill(pid: int) -> None:
    """SIGKILL: it also ends a process that is stopped."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def listen(tick: Callable[[], None]) -> None:
    """Answer supervisord's events, each with one tick, until it closes our input."""
    while True:
        _say("READY\n")
        header = sys.stdin.readline()
        if not header:
            return
        fields = dict(field.split(":", 1) for field in header.split())
        sys.stdin.read(int(fields["len"]))
        tick()
        _say("RESULT 2\nOK")


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def main(data: Path, kafka_port: int) -> None:
    """Check until the supervisor ends."""
    own_name = os.environ["WETINK_PROCESS"]
    logs.configure(own_name)
    check = HealthCheck(
        lambda: supervised_children(own_name), lambda name, pid: answers(data, kafka_port, name, pid), kill
    )
    listen(check.tick)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
