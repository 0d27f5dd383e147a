"""Waits for something to become true, instead of sleeping for a guessed time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(look: Callable[[], T | None], *, timeout_s: float = 60, what: str = "it") -> T:
    """The first truthy result of `look`, asked again and again; fails when none comes in time."""
    until = time.monotonic() + timeout_s
    while True:
        if result := look():
            return result
        if time.monotonic() > until:
            raise AssertionError(f"{what} did not happen within {timeout_s:.0f} s (last: {result!r})")
        time.sleep(0.05)
