"""Settings of both HTTP faces.

Place in the pipeline: the settings classes of intake and notifier extend this one.
Trust level: the administrator's. Residual risk: limits set too high protect nobody.
"""

from typing import Annotated

from pydantic import Field

from wetink.http.limits import Limits
from wetink.settings import SharedSettings


class HttpSettings(SharedSettings):
    """What a face needs beyond what all processes share."""

    requests_per_minute: Annotated[int, Field(ge=1)] = Limits.requests_per_minute
    """How many requests one key, or one address without a key, may send in a minute."""
    requests_at_once: Annotated[int, Field(ge=1)] = Limits.at_once
    """How many requests are worked on at once; one caller gets two thirds of these places."""
    long_requests_at_once: Annotated[int, Field(ge=1)] = Limits.long_at_once
    """How many uploads (intake) or live streams (queue) are open at once; one caller gets two thirds of these."""

    @property
    def limits(self) -> Limits:
        """The same in one piece."""
        return Limits(self.requests_per_minute, self.requests_at_once, self.long_requests_at_once)
