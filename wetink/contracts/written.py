"""Days and times as JSON writes them: as text.

Place in the pipeline: fields of bodies that come from outside. Pydantic alone would also take numbers for them,
which the OpenAPI documents do not promise.
Trust level: hostile values in. Residual risk: none.
"""

import re
from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ].+")


def _as_written(form: re.Pattern[str]) -> BeforeValidator:
    def check(value: object) -> object:
        if isinstance(value, int | float) or (isinstance(value, str) and not form.fullmatch(value)):
            raise ValueError("write it as RFC 3339 does")
        return value

    return BeforeValidator(check)


Day = Annotated[date, _as_written(_DAY)]
"""A day, `2026-03-05`."""
Time = Annotated[AwareDatetime, _as_written(_TIME)]
"""A moment with its offset, `2026-03-05T12:00:00Z`."""
