"""How long the work in hand has taken, told to other threads.

Place in the pipeline: kept by the worker's one thread, read by its health. Trust level: our own.
Residual risk: none.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Busy:
    """A stopwatch that runs while something is in work."""

    def __init__(self) -> None:
        self._since: float | None = None

    @contextmanager
    def working(self) -> Iterator[None]:
        """Runs the stopwatch during the block."""
        self._since = time.monotonic()
        try:
            yield
        finally:
            self._since = None

    def seconds(self) -> float:
        """Seconds since the work in hand began; 0 when there is none."""
        since = self._since
        return 0.0 if since is None else time.monotonic() - since
