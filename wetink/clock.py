"""Time as a port, so that rules, schedules and tests agree on what "now" is.

Place in the pipeline: injected into every service; nothing else asks the system for the time of day.
Trust level: the machine's clock. Residual risk: a clock that jumps moves receipt days with it.
"""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time of day, always aware and in UTC."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(UTC)


class FakeClock:
    """A clock that stands until it is set; for tests."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """The moment it was set to."""
        return self.moment
