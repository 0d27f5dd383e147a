"""Whether anything is lost, flagged twice or stuck when plugs are pulled for twenty minutes; `make chaos`.

Papers are sent all the time to a running system of its own, while its processes and its broker are killed, asked
to end, frozen for a while, or frozen for good (which the health check must notice). Afterwards every document that
was answered 202 must be reviewed, with each flag exactly once. Before that Kafka loses its disk with 50 documents
in flight, and in another system the broker is away for a minute.
"""

import itertools
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.results import table, write_section
from tests.pipeline.conftest import teach
from tests.support import forms
from tests.support.eventually import eventually
from tests.support.kafka import lose_disk, running_kafka
from tests.support.portal import Account, Portal, papers, settled
from tests.support.system import System, running_system
from wetink.running import SUPERVISOR, supervised

COMMAND = "make chaos"
MINUTES = 20
KILLS = 120
MANNERS = ("killed", "asked to end", "frozen for a while", "frozen")
SETTINGS = {"WETINK_REANNOUNCE_AFTER_S": "30", "WETINK_SEND_AGAIN_AFTER_S": "10"}
_SEND_EVERY_S = 4.0
_FROZEN_S = 5.0
_REST_WITHIN_S = 600.0
_UNWATCHED = {SUPERVISOR, "health-check"}


@dataclass
class Chaos:
    """What was done to a system, and what became of what was sent meanwhile."""

    system: System
    portal: Portal
    done: Counter[tuple[str, str]]

    def pull_plugs(self, seconds: float, kills: int, seed: int = 1) -> None:
        """Send papers for `seconds`, and strike `kills` times at even distances."""
        is_over = threading.Event()
        pause_s = seconds / kills
        with ThreadPoolExecutor(1) as hands:
            sending = hands.submit(self._send_until, is_over)
            try:
                for name, manner in itertools.islice(strokes(self.targets(), seed), kills):
                    begun = time.monotonic()
                    self._strike(name, manner, min(_FROZEN_S, pause_s / 2))
                    time.sleep(max(0.0, pause_s - (time.monotonic() - begun)))
            finally:
                is_over.set()
            sending.result()

    def targets(self) -> list[str]:
        """All processes that may be killed."""
        return sorted(supervised(self.system.data).keys() - _UNWATCHED)

    def _send_until(self, is_over: threading.Event) -> None:
        for paper in itertools.cycle(papers()):
            self.portal.send(paper)
            if is_over.wait(_SEND_EVERY_S):
                return

    def _strike(self, name: str, manner: str, frozen_s: float) -> None:
        pid = eventually(lambda: supervised(self.system.data).get(name), what=f"the return of {name}")
        number = {"killed": signal.SIGKILL, "asked to end": signal.SIGTERM}.get(manner, signal.SIGSTOP)
        try:
            os.kill(pid, number)
            if manner == "frozen for a while":
                time.sleep(frozen_s)
                os.kill(pid, signal.SIGCONT)
        except ProcessLookupError:  # it was just ended by the stroke before
            return
        self.done[name, manner] += 1


def strokes(names: list[str], seed: int) -> Iterator[tuple[str, str]]:
    """Every process in every manner, in an order that `seed` decides, again and again."""
    chance = random.Random(seed)
    every = list(itertools.product(names, MANNERS))
    while True:
        chance.shuffle(every)
        yield from every


def chaos_on(system: System) -> Chaos:
    """Chaos on a running system that has learned the form of its papers."""
    teach(system, forms.blank_form())
    return Chaos(system, Portal(system), Counter())


def kafka_lost(system: System) -> Account:
    """50 documents are on their way when the broker's disk is lost."""
    portal = Portal(system)
    while sum(len(sent.documents) for sent in portal.sent) < 50:
        portal.send(papers()[len(portal.sent) % len(papers())])
    lose_disk(system)
    return settled(system, portal.sent, timeout_s=_REST_WITHIN_S)


def broker_away(folder: Path, seconds: float) -> tuple[Account, Counter[str]]:
    """Papers are sent while the broker is away for `seconds`; what became of them, and what was refused."""
    with running_kafka() as broker, running_system(folder, KAFKA_BOOTSTRAP=broker.bootstrap, **SETTINGS) as system:
        teach(system, forms.blank_form())
        portal = Portal(system)
        broker.stop()
        until = time.monotonic() + seconds
        for paper in itertools.cycle(papers()):
            portal.send(paper)
            if time.monotonic() > until:
                break
            time.sleep(1)
        broker.start()
        return settled(system, portal.sent, timeout_s=_REST_WITHIN_S), portal.refusals


def row(what: str, account: Account, refusals: int) -> list[object]:
    """A line of the table."""
    found = (account.lost, account.doubled, account.wrong, account.stuck)
    return [what, account.documents, refusals, *map(len, found)]


def main(minutes: float = MINUTES, kills: int = KILLS) -> int:
    """Run all and write the section; 1 when something was lost, doubled, wrong or stuck."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        away, refused = broker_away(Path(folder), 60)
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        running_system(Path(folder), **SETTINGS) as system,
    ):
        chaos = chaos_on(system)
        wiped = kafka_lost(system)
        chaos.pull_plugs(minutes * 60, kills)
        plugs = settled(system, chaos.portal.sent, timeout_s=_REST_WITHIN_S)
    for account in (away, wiped, plugs):
        print(account)
    manners = Counter[str]()
    names = Counter[str]()
    for (target, manner), count in chaos.done.items():
        manners[manner] += count
        names[target] += count
    struck = f"{sum(manners.values())} strokes in {minutes:g} minutes"
    rows = [
        row(struck, plugs, sum(chaos.portal.refusals.values())),
        row("Kafka's disk lost, 50 documents in flight", wiped, 0),
        row("the broker away for 60 s", away, sum(refused.values())),
    ]
    header = ["what", "documents", "sent again", "lost", "flagged twice", "other flags than expected", "stuck"]
    told = [f"- {title}: {', '.join(f'{what} {count}' for what, count in sorted(counts.items()))}"
            for title, counts in (("manners", manners), ("processes", names))]  # fmt: skip
    write_section("Chaos", COMMAND, "\n".join([table(header, rows), "", *told]))
    return 0 if all(account.is_clean for account in (plugs, wiped, away)) and not refused else 1


if __name__ == "__main__":
    sys.exit(main())
