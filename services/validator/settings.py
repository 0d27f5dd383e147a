"""The validator's settings.

Place in the pipeline: read once by `services.validator.__main__`. Trust level: the administrator's.
Residual risk: a short quiet time tells of pages that are still on their way.
"""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from wetink.settings import SharedSettings


class ValidatorSettings(SharedSettings):
    """What the validator needs beyond what all processes share."""

    quiet_seconds: Annotated[float, Field(ge=0)] = 300
    """Seconds without an upload to a case after which pages that came singly are judged as a form
    (`WETINK_QUIET_SECONDS`)."""

    @property
    def requirements(self) -> Path:
        """Folder of the firm's own requirements (`requirements/` in the data folder)."""
        return self.data / "requirements"
