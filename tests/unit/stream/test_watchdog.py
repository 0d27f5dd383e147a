"""A stuck process ends itself; one that recovers in time does not."""

from wetink.health import Health
from wetink.stream.watchdog import Watchdog


class Part:
    is_ready = True

    def __init__(self) -> None:
        self.found: list[str] = []

    def start(self) -> None: ...

    def stop(self, timeout_s: float = 7.0) -> None: ...

    def problems(self) -> list[str]:
        return self.found


def test_problems_that_last_end_the_process():
    part, ends = Part(), []
    watchdog = Watchdog(Health([part]), lambda: ends.append(1), patience_s=30)
    part.found = ["the relay ended"]
    assert [watchdog.look(now) for now in (0.0, 15.0, 29.0, 30.0)] == [False, False, False, True]
    assert ends == [1]


def test_a_recovery_starts_the_patience_anew():
    part = Part()
    watchdog = Watchdog(Health([part]), lambda: None, patience_s=30)
    part.found = ["no member of the group"]
    assert not watchdog.look(0)
    part.found = []
    assert not watchdog.look(20)
    part.found = ["no member of the group"]
    assert not watchdog.look(31)
    assert not watchdog.look(60)
    assert watchdog.look(61)
