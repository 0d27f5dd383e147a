"""Failed logins are counted, so that passwords cannot be tried by the thousand.

Place in the pipeline: asked by the login route. Trust level: counts by the caller's address, as trusted proxies
tell it.
Residual risk: guesses from many addresses; passwords have at least 12 characters and cost scrypt.
"""

from collections import deque
from datetime import datetime, timedelta

_WINDOW = timedelta(minutes=5)
_FAILURES = 10
_MOST_ADDRESSES = 10_000


class Throttle:
    """Ten failures in five minutes from one address are borne."""

    def __init__(self) -> None:
        self._failures: dict[str, deque[datetime]] = {}

    def is_open(self, address: str, now: datetime) -> bool:
        """Whether another try is looked at."""
        failures = self._failures.get(address, deque())
        while failures and now - failures[0] > _WINDOW:
            failures.popleft()
        return len(failures) < _FAILURES

    def note_failure(self, address: str, now: datetime) -> None:
        """Count one; the address that failed first is forgotten when there are too many."""
        if address not in self._failures and len(self._failures) >= _MOST_ADDRESSES:
            self._failures.pop(next(iter(self._failures)))
        self._failures.setdefault(address, deque()).append(now)
