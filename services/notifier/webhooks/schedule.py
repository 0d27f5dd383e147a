"""When a delivery that failed is tried again. Pure.

Place in the pipeline: asked by `sender` after each attempt. Trust level: `Retry-After` is the receiver's word.
Residual risk: a receiver that is away for more than three days misses deliveries; they can be replayed.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_PAUSES_S = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Pauses between ten attempts, some 75 hours in all (the example of Standard Webhooks)."""
_LONGEST_S = 86_400
_JITTER = 0.2
LONGEST = timedelta(seconds=_LONGEST_S * (1 + _JITTER))
"""No attempt is ever planned later than this from now."""


def next_attempt(
    attempts: int, now: datetime, *, retry_after: datetime | None, random: Callable[[], float]
) -> datetime | None:
    """When to try again after `attempts` failures; None when it was the last one.

    `random` gives 0..1; the pause is spread by a fifth, so that a receiver that comes back is not run over.
    `retry_after` is honoured when it is later, up to a day.
    """
    if attempts > len(_PAUSES_S):
        return None
    pause_s = _PAUSES_S[attempts - 1] * (1 + _JITTER * (2 * random() - 1))
    planned = now + timedelta(seconds=pause_s)
    if retry_after is None:
        return planned
    return max(planned, min(retry_after, now + timedelta(seconds=_LONGEST_S)))


def parse_retry_after(untrusted_value: str | None, now: datetime) -> datetime | None:
    """The moment a `Retry-After` header means (seconds or a date); None when it says nothing sensible."""
    if not untrusted_value:
        return None
    if untrusted_value.isascii() and untrusted_value.isdigit():
        return now + timedelta(seconds=min(int(untrusted_value[:9]), _LONGEST_S))
    try:
        moment = parsedate_to_datetime(untrusted_value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # no date, or one beyond the calendar's end in UTC
        return None
