"""Waits for something to become true, instead of sleeping for a guessed time."""

import time


def eventually(is_true, timeout_s=10.0, what="the condition"):
    """Poll `is_true` until it holds; fails the test after `timeout_s`."""
    until = time.monotonic() + timeout_s
    while time.monotonic() < until:
        if is_true():
            return
        time.sleep(0.02)
    raise AssertionError(f"{what} did not come true within {timeout_s} s")
