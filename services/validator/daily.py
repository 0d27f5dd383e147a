"""When is an open case judged for the sake of the day alone? Dates grow old while nothing happens.

Place in the pipeline: asked at each judgement; the timer in `due` does it. Pure.
Trust level: our own rows. Residual risk: after a standstill of a day all open cases are due at once, and are
judged one batch after the other.
"""

from datetime import UTC, datetime, time, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

from services.validator.state import CaseRow

_OPEN_FOR = timedelta(days=180)
"""A case to which nothing was uploaded for so long counts as filed and is not judged daily any more."""
_SPREAD_S = 4 * 3600
"""The cases of an organisation are judged one by one in so many seconds after its midnight."""


def next_day(case: CaseRow, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The case's own moment in the small hours of the organisation's next day; None when it counts as filed."""
    if case.last_upload_at is None or now - case.last_upload_at > _OPEN_FOR:
        return None
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), zone).astimezone(UTC) + timedelta(
        seconds=crc32(case.case_id.encode()) % _SPREAD_S
    )
