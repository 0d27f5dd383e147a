"""Failed logins are counted, so that passwords cannot be tried by the thousand.

Place in the pipeline: asked by the login route. Trust level: counts by the caller's address, as trusted proxies
tell it.
Residual risk: guesses from many addresses; passwords have at least 12 characters and cost scrypt.
"""

from collections import deque

WINDOW_S = 300
_FAILURES = 10
_MOST_ADDRESSES = 10_000


class Throttle:
    """Ten failures in five minutes from one address are borne. Moments are `time.monotonic()`'s."""

    def __init__(self) -> None:
        self._failures: dict[str, deque[float]] = {}

    def is_open(self, address: str, now_s: float) -> bool:
        """Whether another try is looked at."""
        failures = self._failures.get(address, deque())
        while failures and now_s - failures[0] > WINDOW_S:
            failures.popleft()
        return len(failures) < _FAILURES

    def note_failure(self, address: str, now_s: float) -> None:
        """Count one; the address that failed first is forgotten when there are too many."""
        if address not in self._failures and len(self._failures) >= _MOST_ADDRESSES:
            self._failures.pop(next(iter(self._failures)))
        self._failures.setdefault(address, deque()).append(now_s)
